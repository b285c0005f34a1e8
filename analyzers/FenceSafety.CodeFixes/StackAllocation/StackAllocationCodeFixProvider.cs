using System.Collections.Immutable;
using System.Composition;
using FenceSafety.CodeFixes.Proving;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.CodeFixes.StackAllocation;

/// <summary>A small array that stays in its function is put on the stack.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(StackAllocationCodeFixProvider)), Shared]
public sealed class StackAllocationCodeFixProvider : DocumentCodeFixProvider
{
    /// <summary>Bytes. A critical section may be entered with little of the stack left.</summary>
    const int Most = 1024;

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("FENCE011");

    private protected override string EquivalenceKey => "FenceSafety.StackAllocation";

    private protected override IEnumerable<Candidate> Candidates(SemanticModel model, Diagnostic diagnostic, CancellationToken cancel)
    {
        if (!Sink.IsKind(diagnostic, "array") || Sink.Find<ExpressionSyntax>(model, diagnostic, cancel) is not { } array
            || model.GetTypeInfo(array, cancel).Type is not IArrayTypeSymbol { Rank: 1 } type || Length(model, array, cancel) is not { } length
            || ElementSize.AtMost(type.ElementType) is not { } size || (long)size * length > Most || !StackFrame.IsOnce(array, model, cancel))
        {
            yield break;
        }
        var text = model.SyntaxTree.GetText(cancel);
        string made = "stackalloc " + Creation(array, type, model);
        string title = "Put " + length + " × " + type.ElementType.ToMinimalDisplayString(model, array.SpanStart) + " on the stack";
        if (model.GetTypeInfo(array, cancel).ConvertedType is INamedTypeSymbol { Name: "Span" or "ReadOnlySpan", ContainingNamespace.Name: "System" })
        {
            yield return new Candidate(title, text.WithChanges(new TextChange(array.Span, made)));
            yield break;
        }
        if (array.Parent is not EqualsValueClauseSyntax
            {
                Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: 1, Parent: LocalDeclarationStatementSyntax } declaration } variable
            }
            || model.GetDeclaredSymbol(variable, cancel) is not ILocalSymbol local || !StackFrame.Keeps(local, model, declaration, cancel))
        {
            yield break;
        }
        string span = model.LookupNamespacesAndTypes(array.SpanStart, name: "Span").Any(static s => s is INamedTypeSymbol { Arity: 1, ContainingNamespace.Name: "System" }) ? "Span" : "System.Span";
        yield return new Candidate(title, text.WithChanges(
            new TextChange(declaration.Type.Span, span + "<" + type.ElementType.ToMinimalDisplayString(model, array.SpanStart) + ">"),
            new TextChange(array.Span, made)));
    }

    static int? Length(SemanticModel model, ExpressionSyntax array, CancellationToken cancel) => array switch
    {
        ArrayCreationExpressionSyntax { Initializer: { } i } => i.Expressions.Count,
        ArrayCreationExpressionSyntax { Type.RankSpecifiers: { Count: 1 } r } when r[0].Sizes.Count == 1 =>
            model.GetConstantValue(r[0].Sizes[0], cancel) is { HasValue: true, Value: int n and > 0 } ? n : null,
        ImplicitArrayCreationExpressionSyntax i => i.Initializer.Expressions.Count,
        _ => null,
    };

    static string Creation(ExpressionSyntax array, IArrayTypeSymbol type, SemanticModel model) => array switch
    {
        ArrayCreationExpressionSyntax a => array.ToString().Substring(a.Type.SpanStart - a.SpanStart),
        ImplicitArrayCreationExpressionSyntax i => type.ElementType.ToMinimalDisplayString(model, array.SpanStart) + "[] " + i.Initializer,
        _ => array.ToString(),
    };
}
