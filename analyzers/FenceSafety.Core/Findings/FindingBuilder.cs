namespace FenceSafety.Core.Findings;

/// <summary>Asks each rule, and puts the answers in the order of files and positions.</summary>
static class FindingBuilder
{
    static readonly Func<FindingContext, IEnumerable<Finding>>[] Rules =
    {
        FENCE001.Find, FENCE002.Find, FENCE003.Find, FENCE004.Find, FENCE005.Find, FENCE006.Find, FENCE007.Find, FENCE008.Find,
        FENCE009.Find, FENCE010.Find, FENCE011.Find, FENCE012.Find, FENCE013.Find, FENCE014.Find, FENCE015.Find, FENCE016.Find,
    };

    public static IReadOnlyList<Finding> Build(FindingContext context, CancellationToken cancel)
    {
        var all = new List<Finding>();
        var seen = new HashSet<(string, Facts.SourceSpan, string)>();
        foreach (var rule in Rules)
        {
            cancel.ThrowIfCancellationRequested();
            foreach (var finding in rule(context))
            {
                if (!finding.Span.IsNone && seen.Add((finding.Rule, finding.Span, finding.Message)))
                    all.Add(finding);
            }
        }
        return all.OrderBy(static f => f.Span).ThenBy(static f => f.Rule, StringComparer.Ordinal)
            .ThenBy(static f => f.Message, StringComparer.Ordinal).ToList();
    }
}
