using FenceSafety.CodeFixes.HoistAllocation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace FenceSafety.CodeFixes.LiftAllocation;

/// <summary>
/// Where the callers cannot name what the value is made of, the type offers a method that makes it: PrepareRun beside Run. What is lifted
/// then is the call of that method.
/// </summary>
static class Extraction
{
    /// <summary>The document with the method, and the call of it; null where there can be none.</summary>
    public static async Task<(Document Document, ExpressionSyntax Call)?> ApplyAsync(Document document, LiftTarget target, CancellationToken cancel)
    {
        if (target.Function is not MethodDeclarationSyntax { TypeParameterList: null, Parent: TypeDeclarationSyntax and not InterfaceDeclarationSyntax } method
            || target.Method is { IsVirtual: true } or { IsOverride: true } or { IsAbstract: true } || target.Syntax is AwaitExpressionSyntax
            || target.Model.GetOperation(target.Syntax, cancel) is not { } operation)
        {
            return null;
        }
        var root = (await document.GetSyntaxRootAsync(cancel).ConfigureAwait(false))!;
        var lines = new Lines(root.SyntaxTree.GetText(cancel), root);
        var type = (TypeDeclarationSyntax)method.Parent!;
        string name = Names.Unique("Prepare" + target.Method.Name, type);
        var inline = new Inline(target);
        string value = inline.Visit(target.Syntax)!.WithoutTrivia().ToString();
        if (value.Contains('\n') || !lines.BeginsLine(method))
            return null;
        var needed = target.Method.Parameters.Where(p => inline.Parameters.Contains(p.Name)).ToList();
        string Display(ITypeSymbol t) => t.ToMinimalDisplayString(target.Model, method.SpanStart);
        string modifiers = string.Concat(method.Modifiers.Where(static m => m.Kind() is SyntaxKind.PublicKeyword or SyntaxKind.InternalKeyword
            or SyntaxKind.ProtectedKeyword or SyntaxKind.PrivateKeyword or SyntaxKind.StaticKeyword).Select(static m => m.Text + " "));
        string indentation = lines.Indentation(method), eol = lines.EndOfLine;
        var declaration = SyntaxFactory.ParseMemberDeclaration(
            indentation + "/// <summary>Allocates what " + target.Method.Name + " needs.</summary>" + eol
            + indentation + modifiers + Display(target.Type) + " " + name + "(" + string.Join(", ", needed.Select(p => Display(p.Type) + " " + p.Name)) + ") => " + value + ";" + eol)!;
        var mark = new SyntaxAnnotation();
        var call = SyntaxFactory.ParseExpression(name + "(" + string.Join(", ", needed.Select(static p => p.Name)) + ")").WithTriviaFrom(target.Syntax).WithAdditionalAnnotations(mark);
        var changed = method.ReplaceNode(target.Syntax, call);
        if (type.Members.IndexOf(method) > 0)
            declaration = declaration.WithLeadingTrivia(declaration.GetLeadingTrivia().Insert(0, SyntaxFactory.EndOfLine(eol)));
        else
            changed = changed.WithLeadingTrivia(changed.GetLeadingTrivia().Insert(0, SyntaxFactory.EndOfLine(eol)));
        var result = document.WithSyntaxRoot(root.ReplaceNode(type, type.WithMembers(type.Members.Replace(method, changed).Insert(type.Members.IndexOf(method), declaration))));
        var made = (await result.GetSyntaxRootAsync(cancel).ConfigureAwait(false))!.GetAnnotatedNodes(mark).First();
        return (result, (ExpressionSyntax)made);
    }

    /// <summary>Locals by what they are made of; notes the parameters.</summary>
    sealed class Inline(LiftTarget target) : CSharpSyntaxRewriter
    {
        public HashSet<string> Parameters { get; } = new();

        public override SyntaxNode? VisitIdentifierName(IdentifierNameSyntax node)
        {
            switch (target.Model.GetOperation(node))
            {
                case IParameterReferenceOperation p when SymbolEqualityComparer.Default.Equals(p.Parameter.ContainingSymbol, target.Method):
                    Parameters.Add(p.Parameter.Name);
                    return node;
                case ILocalReferenceOperation l when target.Inlined.TryGetValue(l.Local, out var value):
                    return SyntaxFactory.ParenthesizedExpression((ExpressionSyntax)Visit(value)!.WithoutTrivia()).WithTriviaFrom(node);
                default:
                    return node;
            }
        }
    }
}
