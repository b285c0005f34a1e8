using FenceSafety.Summaries.Metadata;

namespace FenceSafety.Summaries.Program;

/// <summary>What messages call types and members: the same words as for source.</summary>
static class Names
{
    static readonly Dictionary<string, string> Keywords = new(StringComparer.Ordinal)
    {
        ["System.Object"] = "object",
        ["System.String"] = "string",
        ["System.Boolean"] = "bool",
        ["System.Char"] = "char",
        ["System.SByte"] = "sbyte",
        ["System.Byte"] = "byte",
        ["System.Int16"] = "short",
        ["System.UInt16"] = "ushort",
        ["System.Int32"] = "int",
        ["System.UInt32"] = "uint",
        ["System.Int64"] = "long",
        ["System.UInt64"] = "ulong",
        ["System.Single"] = "float",
        ["System.Double"] = "double",
        ["System.Decimal"] = "decimal",
        ["System.IntPtr"] = "nint",
        ["System.UIntPtr"] = "nuint",
        ["System.Void"] = "void",
    };

    public static string Of(IlType type) => type.Display ??= Make(type);

    static string Make(IlType type)
    {
        switch (type)
        {
            case ArrayType array:
                return Of(array.Element) + "[]";
            case NamedType named when Keywords.TryGetValue(named.Name, out string? keyword):
                return keyword;
            case NamedType { Arguments.IsEmpty: true, Definition: { } definition }:
                return definition.Display;
            case NamedType { Arguments: [var inner], Name: "System.Nullable`1" }:
                return Of(inner) + "?";
            case NamedType named:
                string name = named.Definition is { } d ? Plain(d) : Short(named.Name);
                return named.Arguments.IsEmpty ? name : name + "<" + string.Join(", ", named.Arguments.Select(Of)) + ">";
            default:
                return type.DocName;
        }
    }

    static string Plain(TypeNode type)
    {
        int tick = type.Name.IndexOf('`');
        string own = tick < 0 ? type.Name : type.Name[..tick];
        return type.Outer is { } outer ? Plain(outer) + "." + own : own;
    }

    static string Short(string name)
    {
        int dot = name.LastIndexOf('.');
        int tick = name.IndexOf('`', dot < 0 ? 0 : dot);
        return name[(dot + 1)..(tick < 0 ? name.Length : tick)];
    }

    /// <summary>The framework: its members are never expanded over all that happen to implement them.</summary>
    public static bool IsFramework(string assembly) =>
        assembly.StartsWith("System", StringComparison.Ordinal) || assembly.StartsWith("Microsoft.", StringComparison.Ordinal)
        || assembly is "mscorlib" or "netstandard" or "WindowsBase";
}
