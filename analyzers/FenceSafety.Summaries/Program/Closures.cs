using System.Collections.Concurrent;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using FenceSafety.Summaries.Bodies;
using FenceSafety.Summaries.Metadata;

namespace FenceSafety.Summaries.Program;

/// <summary>The method whose scope a closure object is. Looked for when it is asked for: in the type that the closure is in, where only its code can make one.</summary>
sealed class Closures(StateMachines machines)
{
    readonly ConcurrentDictionary<TypeNode, Dictionary<TypeNode, MethodNode>> _byType = new();

    public static bool IsClosure(TypeNode? type) => type is { IsCompilerGenerated: true } && type.Name.StartsWith("<>c__DisplayClass", StringComparison.Ordinal);

    public MethodNode? Creator(TypeNode closure)
    {
        var type = closure;
        while (type is { IsCompilerGenerated: true, Outer: { } outer })
            type = outer;
        return _byType.GetOrAdd(type, Find).GetValueOrDefault(closure);
    }

    Dictionary<TypeNode, MethodNode> Find(TypeNode type)
    {
        var result = new Dictionary<TypeNode, MethodNode>();
        var types = new List<TypeNode> { type };
        for (int i = 0; i < types.Count; i++)
            types.AddRange(types[i].Definition.GetNestedTypes().Select(type.Assembly.Type).Where(static t => t.IsCompilerGenerated));
        foreach (var method in types.OrderBy(static t => MetadataTokens.GetRowNumber(t.Handle)).SelectMany(static t => t.Methods).Where(static m => m.HasBody))
        {
            try
            {
                Scan(type.Assembly, method, result);
            }
            catch (Exception e) when (e is BadImageFormatException or InvalidOperationException or ArgumentException or IndexOutOfRangeException or OverflowException)
            {
                // Whoever reads the body says so.
            }
        }
        return result;
    }

    void Scan(ManagedAssembly assembly, MethodNode method, Dictionary<TypeNode, MethodNode> result)
    {
        var body = assembly.Pe.GetMethodBody(method.Definition.RelativeVirtualAddress);
        var owner = machines.BodyOf(method);
        foreach (var local in assembly.Locals(body))
        {
            if (local.Node is { IsValueType: true } closure && IsClosure(closure))
                result.TryAdd(closure, owner);
        }
        foreach (var i in InstructionReader.Read(body.GetILReader()))
        {
            if (i.Code == ILOpCode.Newobj && assembly.Uses.Method(MetadataTokens.EntityHandle((int)i.Operand)).Declaring.Definition is { } made && IsClosure(made))
                result[made] = owner;
        }
    }
}
