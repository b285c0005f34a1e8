using System.Collections.Immutable;
using System.Globalization;
using FenceSafety.Core.Facts;

namespace FenceSafety.Summaries.Program;

/// <summary>What the shipped framework summary says: <c>id; effects; reason</c> a line, the most particular line counts.</summary>
sealed class FrameworkContracts
{
    readonly Dictionary<string, string> _effects = new(StringComparer.Ordinal);

    public static FrameworkContracts Shipped()
    {
        using var stream = typeof(FrameworkContracts).Assembly.GetManifestResourceStream("Framework.fencesum")
            ?? throw new InvalidOperationException("the framework's summary is missing in this program");
        return Read(new StreamReader(stream));
    }

    public static FrameworkContracts Read(TextReader reader)
    {
        var result = new FrameworkContracts();
        for (string? line = reader.ReadLine(); line is not null; line = reader.ReadLine())
        {
            int first = line.IndexOf("; ", StringComparison.Ordinal);
            int second = first <= 0 || line[0] == '#' ? -1 : line.IndexOf("; ", first + 2, StringComparison.Ordinal);
            if (second > 0)
                result._effects[line[..first]] = line[(first + 2)..second];
        }
        return result;
    }

    public IReadOnlyDictionary<string, string> Effects => _effects;

    public string? Find(string id, string? property, string type) =>
        _effects.TryGetValue(id, out string? effects) || (property is not null && _effects.TryGetValue(property, out effects))
        || _effects.TryGetValue(type, out effects) ? effects : null;

    /// <summary>Adds what is known of a framework member; one that is not listed stays unknown.</summary>
    public MemberContract Apply(MemberContract contract, string id, string? property, string type) =>
        Find(id, property, type) is { } effects ? Apply(contract, effects) : contract;

    public static MemberContract Apply(MemberContract contract, string effects)
    {
        var invokes = ImmutableArray<int>.Empty;
        foreach (string effect in effects.Split(',', StringSplitOptions.TrimEntries))
        {
            int colon = effect.IndexOf(':');
            string argument = colon < 0 ? "" : effect[(colon + 1)..];
            contract = contract with { Closed = true };
            switch (colon < 0 ? effect : effect[..colon])
            {
                case "managed":
                    contract = contract with { Managed = argument };
                    break;
                case "growth":
                    contract = contract with { Managed = "growth" };
                    break;
                case "waits":
                    contract = contract with { BlockingWait = true };
                    break;
                case "invokes" when int.TryParse(argument, NumberStyles.None, CultureInfo.InvariantCulture, out int i):
                    invokes = invokes.Add(i);
                    break;
                case "unknown":
                    contract = contract with { CallsBack = true };
                    break;
            }
        }
        return contract with { Invokes = invokes };
    }
}
