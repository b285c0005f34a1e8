using System.Globalization;
using System.Reflection.Metadata;

namespace FenceSafety.Summaries.Metadata;

/// <summary>
/// Ids of methods as Roslyn's <c>DocumentationCommentId.CreateDeclarationId</c> makes them, by which the analyzer looks members up. They
/// differ from those of documentation comments in what is returned, in the bounds of arrays, and in how a type names itself.
/// </summary>
static class DeclarationIds
{
    public static string Of(string type, string name, MethodSignature<IlType> signature)
    {
        string id = "M:" + type + "." + MethodNode.Encode(name);
        if (signature.GenericParameterCount > 0)
            id += "``" + signature.GenericParameterCount.ToString(CultureInfo.InvariantCulture);
        if (!signature.ParameterTypes.IsEmpty)
        {
            string[] parameters = new string[signature.ParameterTypes.Length];
            for (int i = 0; i < parameters.Length; i++)
                parameters[i] = Name(signature.ParameterTypes[i], type);
            id += "(" + string.Join(",", parameters) + ")";
        }
        return signature.ReturnType.Is("System.Void") ? id : id + "~" + Name(signature.ReturnType, type);
    }

    static string Name(IlType type, string owner) => type switch
    {
        ByRefType reference => Name(reference.Element, owner) + "@",
        PointerType pointer => Name(pointer.Element, owner) + "*",
        ArrayType array => Name(array.Element, owner) + "[" + new string(',', array.Rank - 1) + "]",
        NamedType { Arguments.IsEmpty: false } named when IsDefinition(named, owner) => Definition(named.Name),
        NamedType { Arguments.IsEmpty: false } named => Spell(named, owner),
        _ => type.DocName,
    };

    static string Spell(NamedType type, string owner) => type.Spell(a => Name(a, owner));

    /// <summary>Within a generic type that type itself, those around it, and those in it that add no parameters, are definitions.</summary>
    static bool IsDefinition(NamedType type, string owner)
    {
        for (int i = 0; i < type.Arguments.Length; i++)
        {
            if (type.Arguments[i] is not TypeParameter { OfMethod: false } parameter || parameter.Index != i)
                return false;
        }
        for (string at = owner; at.Length > 0; at = at.LastIndexOf('.') is > 0 and var dot ? at[..dot] : "")
        {
            if (type.Name == at || (type.Name.StartsWith(at + ".", StringComparison.Ordinal) && Arity(at) == type.Arguments.Length))
                return true;
        }
        return false;
    }

    /// <summary>A nested type without parameters of its own, inside a generic one, has the arity 0.</summary>
    static string Definition(string name)
    {
        var parts = name.Split('.');
        bool generic = false;
        for (int i = 0; i < parts.Length; i++)
        {
            bool own = parts[i].Contains('`');
            if (generic && !own)
                parts[i] += "`0";
            generic |= own;
        }
        return string.Join('.', parts);
    }

    static int Arity(string name)
    {
        int sum = 0;
        for (int i = name.IndexOf('`'); i >= 0; i = name.IndexOf('`', i + 1))
        {
            int end = i + 1;
            while (end < name.Length && char.IsAsciiDigit(name[end]))
                end++;
            sum += int.TryParse(name.AsSpan(i + 1, end - i - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : 0;
        }
        return sum;
    }
}
