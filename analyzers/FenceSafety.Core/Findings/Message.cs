using System.Collections.Immutable;
using System.Globalization;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Flow;
using FenceSafety.Core.Graph;
using FenceSafety.Core.Summaries;

namespace FenceSafety.Core.Findings;

/// <summary>The parts of messages that rules share.</summary>
static class Message
{
    /// <summary>A longer chain is spelled at both ends; every hop is a location all the same.</summary>
    const int LongestChain = 24;

    /// <summary><c>A.M → B.N → C.Alloc</c>.</summary>
    public static string Spell(string body, Chain chain)
    {
        var names = new List<string> { body };
        names.AddRange(chain.Hops.Select(static h => h.Name));
        if (names.Count > LongestChain)
        {
            int left = names.Count - LongestChain;
            string gap = "… " + left.ToString(CultureInfo.InvariantCulture) + " more …";
            names = names.Take(LongestChain / 2).Append(gap).Concat(names.Skip(LongestChain / 2 + left)).ToList();
        }
        return string.Join(" → ", names);
    }

    public static string Spell(FindingContext context, string body, Chain chain) => Spell(context.Program.Contract(body).Display, chain);

    public static string Spell(FindingContext context, LockEdge e) => Spell(e.Display ?? context.Program.Contract(e.Body).Display, e.Reach.Chain);

    /// <summary>Every hop after the first that is in this compilation.</summary>
    public static ImmutableArray<SourceSpan> Hops(params Chain?[] chains) =>
        chains.Where(static c => c is not null).SelectMany((c, i) => c!.Hops.Skip(i == 0 ? 1 : 0)).Select(static h => h.Span)
            .Where(static s => !s.IsNone).ToImmutableArray();

    /// <summary>A finding about one chain that begins at its own place.</summary>
    public static Finding Make(FindingContext context, string rule, RootReach root, string text, string kind)
    {
        var chain = root.Reach.Chain;
        string spelled = Spell(root.Body.Facts.Display, chain);
        return new Finding(rule, chain.Span, text + ": " + spelled, Hops(chain))
        {
            Properties = Properties(kind, chain.Sink, null, spelled),
        };
    }

    public static ImmutableSortedDictionary<string, string> Properties(string kind, string sink, string? lockClass, string chain)
    {
        var properties = ImmutableSortedDictionary<string, string>.Empty.Add("kind", kind).Add("sink", sink).Add("chain", chain);
        return lockClass is null ? properties : properties.Add("lockClass", lockClass);
    }

    /// <summary>The findings that the flow of a body makes by itself: a place and no chain.</summary>
    public static IEnumerable<Finding> OfFlow(
        FindingContext context, string rule, BalanceKind error, string kind, Func<SolvedBody, BalanceError, string> text) =>
        from contribution in context.Contributions
        let body = contribution.Body
        where context.Scope.Covers(body.Facts.Id)
        from e in body.Errors
        where e.Kind == error
        select new Finding(rule, e.Span, text(body, e), ImmutableArray<SourceSpan>.Empty) { Properties = Properties(kind, e.Name, null, "") };

    /// <summary>What a taint says of a lock: who holds it, or a lock behind it, and what is done then.</summary>
    public static string Explain(FindingContext context, Taint taint)
    {
        var e = taint.Effect;
        string order = taint.Path.Count == 1 ? "" : "order " + string.Join(" → ", taint.Path.Select(context.Graph.Display)) + "; ";
        return order + "under " + e.From.Display + ": " + Spell(context, e);
    }
}
