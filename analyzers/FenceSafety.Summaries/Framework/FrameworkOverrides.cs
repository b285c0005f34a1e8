using System.Collections.Immutable;
using System.Globalization;
using FenceSafety.Summaries.Metadata;

namespace FenceSafety.Summaries.Framework;

/// <summary>One reviewed line: <c>id; effects; reason</c>.</summary>
sealed record Line(string Id, string Effects, string? Managed, bool Unknown, bool Waits, ImmutableArray<int> Invokes);

/// <summary>
/// What people decided of framework members where IL alone says too much: code that runs once, caches, waits, virtual members that are
/// known. The most particular line counts: the member's, its property's, its type's.
/// </summary>
sealed class FrameworkOverrides
{
    readonly Dictionary<string, Line> _lines = new(StringComparer.Ordinal);
    readonly HashSet<string> _matched = new(StringComparer.Ordinal);

    public static FrameworkOverrides Read(TextReader reader)
    {
        var result = new FrameworkOverrides();
        for (string? line = reader.ReadLine(); line is not null; line = reader.ReadLine())
        {
            int first = line.IndexOf("; ", StringComparison.Ordinal);
            int second = first <= 0 || line[0] == '#' ? -1 : line.IndexOf("; ", first + 2, StringComparison.Ordinal);
            if (second > 0)
                result._lines[line[..first]] = Parse(line[..first], line[(first + 2)..second]);
        }
        return result;
    }

    static Line Parse(string id, string effects)
    {
        string? managed = null;
        bool unknown = false, waits = false;
        var invokes = ImmutableArray.CreateBuilder<int>();
        foreach (string effect in effects.Split(',', StringSplitOptions.TrimEntries))
        {
            if (effect.StartsWith("managed:", StringComparison.Ordinal))
                managed = effect["managed:".Length..];
            else if (effect.StartsWith("invokes:", StringComparison.Ordinal))
                invokes.Add(int.Parse(effect.AsSpan("invokes:".Length), CultureInfo.InvariantCulture));
            else if (effect == "growth")
                managed = effect;
            else if (effect == "unknown")
                unknown = true;
            else if (effect == "waits")
                waits = true;
        }
        return new Line(id, effects, managed, unknown, waits, invokes.ToImmutable());
    }

    public IReadOnlyCollection<Line> Lines => _lines.Values;

    public Line? Find(MethodNode? method, string id)
    {
        if (_lines.TryGetValue(method?.DocumentationName ?? MethodNode.DocumentationId(id), out var line))
            return line;
        if (method is null)
            return null;
        return (method.Property is { } property && _lines.TryGetValue(property.Id, out line)) || _lines.TryGetValue(method.Type.Id, out line) ? line : null;
    }
}
