using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.CodeFixes.Fixing;

/// <summary>A declaration that attributes can be put on, in whatever document it is.</summary>
sealed record Declaration(SyntaxNode Syntax, Document Document, SemanticModel Model, SourceText Text)
{
    public Document With(params TextChange[] edits) => Document.WithText(Text.WithChanges(edits.OrderBy(static e => e.Span.Start)));
}

/// <summary>Finds the declarations of members.</summary>
static class MemberDeclarations
{
    /// <summary>Null where there is none that a person could edit.</summary>
    public static Declaration? Of(ISymbol member, Site site)
    {
        if (member is IMethodSymbol { AssociatedSymbol: IPropertySymbol owner })
            member = owner;
        if (member is IMethodSymbol { PartialImplementationPart: { } body })
            member = body;
        foreach (var reference in member.DeclaringSyntaxReferences)
        {
            var syntax = reference.GetSyntax(site.Cancel);
            if (syntax is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or BasePropertyDeclarationSyntax and not EventDeclarationSyntax
                && Open(syntax, site) is { } open)
            {
                return open;
            }
        }
        return null;
    }

    public static Declaration? Open(SyntaxNode syntax, Site site)
    {
        if (site.Document.Project.Solution.GetDocument(syntax.SyntaxTree) is not { } document || document is SourceGeneratedDocument
            || Model(document, syntax.SyntaxTree, site) is not { } model)
        {
            return null;
        }
        return new Declaration(syntax, document, model, syntax.SyntaxTree.GetText(site.Cancel));
    }

    public static string Display(ISymbol member) =>
        (member.ContainingType is { } type ? type.Name + "." : "") + (member is IMethodSymbol { MethodKind: MethodKind.Constructor } ? "new" : member.Name);

    /// <summary>Of this project, or of one that it references and whose compilation is therefore there already.</summary>
    static SemanticModel? Model(Document document, SyntaxTree tree, Site site)
    {
        var compilation = document.Project.Id == site.Document.Project.Id ? site.Model.Compilation
            : document.Project.TryGetCompilation(out var other) ? other : null;
        return compilation?.ContainsSyntaxTree(tree) == true ? compilation.GetSemanticModel(tree) : null;
    }
}
