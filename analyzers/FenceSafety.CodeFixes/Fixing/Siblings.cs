using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FenceSafety.CodeFixes.Fixing;

/// <summary>The list that a statement stands in: of a block, a switch section, or a program with top-level statements.</summary>
static class Siblings
{
    /// <summary>Empty for a statement that is embedded in another without braces.</summary>
    public static IReadOnlyList<StatementSyntax> Of(StatementSyntax statement) => statement.Parent switch
    {
        BlockSyntax b => b.Statements,
        SwitchSectionSyntax s => s.Statements,
        GlobalStatementSyntax { Parent: CompilationUnitSyntax unit } => unit.Members.OfType<GlobalStatementSyntax>().Select(static g => g.Statement).ToList(),
        _ => Array.Empty<StatementSyntax>(),
    };

    public static int IndexIn(this StatementSyntax statement, IReadOnlyList<StatementSyntax> list)
    {
        for (int i = 0; i < list.Count; i++)
        {
            if (list[i] == statement)
                return i;
        }
        return -1;
    }

    /// <summary>The statement of the list that this node is in, or -1.</summary>
    public static int IndexAround(this SyntaxNode node, IReadOnlyList<StatementSyntax> list)
    {
        for (int i = 0; i < list.Count; i++)
        {
            if (list[i].Span.Contains(node.Span))
                return i;
        }
        return -1;
    }

    /// <summary>Nodes below, but not in other bodies: lambdas and local functions.</summary>
    public static IEnumerable<SyntaxNode> OwnDescendants(this SyntaxNode node) =>
        node.DescendantNodesAndSelf(static n => n is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax));
}
