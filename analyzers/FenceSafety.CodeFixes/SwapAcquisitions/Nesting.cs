using FenceSafety.CodeFixes.Fixing;
using FenceSafety.CodeFixes.HoistAllocation;
using FenceSafety.CodeFixes.ReleaseInFinally;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.CodeFixes.SwapAcquisitions;

/// <summary>Two acquisitions with nothing between them, and the places whose texts change sides.</summary>
sealed record Nesting(Acquisition Outer, Acquisition Inner, IReadOnlyList<(TextSpan, TextSpan)> Sides)
{
    public static Nesting? Of(Site site)
    {
        if (site.Statement is not { } statement || Acquisition.Of(statement, site.Model) is not { IsKnown: true } inner
            || inner.Taking.Span != site.Diagnostic.Location.SourceSpan)
        {
            return null;
        }
        return HasBody(statement) ? OfStatements(site, inner) : OfNeighbours(site, inner) ?? OfTries(site, inner);
    }

    static bool HasBody(StatementSyntax statement) => statement is LockStatementSyntax or UsingStatementSyntax;

    /// <summary><c>lock (a) using (b.Lock()) …</c>, with braces or without.</summary>
    static Nesting? OfStatements(Site site, Acquisition inner)
    {
        var around = inner.Statement.Parent is BlockSyntax { Statements.Count: 1 } block ? block.Parent : inner.Statement.Parent;
        return around is StatementSyntax s && HasBody(s) && Acquisition.Of(s, site.Model) is { IsKnown: true } outer
            && !Header(inner.Statement).IsEmpty && !HasDirective(outer.Statement, inner.Statement)
                ? new Nesting(outer, inner, new[] { (Header(s), Header(inner.Statement)) })
                : null;
    }

    static TextSpan Header(StatementSyntax statement) => statement switch
    {
        LockStatementSyntax l => TextSpan.FromBounds(l.SpanStart, l.CloseParenToken.Span.End),
        UsingStatementSyntax u => TextSpan.FromBounds(u.SpanStart, u.CloseParenToken.Span.End),
        _ => default,
    };

    static bool HasDirective(SyntaxNode outer, SyntaxNode inner) => outer.DescendantTrivia(TextSpan.FromBounds(outer.SpanStart, inner.SpanStart)).Any(static t => t.IsDirective);

    /// <summary>One right after the other, with the rest of the block under both.</summary>
    static Nesting? OfNeighbours(Site site, Acquisition inner)
    {
        var list = Siblings.Of(inner.Statement);
        int at = inner.Statement.IndexIn(list);
        if (at < 1 || Acquisition.Of(list[at - 1], site.Model) is not { IsKnown: true } outer || HasBody(outer.Statement)
            || inner.Statement.ContainsDirectives)
        {
            return null;
        }
        return new Nesting(outer, inner, new[] { Whole(site, outer.Statement, inner.Statement) });
    }

    /// <summary>With their comments, where both have lines for themselves.</summary>
    static (TextSpan, TextSpan) Whole(Site site, StatementSyntax first, StatementSyntax second) =>
        site.Lines.IsAlone(first) && site.Lines.IsAlone(second) && site.Lines.Indentation(first) == site.Lines.Indentation(second)
            ? (site.Lines.Of(first), site.Lines.Of(second))
            : (first.Span, second.Span);

    /// <summary><c>Enter(a); try { Enter(b); try { … } finally { Exit(b); } } finally { Exit(a); }</c></summary>
    static Nesting? OfTries(Site site, Acquisition inner)
    {
        if (inner.Statement.Parent is not BlockSyntax { Parent: TryStatementSyntax outerTry } block || block != outerTry.Block || block.Statements[0] != inner.Statement
            || block.Statements.Count < 2 || block.Statements[1] is not TryStatementSyntax innerTry || block.ContainsDirectives)
        {
            return null;
        }
        var list = Siblings.Of(outerTry);
        int at = outerTry.IndexIn(list);
        if (at < 1 || Acquisition.Of(list[at - 1], site.Model) is not { IsKnown: true } outer
            || Release(site, outerTry, outer) is not { } outerRelease || Release(site, innerTry, inner) is not { } innerRelease)
        {
            return null;
        }
        return new Nesting(outer, inner, new[] { (outer.Statement.Span, inner.Statement.Span), (innerRelease.Span, outerRelease.Span) });
    }

    static StatementSyntax? Release(Site site, TryStatementSyntax t, Acquisition of) =>
        t is { Catches.Count: 0, Finally.Block.Statements: { Count: 1 } s } && s[0] is ExpressionStatementSyntax { Expression: InvocationExpressionSyntax call }
        && site.Model.GetOperation(call, site.Cancel) is IInvocationOperation release && Pairs.GivesBack(release)
        && site.Model.GetOperation(of.Taking, site.Cancel) is IInvocationOperation taking && Pairs.KeyOf(taking) == Pairs.KeyOf(release)
            ? s[0]
            : null;
}
