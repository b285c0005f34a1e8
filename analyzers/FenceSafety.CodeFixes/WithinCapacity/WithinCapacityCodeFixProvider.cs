using System.Collections.Immutable;
using System.Composition;
using FenceSafety.CodeFixes.Proving;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace FenceSafety.CodeFixes.WithinCapacity;

/// <summary>
/// Appends to a collection whose capacity is reserved when it is made, and throws where it would grow. No analysis of a collection's
/// capacity stands behind it but the check that it writes, which makes what it vouches for true. There is no Fix All: whoever takes it
/// decides that a full collection is an error.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(WithinCapacityCodeFixProvider)), Shared]
public sealed class WithinCapacityCodeFixProvider : DocumentCodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("FENCE011");

    private protected override string EquivalenceKey => "FenceSafety.WithinCapacity";

    private protected override bool FixesAll => false;

    private protected override IEnumerable<Candidate> Candidates(SemanticModel model, Diagnostic diagnostic, CancellationToken cancel)
    {
        if (!Sink.IsKind(diagnostic, "growth") || Sink.Find<InvocationExpressionSyntax>(model, diagnostic, cancel) is not { } syntax
            || model.GetOperation(syntax, cancel) is not IInvocationOperation { Instance: IFieldReferenceOperation { Field: var field } instance } call
            || instance.Syntax is not (IdentifierNameSyntax or MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax })
            || !Reserved.IsElement(call.TargetMethod) || !Reserved.HasCapacity(field.Type) || !Reserved.WhenMade(field, model.Compilation, cancel))
        {
            yield break;
        }
        if (Appender.Write(model, syntax, call.TargetMethod, field, cancel) is { } text)
            yield return new Candidate("Append to '" + field.Name + "' within its capacity, and throw where it would grow", text);
    }
}
