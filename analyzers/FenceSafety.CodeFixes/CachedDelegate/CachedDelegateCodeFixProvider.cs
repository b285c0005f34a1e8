using System.Collections.Immutable;
using System.Composition;
using FenceSafety.Analyzers.Bodies;
using FenceSafety.CodeFixes.Editing;
using FenceSafety.CodeFixes.HoistAllocation;
using FenceSafety.CodeFixes.Proving;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FenceSafety.CodeFixes.CachedDelegate;

/// <summary>
/// A delegate of nothing but <c>this</c>, or of a static method, is made once and kept in a field: by the constructor, or when the type is
/// initialised.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(CachedDelegateCodeFixProvider)), Shared]
public sealed class CachedDelegateCodeFixProvider : DocumentCodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("FENCE011");

    private protected override string EquivalenceKey => "FenceSafety.CachedDelegate";

    private protected override IEnumerable<Candidate> Candidates(SemanticModel model, Diagnostic diagnostic, CancellationToken cancel)
    {
        if (!Sink.IsKind(diagnostic, "delegate") || Sink.Find<ExpressionSyntax>(model, diagnostic, cancel) is not { } made
            || model.GetTypeInfo(made, cancel).ConvertedType is not INamedTypeSymbol { TypeKind: TypeKind.Delegate } type || NamesMethodTypeParameter(type)
            || Captured(made, model, cancel) is not { } capturesThis || made.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not { } declaration
            || made.FirstAncestorOrSelf<MemberDeclarationSyntax>() is not BaseMethodDeclarationSyntax and not BasePropertyDeclarationSyntax
            || made.ContainsDirectives || made.DescendantTrivia().Any(static t => t.IsKind(SyntaxKind.EndOfLineTrivia)))
        {
            yield break;
        }
        var text = model.SyntaxTree.GetText(cancel);
        var lines = new Lines(text, model.SyntaxTree.GetRoot(cancel));
        var constructors = new Constructors(declaration, model, lines, cancel);
        if (capturesThis && !constructors.AreReachable)
            yield break;
        string field = FieldName(made, declaration, model);
        var edits = new Edits(text);
        edits.Replace(made.Span, field);
        string value = MethodGroupIn(made)?.ToString() ?? made.ToString();
        string typeName = type.ToMinimalDisplayString(model, declaration.OpenBraceToken.Span.End);
        if (!constructors.AddField((capturesThis ? "readonly " : "static readonly ") + typeName + " " + field + (capturesThis ? ";" : " = " + value + ";"), edits))
            yield break;
        if (capturesThis && !constructors.Assign(field, value, edits))
            yield break;
        if (edits.Apply() is { } changed)
            yield return new Candidate("Make the delegate " + (capturesThis ? "in the constructor" : "once") + " and keep it in '" + field + "'", changed);
    }

    /// <summary>Whether it captures <c>this</c>; null if it captures more, or is no delegate of ours.</summary>
    static bool? Captured(ExpressionSyntax made, SemanticModel model, CancellationToken cancel)
    {
        if (made is AnonymousFunctionExpressionSyntax lambda)
            return Closures.Of(lambda, model) is { Variables.IsEmpty: true } captured && !UsesTypeParameter(lambda, model, cancel) ? captured.This : null;
        if (MethodGroupIn(made) is not { } group || model.GetSymbolInfo(group, cancel).Symbol is not IMethodSymbol { MethodKind: MethodKind.Ordinary } method
            || UsesTypeParameter(group, model, cancel))
        {
            return null;
        }
        var receiver = (group as MemberAccessExpressionSyntax)?.Expression;
        if (method.IsStatic)
            return receiver is null || model.GetSymbolInfo(receiver, cancel).Symbol is INamedTypeSymbol ? false : null;
        return receiver is null or ThisExpressionSyntax or BaseExpressionSyntax ? true : null;
    }

    /// <summary>Of <c>M</c> and <c>new Action(M)</c>.</summary>
    static ExpressionSyntax? MethodGroupIn(ExpressionSyntax made) => made switch
    {
        SimpleNameSyntax or MemberAccessExpressionSyntax => made,
        BaseObjectCreationExpressionSyntax { ArgumentList.Arguments: { Count: 1 } arguments, Initializer: null } when arguments[0].Expression is SimpleNameSyntax or MemberAccessExpressionSyntax => arguments[0].Expression,
        _ => null,
    };

    static bool NamesMethodTypeParameter(ITypeSymbol type) => type switch
    {
        ITypeParameterSymbol p => p.TypeParameterKind == TypeParameterKind.Method,
        IArrayTypeSymbol a => NamesMethodTypeParameter(a.ElementType),
        INamedTypeSymbol n => n.TypeArguments.Any(NamesMethodTypeParameter),
        _ => false,
    };

    static bool UsesTypeParameter(SyntaxNode node, SemanticModel model, CancellationToken cancel) => node.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>()
        .Any(n => model.GetSymbolInfo(n, cancel).Symbol is ITypeParameterSymbol { TypeParameterKind: TypeParameterKind.Method });

    /// <summary>After the method, else after what the delegate is for.</summary>
    static string FieldName(ExpressionSyntax made, TypeDeclarationSyntax declaration, SemanticModel model)
    {
        string? method = MethodGroupIn(made) switch
        {
            SimpleNameSyntax n => n.Identifier.ValueText,
            MemberAccessExpressionSyntax m => m.Name.Identifier.ValueText,
            _ => null,
        };
        string wish = method is null ? Names.Wish(made, made, model) : char.ToLowerInvariant(method[0]) + method.Substring(1);
        return Names.Unique("_" + (wish == "allocated" ? "callback" : wish), declaration);
    }
}
