using System.Collections.Immutable;
using System.Composition;
using FenceSafety.CodeFixes.HoistAllocation;
using FenceSafety.CodeFixes.Proving;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.CodeFixes.NonBlockingFlags;

/// <summary>
/// Asks for memory that is there, instead of waiting for memory. The call may fail now where it waited before, so that somebody has to
/// look at each: there is no Fix All.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(NonBlockingFlagsCodeFixProvider)), Shared]
public sealed class NonBlockingFlagsCodeFixProvider : DocumentCodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("FENCE001", "FENCE004", "FENCE006", "FENCE007");

    private protected override string EquivalenceKey => "FenceSafety.NonBlockingFlags";

    private protected override bool FixesAll => false;

    /// <summary>The call that allocates, and calls on the way to it that pass its flags.</summary>
    private protected override IEnumerable<Candidate> Candidates(SemanticModel model, Diagnostic diagnostic, CancellationToken cancel)
    {
        var hops = diagnostic.AdditionalLocations.Prepend(diagnostic.Location).ToList();
        if (Operation(model, hops[hops.Count - 1], cancel) is not { } sink || AllocatorFlags.Of(sink) is not { } flags)
            yield break;
        var text = model.SyntaxTree.GetText(cancel);
        foreach (var hop in Enumerable.Reverse(hops))
        {
            if (hop.SourceTree != model.SyntaxTree || Operation(model, hop, cancel) is not { } call)
                continue;
            foreach (var argument in Arguments(call).Where(a => flags.Blocks(a.Value)))
            {
                string replacement = flags.NonBlocking(argument.Value, model, call.Syntax.SpanStart);
                if (Change(argument, call, replacement) is { } change)
                {
                    string name = call.Syntax is ExpressionSyntax e ? Target.NameOf(e) : "the call";
                    yield return new Candidate(
                        "Pass '" + replacement + "': '" + name + "' fails instead of waiting for memory", text.WithChanges(change));
                }
            }
        }
    }

    static IOperation? Operation(SemanticModel model, Location location, CancellationToken cancel)
    {
        if (location.SourceTree is not { } tree || !model.Compilation.ContainsSyntaxTree(tree))
            return null;
        var its = tree == model.SyntaxTree ? model : model.Compilation.GetSemanticModel(tree);
        var operation = its.GetOperation(tree.GetRoot(cancel).FindNode(location.SourceSpan, getInnermostNodeForTie: true), cancel);
        return operation is IInvocationOperation or IObjectCreationOperation ? operation : null;
    }

    static ImmutableArray<IArgumentOperation> Arguments(IOperation call) => call is IInvocationOperation i ? i.Arguments : ((IObjectCreationOperation)call).Arguments;

    static TextChange? Change(IArgumentOperation argument, IOperation call, string replacement)
    {
        if (argument.ArgumentKind == ArgumentKind.Explicit)
            return new TextChange(argument.Value.Syntax.Span, replacement);
        // An optional parameter: the flags are those of the declaration.
        var list = call.Syntax switch
        {
            InvocationExpressionSyntax i => i.ArgumentList,
            BaseObjectCreationExpressionSyntax c => c.ArgumentList,
            _ => null,
        };
        if (argument.ArgumentKind != ArgumentKind.DefaultValue || list is null || argument.Parameter is not { } parameter)
            return null;
        return new TextChange(new TextSpan(list.CloseParenToken.SpanStart, 0), (list.Arguments.Count > 0 ? ", " : "") + parameter.Name + ": " + replacement);
    }
}
