using System.Collections.Immutable;
using System.Composition;
using FenceSafety.CodeFixes.Fixing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.CodeFixes.ReleaseInFinally;

/// <summary>
/// Gives a lock back on every way out: a guard with <c>using</c>, any other lock and a region in a <c>finally</c>. Where the releases
/// stand says how long the lock was meant to be held; it is held no longer.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ReleaseInFinallyCodeFixProvider)), Shared]
public sealed class ReleaseInFinallyCodeFixProvider : ProvenCodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("FENCE016");

    private protected override string Key => "FenceSafety.ReleaseInFinally";

    private protected override IEnumerable<Change> Changes(Site site)
    {
        if (Taking.Of(site) is not { } taking)
            yield break;
        var list = Siblings.Of(taking.Statement);
        int at = taking.Statement.IndexIn(list);
        // What comes after a guard that was dropped is what it was taken for; without anything there is nothing to hold it for.
        if (at < 0 || at + 1 >= list.Count || list.Skip(at + 1).Any(s => taking.IsTakenIn(s, site.Model)))
            yield break;
        var releases = list.Skip(at + 1).SelectMany(static s => s.OwnDescendants()).Where(n => taking.IsReleasedBy(n, site.Model))
            .Select(static n => WithItsFlag((StatementSyntax)n)).ToList();
        // A lambda or local function gives it back, whenever that is called.
        if (list.Skip(at + 1).SelectMany(static s => s.DescendantNodesAndSelf()).Count(n => taking.IsReleasedBy(n, site.Model)) != releases.Count)
            yield break;
        int last = releases.Count == 0 ? list.Count - 1 : releases.Max(r => r.IndexAround(list));
        if (IntoTheTry(site, taking, list, at, last, releases) is { } moved)
            yield return moved;
        else if (releases.All(new TailPosition(site, list, last).Is) && releases.Select(static r => r.ToString()).Distinct().Count() <= 1)
        {
            var change = taking.Guard is not null && last == list.Count - 1 ? Using(site, taking, releases) : Finally(site, taking, list, at, last, releases);
            if (change is not null)
                yield return change;
        }
    }

    /// <summary><c>if (taken) Monitor.Exit(gate);</c></summary>
    static StatementSyntax WithItsFlag(StatementSyntax release)
    {
        var at = release.Parent is BlockSyntax { Statements.Count: 1 } b ? b : release;
        return at.Parent is IfStatementSyntax { Else: null, Condition: IdentifierNameSyntax } i ? i : release;
    }

    static Change? Using(Site site, Taking taking, List<StatementSyntax> releases)
    {
        var edits = new Wrapping(site);
        string start = "using ";
        int end = taking.Statement.SpanStart;
        if (taking.Guard!.Length == 0)
        {
            start = "using var " + LocalNames.Free("held", site.Member) + " = ";
            end = ((ExpressionStatementSyntax)taking.Statement).Expression is AssignmentExpressionSyntax a ? a.Right.SpanStart : end;
        }
        edits.Add(new TextChange(TextSpan.FromBounds(taking.Statement.SpanStart, end), start));
        foreach (var release in releases)
            edits.Remove(release);
        return site.Change("Give '" + taking.Name + "' back with using", edits.Edits);
    }

    static Change? Finally(Site site, Taking taking, IReadOnlyList<StatementSyntax> list, int at, int last, List<StatementSyntax> releases)
    {
        // The statement that only releases goes, and the range ends before it.
        bool endsInRelease = releases.Contains(list[last]);
        int end = endsInRelease ? last - 1 : last;
        var edits = new Wrapping(site);
        if (end <= at || !edits.CanWrap(list, at, last) || list.Skip(at + 1).Take(end - at).Any(static s => s is LocalDeclarationStatementSyntax { UsingKeyword.RawKind: not 0 }))
            return null;
        string around = site.Lines.Indentation(list[at]), eol = site.Lines.EndOfLine, deeper = around + Wrapping.Unit(around);
        string? release = endsInRelease ? edits.Deeper(list[last], around)
            : releases.Count > 0 ? deeper + releases[0] + eol
            : IsGivenBackElsewhere(site, taking) ? null
            : Pairs.Counterpart(taking.Call) is { } counterpart ? deeper + counterpart + eol
            : null;
        if (release is null)
            return null;
        foreach (var early in releases.Where(r => r != list[last]))
            edits.Remove(early);
        edits.Wrap(list[at + 1], list[end], list[last], "try", around + "finally" + eol + around + "{" + eol + release + around + "}" + eol);
        return site.Change("Release '" + taking.Name + "' in a finally", edits.Edits);
    }

    /// <summary>A release in a <c>finally</c> that the code before the <c>try</c> may leave out.</summary>
    static Change? IntoTheTry(Site site, Taking taking, IReadOnlyList<StatementSyntax> list, int at, int last, List<StatementSyntax> releases)
    {
        if (releases.Count != 1 || last == at + 1 || list[last] is not TryStatementSyntax { Catches.Count: 0, Finally.Block: var final } t
            || releases[0].Parent != final || t.Block.Statements.Count == 0)
        {
            return null;
        }
        var edits = new Wrapping(site);
        if (!edits.CanWrap(list, at, last - 1) || !site.Lines.IsAlone(t.Block.Statements[0]))
            return null;
        var lines = TextSpan.FromBounds(site.Lines.Start(list[at + 1]), site.Lines.Of(list[last - 1]).End);
        string deeper = site.Lines.Indentation(t.Block.Statements[0]);
        edits.Add(new TextChange(site.Lines.ToRemove(lines), ""));
        edits.Add(new TextChange(
            new TextSpan(site.Lines.Start(t.Block.Statements[0]), 0), site.Lines.Reindented(lines, site.Lines.Indentation(list[at + 1]), deeper)));
        return site.Change("Begin the try right after '" + taking.Name + "' is taken", edits.Edits);
    }

    /// <summary>Another member gives back what it has not taken: the lock is handed over, and that is a contract to declare.</summary>
    static bool IsGivenBackElsewhere(Site site, Taking taking) =>
        site.Node.FirstAncestorOrSelf<TypeDeclarationSyntax>() is { } type && type.Members.Any(m => !m.Span.Contains(site.Node.Span)
            && m.DescendantNodes().Any(n => taking.IsReleasedBy(n, site.Model)) && !taking.IsTakenIn(m, site.Model));
}
