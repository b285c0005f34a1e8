using System.Globalization;
using FenceSafety.Core.Summaries.External;
using FenceSafety.Summaries.Metadata;

namespace FenceSafety.Summaries.Framework;

/// <summary>One reviewed line: <c>id; effects; reason</c>.</summary>
/// <param name="Inside">It counts for calls inside the framework only; code outside may implement the member.</param>
sealed record Line(int Number, string Id, bool Inside, ClosedMember Effects, string Reason);

/// <summary>The reviewed lines are wrong; each message names the line, what is wrong and what would be right.</summary>
sealed class OverridesException(IReadOnlyList<string> problems) : Exception(string.Join("\n", problems))
{
    public IReadOnlyList<string> Problems { get; } = problems;
}

/// <summary>
/// What people decided of framework members where IL says too much or cannot say: members without IL, code of other platforms, virtual
/// members that are known. The most particular line counts: the member's, its property's, its type's; a type's counts for members that code
/// outside can name.
/// </summary>
sealed class FrameworkOverrides
{
    const string Resource = "FrameworkOverrides.txt";

    const string Inside = "inside ";

    readonly Dictionary<string, Line> _lines = new(StringComparer.Ordinal);
    readonly Dictionary<string, Line> _inside = new(StringComparer.Ordinal);

    /// <summary>The types of which lines speak, and of whose members.</summary>
    readonly HashSet<string> _types = new(StringComparer.Ordinal);

    public static readonly FrameworkOverrides None = new();

    public IEnumerable<Line> Lines => _lines.Values.Concat(_inside.Values);

    public static FrameworkOverrides Shipped()
    {
        using var stream = typeof(FrameworkOverrides).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException("the reviewed lines are missing in this program");
        return Read(new StreamReader(stream), Resource);
    }

    /// <exception cref="OverridesException">A line is malformed, or there twice.</exception>
    public static FrameworkOverrides Read(TextReader reader, string file)
    {
        var result = new FrameworkOverrides();
        var problems = new List<string>();
        int number = 0;
        for (string? line = reader.ReadLine(); line is not null; line = reader.ReadLine())
        {
            number++;
            if (line.Length == 0 || line[0] == '#')
                continue;
            try
            {
                var parsed = Parse(number, line);
                var lines = parsed.Inside ? result._inside : result._lines;
                if (!lines.TryAdd(parsed.Id, parsed))
                    throw new FormatException($"{parsed.Id} has a line already: line {lines[parsed.Id].Number}");
                result._types.Add(TypeOf(parsed.Id));
            }
            catch (FormatException e)
            {
                problems.Add(Problem(file, number, e.Message));
            }
        }
        return problems.Count == 0 ? result : throw new OverridesException(problems);
    }

    static Line Parse(int number, string text)
    {
        bool inside = text.StartsWith(Inside, StringComparison.Ordinal);
        string[] fields = (inside ? text[Inside.Length..] : text).Split("; ", 3);
        if (fields.Length != 3 || fields.Any(string.IsNullOrWhiteSpace) || text != text.Trim())
            throw new FormatException($"'{text}' is not 'id; effects; reason'");
        if (fields[0] is not (['M' or 'P' or 'T', ':', _, ..]))
            throw new FormatException($"'{fields[0]}' is no id of a member or type; ids begin with M:, P: or T: and are those of documentation comments");
        return new Line(number, fields[0], inside, EffectWords.Parse(fields[1]), fields[2]);
    }

    /// <summary>The name of the type that an id speaks of: itself, or that of a member.</summary>
    static string TypeOf(string id)
    {
        if (id[0] == 'T')
            return id[2..];
        int end = id.IndexOfAny(['(', '~']);
        int dot = id.LastIndexOf('.', (end < 0 ? id.Length : end) - 1);
        return dot > 2 ? id[2..dot] : "";
    }

    static string Problem(string file, int line, string message) => $"{file}:{line.ToString(CultureInfo.InvariantCulture)}: {message}";

    /// <summary>Each line must speak of something in the framework.</summary>
    /// <exception cref="OverridesException">A line matches no member, or what it says is called is no delegate.</exception>
    public void Check(FrameworkWorld framework, string file)
    {
        var members = new Dictionary<string, MethodNode>(StringComparer.Ordinal);
        var used = new HashSet<Line>();
        foreach (var method in framework.Methods)
        {
            if (!_types.Contains(method.Type.DocName))
                continue;
            members.TryAdd(method.DocumentationName, method);
            if (Find(method, method.Id) is { } line)
                used.Add(line);
            if (FindInside(method, method.Id) is { } inside)
                used.Add(inside);
        }
        var problems = new List<string>();
        foreach (var line in Lines.OrderBy(static l => l.Number))
        {
            if (!used.Contains(line))
                problems.Add(Problem(file, line.Number, $"{line.Id} matches nothing in this framework that has no line of its own: correct the id (internal types are called Name@Assembly), or remove the line"));
            foreach (int i in line.Effects.Invokes)
            {
                if (!members.TryGetValue(line.Id, out var method) || i >= method.Signature.ParameterTypes.Length
                    || method.Signature.ParameterTypes[i].Node is { IsDelegate: false })
                    problems.Add(Problem(file, line.Number, $"{line.Id} has no delegate parameter {i.ToString(CultureInfo.InvariantCulture)} that could be called"));
            }
        }
        if (problems.Count > 0)
            throw new OverridesException(problems);
    }

    /// <summary>The line that counts for a call inside the framework.</summary>
    public Line? FindInside(MethodNode? method, string id) =>
        method is not null && !_types.Contains(method.Type.DocName) ? null : _inside.TryGetValue(method?.DocumentationName ?? MethodNode.DocumentationId(id), out var line) ? line
            : Find(method, id) ?? (method is { IsVirtual: true } && _inside.TryGetValue(method.Type.Id, out line) ? line : null);

    /// <summary>The line that counts for the member.</summary>
    public Line? Find(MethodNode? method, string id)
    {
        if (method is not null && !_types.Contains(method.Type.DocName))
            return null;
        if (_lines.TryGetValue(method?.DocumentationName ?? MethodNode.DocumentationId(id), out var line))
            return line;
        if (method is null)
            return null;
        return (method.Property is { } property && _lines.TryGetValue(property.Id, out line))
            || (FrameworkMembers.IsNameable(method) && _lines.TryGetValue(method.Type.Id, out line)) ? line : null;
    }
}
