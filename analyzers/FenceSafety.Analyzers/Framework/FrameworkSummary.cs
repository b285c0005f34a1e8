using System.Collections.Immutable;
using System.Globalization;
using FenceSafety.Core.Facts;
using Microsoft.CodeAnalysis;

namespace FenceSafety.Analyzers.Framework;

/// <summary>
/// What framework members do, from the summary file inside the analyzer: <c>id; effects; reason</c> a line. A member's own line
/// comes first, then its property's, then its type's. Read once, when a chain first needs it.
/// </summary>
sealed class FrameworkSummary
{
    const string Resource = "Framework.fencesum";

    readonly Dictionary<string, string> _effects;

    FrameworkSummary(Dictionary<string, string> effects) => _effects = effects;

    public static readonly FrameworkSummary Empty = new(new Dictionary<string, string>());

    public static FrameworkSummary Load()
    {
        using var stream = typeof(FrameworkSummary).Assembly.GetManifestResourceStream(Resource);
        return stream is null ? Empty : Parse(new StreamReader(stream));
    }

    public static FrameworkSummary Parse(TextReader reader)
    {
        var effects = new Dictionary<string, string>(StringComparer.Ordinal);
        for (string? line = reader.ReadLine(); line is not null; line = reader.ReadLine())
        {
            int first = line.IndexOf("; ", StringComparison.Ordinal);
            if (first <= 0 || line[0] == '#')
                continue;
            int second = line.IndexOf("; ", first + 2, StringComparison.Ordinal);
            if (second > 0)
                effects[line.Substring(0, first)] = line.Substring(first + 2, second - first - 2);
        }
        return new FrameworkSummary(effects);
    }

    /// <summary>Adds what is known of a framework member; a member that is not listed stays unknown.</summary>
    public MemberContract Apply(MemberContract contract, IMethodSymbol method)
    {
        if (Find(method) is not { } effects)
            return contract;
        var invokes = ImmutableArray<int>.Empty;
        bool callsBack = false;
        foreach (string effect in effects.Split(','))
        {
            string e = effect.Trim();
            int colon = e.IndexOf(':');
            string argument = colon < 0 ? "" : e.Substring(colon + 1);
            switch (colon < 0 ? e : e.Substring(0, colon))
            {
                case "safe":
                    contract = contract with { Closed = true };
                    break;
                case "managed":
                    contract = contract with { Closed = true, Managed = argument };
                    break;
                case "growth":
                    contract = contract with { Closed = true, Managed = "growth" };
                    break;
                case "waits":
                    contract = contract with { Closed = true, BlockingWait = true };
                    break;
                case "invokes" when int.TryParse(argument, NumberStyles.None, CultureInfo.InvariantCulture, out int i):
                    contract = contract with { Closed = true };
                    invokes = invokes.Add(i);
                    break;
                case "unknown":
                    callsBack = true;
                    break;
            }
        }
        return contract with { Invokes = invokes, Closed = contract.Closed || callsBack, CallsBack = callsBack };
    }

    string? Find(IMethodSymbol method)
    {
        if (method.OriginalDefinition.GetDocumentationCommentId() is { } id && _effects.TryGetValue(id, out string? effects))
            return effects;
        if (method.AssociatedSymbol?.OriginalDefinition.GetDocumentationCommentId() is { } owner && _effects.TryGetValue(owner, out effects))
            return effects;
        return method.ContainingType?.OriginalDefinition.GetDocumentationCommentId() is { } type && _effects.TryGetValue(type, out effects)
            ? effects
            : null;
    }
}
