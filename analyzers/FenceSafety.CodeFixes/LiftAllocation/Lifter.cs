using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.CodeFixes.LiftAllocation;

/// <summary>What one lift has done.</summary>
/// <param name="Mark">On each expression that a caller makes now.</param>
sealed record Lifted(Solution Solution, SyntaxAnnotation Mark, string Function, string Parameter, int Calls, bool IsPublicApi);

/// <summary>Makes a value of a function a parameter of it, and its callers pass it.</summary>
static class Lifter
{
    public static async Task<Lifted?> LiftAsync(Solution solution, LiftTarget target, CancellationToken cancel)
    {
        if (await Family.OfAsync(target.Method, solution, cancel).ConfigureAwait(false) is not { } family
            || await CallSites.FindAsync(family, solution, cancel).ConfigureAwait(false) is not { } sites)
        {
            return null;
        }
        var declarations = family.Declarations(cancel).ToList();
        // A type parameter is another one in each of several types.
        if (family.Members.Skip(1).Any() && NamesTypeParameter(target.Type))
            return null;
        string name = Name(target, declarations);
        int position = target.Method.Parameters.TakeWhile(static p => !p.IsOptional).Count();
        var mark = new SyntaxAnnotation("FenceSafety.Lifted");
        var edits = new Dictionary<DocumentId, Dictionary<SyntaxNode, Func<SyntaxNode, SyntaxNode>>>();
        foreach (var declaration in declarations)
        {
            if (solution.GetDocument(declaration.SyntaxTree) is not { } document || document is SourceGeneratedDocument
                || ParametersOf(declaration) is not { } parameters || await document.GetSemanticModelAsync(cancel).ConfigureAwait(false) is not { } model)
            {
                return null;
            }
            string type = Annotated(target, model, parameters.SpanStart).ToMinimalDisplayString(model, parameters.SpanStart);
            Add(edits, document.Id, parameters, p => Commas.Insert((ParameterListSyntax)p, position, type, name));
        }
        foreach (var site in sites)
        {
            if (Edit(target, family, site, name, position, mark, cancel) is not { } edit)
                return null;
            Add(edits, site.Document.Id, edit.Node, edit.Change);
        }
        if (solution.GetDocument(target.Syntax.SyntaxTree) is not { } home)
            return null;
        var removed = new SyntaxAnnotation(Removal.Kind);
        if (target.Declaration is { } declared)
            Add(edits, home.Id, declared, n => n.WithAdditionalAnnotations(removed));
        else
            Add(edits, home.Id, target.Syntax, n => SyntaxFactory.IdentifierName(name).WithTriviaFrom(n));
        foreach (var edit in edits)
        {
            var document = solution.GetDocument(edit.Key)!;
            var root = (await document.GetSyntaxRootAsync(cancel).ConfigureAwait(false))!;
            var changed = root.ReplaceNodes(edit.Value.Keys, (original, rewritten) => edit.Value[original](rewritten));
            if (changed.GetAnnotatedNodes(removed).FirstOrDefault() is StatementSyntax statement)
                changed = Removal.Of(changed, statement);
            solution = solution.WithDocumentSyntaxRoot(edit.Key, changed);
        }
        return new Lifted(solution, mark, DisplayOf(target.Method), name, sites.Count, family.IsPublicApi(home.Project.Solution));
    }

    static (SyntaxNode Node, Func<SyntaxNode, SyntaxNode> Change)? Edit(
        LiftTarget target, Family family, CallSite site, string name, int position, SyntaxAnnotation mark, CancellationToken cancel)
    {
        if (target.Function.Span.Contains(site.Call.Span) && site.Document.Project.Solution.GetDocument(target.Syntax.SyntaxTree)?.Id == site.Document.Id)
            return null;
        ExpressionSyntax? value;
        if (site.Function is { } caller && family.Contains(site.Model.GetDeclaredSymbol(caller, cancel)))
        {
            // Hands its own value on, if it does so once.
            bool repeats = caller.DescendantNodes().Any(static n => n is WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax or CommonForEachStatementSyntax or GotoStatementSyntax);
            value = repeats ? null : SyntaxFactory.IdentifierName(name);
        }
        else
        {
            value = Transplant.Apply(target, site, cancel)?.WithAdditionalAnnotations(mark);
        }
        if (value is null)
            return null;
        var method = Called(site, cancel);
        if (method is null)
            return null;
        // The receiver of an extension method is none of the arguments.
        int index = position - (method.ReducedFrom is not null ? 1 : 0);
        if (site.Arguments is { } arguments)
            return (arguments, n => Commas.Append((ArgumentListSyntax)n, index, method, name, value));
        return site.Call is ObjectCreationExpressionSyntax creation
            ? (creation, n => WithArguments((ObjectCreationExpressionSyntax)n, value))
            : null;
    }

    static IMethodSymbol? Called(CallSite site, CancellationToken cancel) => site.Model.GetSymbolInfo(site.Call, cancel).Symbol as IMethodSymbol;

    static SyntaxNode WithArguments(ObjectCreationExpressionSyntax creation, ExpressionSyntax value) => creation
        .WithType(creation.Type.WithoutTrailingTrivia())
        .WithArgumentList(SyntaxFactory.ArgumentList(SyntaxFactory.SingletonSeparatedList(SyntaxFactory.Argument(value))).WithTrailingTrivia(creation.Type.GetTrailingTrivia()));

    static void Add(
        Dictionary<DocumentId, Dictionary<SyntaxNode, Func<SyntaxNode, SyntaxNode>>> edits, DocumentId document, SyntaxNode node, Func<SyntaxNode, SyntaxNode> change)
    {
        if (!edits.TryGetValue(document, out var list))
            edits.Add(document, list = new Dictionary<SyntaxNode, Func<SyntaxNode, SyntaxNode>>());
        list[node] = change;
    }

    static string Name(LiftTarget target, List<SyntaxNode> declarations)
    {
        if (target.Declaration is { } declared)
        {
            string local = declared.Declaration.Variables[0].Identifier.ValueText;
            if (declarations.All(d => d == target.Function || HoistAllocation.Names.Unique(local, d) == local))
                return local;
        }
        string wish = HoistAllocation.Names.Wish(target.Syntax, target.Reported, target.Model);
        return HoistAllocation.Names.Unique(wish, declarations.ToArray());
    }

    static ITypeSymbol Annotated(LiftTarget target, SemanticModel model, int position)
    {
        if (target.Type.IsValueType)
            return target.Type;
        var declared = target.Declaration is { } d && !d.Declaration.Type.IsVar ? target.Model.GetTypeInfo(d.Declaration.Type).Type ?? target.Type : target.Type;
        bool isAnnotated = (model.GetNullableContext(position) & NullableContext.AnnotationsEnabled) != 0;
        bool mayBeNull = target.Model.GetTypeInfo(target.Syntax).Nullability.FlowState == NullableFlowState.MaybeNull;
        return declared.WithNullableAnnotation(!isAnnotated ? NullableAnnotation.None : mayBeNull ? NullableAnnotation.Annotated : NullableAnnotation.NotAnnotated);
    }

    static ParameterListSyntax? ParametersOf(SyntaxNode declaration) => declaration switch
    {
        BaseMethodDeclarationSyntax m => m.ParameterList,
        LocalFunctionStatementSyntax f => f.ParameterList,
        _ => null,
    };

    static bool NamesTypeParameter(ITypeSymbol type) => type switch
    {
        ITypeParameterSymbol => true,
        IArrayTypeSymbol a => NamesTypeParameter(a.ElementType),
        INamedTypeSymbol n => n.TypeArguments.Any(NamesTypeParameter),
        _ => false,
    };

    static string DisplayOf(IMethodSymbol method) => method.MethodKind == MethodKind.Constructor ? "new " + method.ContainingType.Name
        : method.MethodKind == MethodKind.LocalFunction ? method.Name : method.ContainingType.Name + "." + method.Name.Substring(method.Name.LastIndexOf('.') + 1);
}
