using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using FenceSafety.Summaries.Bodies;
using FenceSafety.Summaries.Metadata;

namespace FenceSafety.Summaries.Program;

/// <summary>Readonly fields that only constructors assign, from their parameters: they take the class of each argument.</summary>
static class InjectedFields
{
    /// <summary>The name under which the makers are found (<c>new Type</c>), or null.</summary>
    public static string? NameOf(FieldUse field)
    {
        if (field.Owner is not { } owner || (field.Attributes & (FieldAttributes.InitOnly | FieldAttributes.Static)) != FieldAttributes.InitOnly
            || field.Type is not NamedType { IsValueType: false } || Names.IsFramework(owner.Assembly.Name))
            return null;
        bool any = false;
        foreach (var constructor in owner.Methods.Where(static m => m is { IsConstructor: true, HasBody: true }))
        {
            List<Instruction> code;
            try
            {
                code = InstructionReader.Read(owner.Assembly.Pe.GetMethodBody(constructor.Definition.RelativeVirtualAddress).GetILReader());
            }
            catch (BadImageFormatException)
            {
                return null;
            }
            for (int i = 1; i < code.Count; i++)
            {
                if (code[i].Code != ILOpCode.Stfld)
                    continue;
                var token = MetadataTokens.EntityHandle((int)code[i].Operand);
                if (!(token.Kind == HandleKind.FieldDefinition ? (FieldDefinitionHandle)token == field.Handle : Same(owner, token, field)))
                    continue;
                if (!IsParameter(code, i))
                    return null;
                any = true;
            }
        }
        if (!any)
            return null;
        int tick = owner.Name.IndexOf('`');
        return "new " + (tick < 0 ? owner.Name : owner.Name[..tick]);
    }

    static bool Same(TypeNode owner, EntityHandle token, FieldUse field) =>
        token.Kind == HandleKind.MemberReference && owner.Assembly.Uses.Field(token).Id == field.Id;

    /// <summary>What is stored is a parameter, as it is or after a test for null that throws.</summary>
    static bool IsParameter(List<Instruction> code, int store)
    {
        if (IsArgument(code[store - 1]))
            return true;
        for (int i = 0; i + 2 < store; i++)
        {
            if (IsArgument(code[i]) && code[i + 1].Code == ILOpCode.Dup && code[i + 2].Code is ILOpCode.Brtrue or ILOpCode.Brtrue_s
                && code[i + 2].Operand == code[store].Offset && code[store - 1].Code == ILOpCode.Throw)
                return true;
        }
        return false;
    }

    static bool IsArgument(Instruction i) =>
        i.Code is ILOpCode.Ldarg_1 or ILOpCode.Ldarg_2 or ILOpCode.Ldarg_3 || (i.Code is ILOpCode.Ldarg or ILOpCode.Ldarg_s && i.Operand > 0);
}
