using FenceSafety.CodeFixes.Fixing;
using FenceSafety.CodeFixes.HoistAllocation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FenceSafety.CodeFixes.ReRead;

/// <summary>The first statement under a lock that is held at the use, and what the lock is called.</summary>
sealed record UnderTheLock(string Lock, StatementSyntax First)
{
    /// <summary>From the inside out; not those that were taken before <paramref name="read"/>.</summary>
    public static IEnumerable<UnderTheLock> Of(Site site, StatementSyntax read)
    {
        for (var at = site.Statement; at is not null && !at.Span.Contains(read.Span); at = at.Parent?.FirstAncestorOrSelf<StatementSyntax>())
        {
            if (at is LockStatementSyntax or UsingStatementSyntax && Acquisition.Of(at, site.Model) is { IsKnown: true } around)
                yield return new UnderTheLock(around.Lock, Body(at));
            if (IsOtherBody(at))
                yield break;
            var list = Siblings.Of(at);
            for (int i = at.IndexIn(list) - 1; i >= 0 && list[i].SpanStart > read.SpanStart; i--)
            {
                if (list[i] is not (LockStatementSyntax or UsingStatementSyntax) && Acquisition.Of(list[i], site.Model) is { IsKnown: true } taken)
                    yield return new UnderTheLock(taken.Lock, list[i + 1] is TryStatementSyntax { Block.Statements: { Count: > 0 } s } ? s[0] : list[i + 1]);
            }
        }
    }

    static bool IsOtherBody(StatementSyntax at) => at is LocalFunctionStatementSyntax || at.Parent is AnonymousFunctionExpressionSyntax;

    static StatementSyntax Body(StatementSyntax statement)
    {
        var body = statement is LockStatementSyntax l ? l.Statement : ((UsingStatementSyntax)statement).Statement;
        return body is BlockSyntax { Statements: { Count: > 0 } s } ? s[0] : body;
    }
}
