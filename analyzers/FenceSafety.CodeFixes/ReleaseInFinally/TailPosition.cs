using FenceSafety.CodeFixes.Fixing;
using FenceSafety.CodeFixes.HoistAllocation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FenceSafety.CodeFixes.ReleaseInFinally;

/// <summary>Whether a range of statements is left right after one of them, so that a <c>finally</c> around the range comes to the same.</summary>
sealed class TailPosition(Site site, IReadOnlyList<StatementSyntax> list, int last)
{
    public bool Is(StatementSyntax statement)
    {
        for (var at = statement; ;)
        {
            var siblings = Siblings.Of(at);
            int next = at.IndexIn(siblings) + 1;
            bool isInRange = siblings.Count > 0 && siblings[0] == list[0];
            if (isInRange && next > last)
                return true;
            if (siblings.Count > 0 && next < siblings.Count && !IsJumpOutOfSwitch(siblings[next]))
                return IsWayOut(siblings[next]);
            if (isInRange || Outwards(at) is not { } outer)
                return false;
            at = outer;
        }
    }

    static bool IsJumpOutOfSwitch(StatementSyntax statement) => statement is BreakStatementSyntax { Parent: SwitchSectionSyntax };

    static StatementSyntax? Outwards(StatementSyntax at) => at.Parent switch
    {
        IfStatementSyntax i => i,
        ElseClauseSyntax { Parent: IfStatementSyntax i } => i,
        TryStatementSyntax { Finally: null } t => t,
        CatchClauseSyntax { Parent: TryStatementSyntax { Finally: null } t } => t,
        SwitchSectionSyntax { Parent: SwitchStatementSyntax s } => s,
        BlockSyntax b => b,
        _ => null,
    };

    /// <summary>Leaves the range, and does nothing more that could tell whether the lock is held.</summary>
    bool IsWayOut(StatementSyntax statement) => statement switch
    {
        ReturnStatementSyntax { Expression: null } or ThrowStatementSyntax => true,
        ReturnStatementSyntax { Expression: { } value } => site.Model.GetOperation(value, site.Cancel) is { } operation && new Quiet(site.Model).Is(operation),
        BreakStatementSyntax => Leaves(statement, static n => n is SwitchStatementSyntax || IsLoop(n)),
        ContinueStatementSyntax => Leaves(statement, IsLoop),
        _ => false,
    };

    bool Leaves(StatementSyntax jump, Func<SyntaxNode, bool> isTarget) =>
        jump.Ancestors().FirstOrDefault(isTarget) is { Span: var target } && !list.Any(s => s.Span.Contains(target));

    static bool IsLoop(SyntaxNode node) => node is ForStatementSyntax or CommonForEachStatementSyntax or WhileStatementSyntax or DoStatementSyntax;
}
