using FenceSafety.CodeFixes.Fixing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FenceSafety.CodeFixes.Consume;

/// <summary>A value that must be consumed, the local that holds it, and where that is used.</summary>
/// <param name="Local">Its name; null if the value is dropped where it is made.</param>
sealed record Obligation(Site Site, ExpressionSyntax Maker, ITypeSymbol Type, StatementSyntax Statement, IReadOnlyList<StatementSyntax> List, int At, string? Local)
{
    public static Obligation? Of(Site site)
    {
        if (site.Reported<ExpressionSyntax>() is not { } maker || site.Model.GetTypeInfo(maker, site.Cancel).Type is not { } type
            || site.Statement is not { } statement || Siblings.Of(statement) is not { Count: > 0 } list)
        {
            return null;
        }
        return LocalOf(statement, maker, out string? local) ? new Obligation(site, maker, type, statement, list, statement.IndexIn(list), local) : null;
    }

    static bool LocalOf(StatementSyntax statement, ExpressionSyntax maker, out string? local)
    {
        local = null;
        switch (statement)
        {
            case ExpressionStatementSyntax { Expression: var e } when e == maker:
                return true;
            case ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression, Left: IdentifierNameSyntax i } a } when a.Right == maker:
                local = i.Identifier.Text == "_" ? null : i.Identifier.ValueText;
                return true;
            case LocalDeclarationStatementSyntax { UsingKeyword.RawKind: 0, Declaration.Variables: { Count: 1 } v } when v[0].Initializer?.Value == maker:
                local = v[0].Identifier.ValueText;
                return true;
            default:
                return false;
        }
    }

    public bool IsDeclared => Statement is LocalDeclarationStatementSyntax;

    /// <summary>Uses after the value was made, in the same list of statements.</summary>
    public IReadOnlyList<IdentifierNameSyntax> Uses { get; } = Local is null
        ? Array.Empty<IdentifierNameSyntax>()
        : List.Skip(At + 1).SelectMany(static s => s.DescendantNodes()).OfType<IdentifierNameSyntax>()
            .Where(i => i.Identifier.ValueText == Local && !(i.Parent is MemberAccessExpressionSyntax m && m.Name == i)).ToList();

    public bool IsConsumedSomewhere => Uses.Any(u => Consumers.IsConsuming(u, Site.Model));

    /// <summary>
    /// Statements before the first consumption that leave the list, or overwrite the value: there it has to be given back. All of them
    /// come before any consumption, so none gives back what is consumed already.
    /// </summary>
    public IReadOnlyList<StatementSyntax>? Drops()
    {
        int first = Uses.Where(u => Consumers.IsConsuming(u, Site.Model)).Select(static u => u.SpanStart).DefaultIfEmpty(int.MaxValue).Min();
        var drops = List.Skip(At + 1).SelectMany(static s => s.OwnDescendants()).OfType<StatementSyntax>()
            .Where(s => s.SpanStart < first && !(s.Span.Start <= first && first < s.Span.End) && (IsWayOut(s) || Overwrites(s))).ToList();
        return drops.Any(d => !Overwrites(d) && Mentions(d)) ? null : drops;
    }

    public bool IsOverwritten => List.Skip(At + 1).SelectMany(static s => s.OwnDescendants()).OfType<StatementSyntax>().Any(Overwrites);

    /// <summary>The last statement of the list that uses the value.</summary>
    public StatementSyntax Last => Uses.Count == 0 ? Statement : List[Uses[Uses.Count - 1].IndexAround(List)];

    bool Mentions(SyntaxNode node) => Uses.Any(u => node.Span.Contains(u.Span));

    bool Overwrites(StatementSyntax statement) => statement is ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax { Left: IdentifierNameSyntax i } a }
        && i.Identifier.ValueText == Local && !Mentions(a.Right);

    /// <summary>Paths that end in a throw do not count.</summary>
    bool IsWayOut(StatementSyntax statement) => statement switch
    {
        ReturnStatementSyntax => true,
        BreakStatementSyntax => Leaves(statement, static n => n is SwitchStatementSyntax || IsLoop(n)),
        ContinueStatementSyntax => Leaves(statement, IsLoop),
        _ => false,
    };

    bool Leaves(StatementSyntax jump, Func<SyntaxNode, bool> isTarget) =>
        jump.Ancestors().FirstOrDefault(isTarget) is { Span: var target } && !List.Any(s => s.Span.Contains(target));

    static bool IsLoop(SyntaxNode node) => node is ForStatementSyntax or CommonForEachStatementSyntax or WhileStatementSyntax or DoStatementSyntax;
}
