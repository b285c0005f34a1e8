using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.Mutation.Tests;

/// <summary>A fence-critical body of the runtime.</summary>
/// <param name="Name">The member.</param>
/// <param name="Path">Its file.</param>
/// <param name="Declaration">The member's syntax.</param>
internal sealed record CriticalBody(string Name, string Path, BaseMethodDeclarationSyntax Declaration)
{
    /// <summary>All methods with a body that are fence-critical by an attribute of their own, of their type, or of what they override or
    /// implement.</summary>
    public static List<CriticalBody> FindAll(Compilation compilation)
    {
        var bodies = new List<CriticalBody>();
        foreach (SyntaxTree tree in compilation.SyntaxTrees)
        {
            SemanticModel model = compilation.GetSemanticModel(tree);
            foreach (var method in tree.GetRoot().DescendantNodes().OfType<BaseMethodDeclarationSyntax>())
            {
                if ((method.Body is not null || method.ExpressionBody is not null)
                    && model.GetDeclaredSymbol(method) is IMethodSymbol symbol && IsCritical(symbol))
                {
                    bodies.Add(new CriticalBody(symbol.ToDisplayString(), tree.FilePath, method));
                }
            }
        }

        return bodies;
    }

    /// <summary>The edit that makes a statement the first one of the body, on the body's first line, so that no line moves.</summary>
    public IEnumerable<TextChange> Insert(string statement)
    {
        if (Declaration.Body is { } block)
        {
            yield return new TextChange(new TextSpan(block.OpenBraceToken.Span.End, 0), " " + statement);
            yield break;
        }

        // An expression body becomes a block of the same lines.
        var arrow = Declaration.ExpressionBody!;
        bool returns = Declaration is MethodDeclarationSyntax { ReturnType: var type } && type.ToString() != "void";
        yield return new TextChange(arrow.ArrowToken.Span, $"{{ {statement} {(returns ? "return" : "")}");
        yield return new TextChange(new TextSpan(Declaration.SemicolonToken.Span.End, 0), " }");
    }

    /// <summary>The line that the statement is on, from 0.</summary>
    public int Line => Declaration.SyntaxTree.GetLineSpan(
        (Declaration.Body?.OpenBraceToken ?? Declaration.ExpressionBody!.ArrowToken).Span).EndLinePosition.Line;

    private static bool IsCritical(IMethodSymbol method) =>
        IsMarked(method) || IsMarked(method.ContainingType)
        || (method.OverriddenMethod is { } overridden && IsCritical(overridden))
        || method.ContainingType.AllInterfaces.SelectMany(type => type.GetMembers().OfType<IMethodSymbol>())
            .Any(member => (IsMarked(member) || IsMarked(member.ContainingType))
                && SymbolEqualityComparer.Default.Equals(method.ContainingType.FindImplementationForInterfaceMember(member), method));

    private static bool IsMarked(ISymbol symbol) =>
        symbol.GetAttributes().Any(data => data.AttributeClass?.ToDisplayString() == "FenceSafety.FenceCriticalAttribute");
}
