using System.Collections.Immutable;
using System.Composition;
using FenceSafety.CodeFixes.Fixing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace FenceSafety.CodeFixes.AssumeSafe;

/// <summary>
/// Puts <c>[AssumeFenceSafe]</c> on what is called, for a person to write why. It comes last, and has no Fix All: nobody vouches for code
/// in a batch.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AssumeFenceSafeCodeFixProvider)), Shared]
public sealed class AssumeFenceSafeCodeFixProvider : ProvenCodeFixProvider
{
    /// <summary>Says itself that nobody has thought about it yet.</summary>
    const string Reason = "TODO: why is this safe?";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(
        "FENCE001", "FENCE002", "FENCE003", "FENCE004", "FENCE005", "FENCE006", "FENCE007", "FENCE008", "FENCE009", "FENCE011");

    private protected override string Key => "FenceSafety.AssumeFenceSafe";

    private protected override CodeActionPriority Priority => CodeActionPriority.Lowest;

    /// <inheritdoc/>
    public override FixAllProvider? GetFixAllProvider() => null;

    /// <inheritdoc/>
    protected override CodeActionRequestPriority ComputeRequestPriority() => CodeActionRequestPriority.Low;

    private protected override IEnumerable<Change> Changes(Site site)
    {
        if (Called(site) is not { } called || MemberDeclarations.Of(called, site) is not { } declaration)
            yield break;
        if (AttributeEdits.Name(declaration.Model, declaration.Syntax.SpanStart, "AssumeFenceSafe") is not { } name)
            yield break;
        string attribute = name + "(\"" + Reason + "\")";
        yield return new Change("Vouch for '" + MemberDeclarations.Display(called) + "': [AssumeFenceSafe], with the reason to write", declaration.With(
            AttributeEdits.Add(declaration.Syntax, declaration.Text, attribute)));
    }

    /// <summary>What is called at the place of the report.</summary>
    static ISymbol? Called(Site site)
    {
        if (site.Reported<SyntaxNode>() is not { } node)
            return null;
        ISymbol? symbol = site.Model.GetOperation(node, site.Cancel) switch
        {
            IInvocationOperation call => call.TargetMethod,
            IObjectCreationOperation creation => creation.Constructor,
            IPropertyReferenceOperation property => property.Property,
            IMethodReferenceOperation reference => reference.Method,
            IBinaryOperation binary => binary.OperatorMethod,
            IConversionOperation conversion => conversion.OperatorMethod,
            _ => site.Model.GetSymbolInfo(node, site.Cancel).Symbol,
        };
        return symbol switch
        {
            IMethodSymbol { MethodKind: MethodKind.DelegateInvoke or MethodKind.AnonymousFunction or MethodKind.BuiltinOperator } => null,
            IMethodSymbol method => (method.ReducedFrom ?? method).OriginalDefinition,
            IPropertySymbol property => property.OriginalDefinition,
            _ => null,
        };
    }
}
