using FenceSafety.Summaries.Metadata;

namespace FenceSafety.Summaries.Program;

/// <summary>What chains call members: <c>Type.Member</c>, as the source does.</summary>
static class Displays
{
    public static string Of(MethodNode method)
    {
        string type = Written(method.Type).Display;
        string name = method.Name[(method.Name.LastIndexOf('.') is > 0 and var explicitly ? explicitly + 1 : 0)..];
        return method.Name switch
        {
            ".ctor" => "new " + type,
            ".cctor" => type + ".static constructor",
            ['<', ..] => type + "." + Nested(method.Name),
            _ when method.Property is { } property => type + "." + (property.IsIndexer ? "this[]" : name[(name.IndexOf('_') + 1)..]) + Accessor(name),
            _ => type + "." + Operator(name),
        };
    }

    /// <summary>Of a member whose assembly is not at hand, by its id.</summary>
    public static string Of(string id)
    {
        if (id.Length < 2 || id[1] != ':')
            return id;
        string path = id[2..];
        int end = path.IndexOfAny(['(', '~']);
        string[] parts = (end < 0 ? path : path[..end]).Split('.');
        string member = Generic(parts[^1]);
        string type = parts.Length > 1 ? Generic(parts[^2]) : "";
        return member switch
        {
            "#ctor" => "new " + type,
            "#cctor" => type + ".static constructor",
            _ when type.Length == 0 => member,
            _ when member.StartsWith("get_", StringComparison.Ordinal) || member.StartsWith("set_", StringComparison.Ordinal) => type + "." + member[4..] + Accessor(member),
            _ => type + "." + Operator(member),
        };
    }

    /// <summary>What is written inside of a member is in a type that the compiler made.</summary>
    static TypeNode Written(TypeNode type)
    {
        while (type is { IsCompilerGenerated: true, Outer: { } outer })
            type = outer;
        return type;
    }

    /// <summary>Lambdas are called <c>&lt;Member&gt;b__1_0</c>, local functions <c>&lt;Member&gt;g__Name|1_0</c>.</summary>
    static string Nested(string name)
    {
        int end = name.IndexOf('>');
        if (end < 0)
            return name;
        string member = name[1..end], rest = name[(end + 1)..];
        const string Local = "g__";
        int bar = rest.IndexOf('|');
        string own = rest.StartsWith(Local, StringComparison.Ordinal) && bar > 0 ? rest[Local.Length..bar] : "lambda";
        return member.Length == 0 ? own : member + "." + own;
    }

    static string Accessor(string name) => name.IndexOf('_') is > 0 and var end ? "." + name[..end] : "";

    static string Operator(string name) => name.StartsWith("op_", StringComparison.Ordinal) ? "operator " + name["op_".Length..] : name;

    /// <summary><c>List`1</c>: the names of its parameters are not in the id.</summary>
    static string Generic(string part)
    {
        int tick = part.IndexOf('`');
        if (tick < 0 || part.StartsWith('#'))
            return part;
        bool isMethod = part.AsSpan(tick).StartsWith("``");
        return isMethod || !int.TryParse(part.AsSpan(tick + 1), out int count) ? part[..tick]
            : part[..tick] + "<" + (count == 1 ? "T" : string.Join(", ", Enumerable.Range(1, count).Select(static i => "T" + i))) + ">";
    }
}
