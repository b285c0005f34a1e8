using System.Collections.Immutable;
using System.Composition;
using FenceSafety.CodeFixes.HoistAllocation;
using FenceSafety.CodeFixes.Proving;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FenceSafety.CodeFixes.RetryAllocation;

/// <summary>
/// Where only a look under the lock can tell whether, or how much, to allocate: look, release, allocate, take the lock again, look again.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RetryAllocationCodeFixProvider)), Shared]
public sealed class RetryAllocationCodeFixProvider : DocumentCodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("FENCE004", "FENCE006");

    private protected override string EquivalenceKey => "FenceSafety.RetryAllocation";

    private protected override IEnumerable<Candidate> Candidates(SemanticModel model, Diagnostic diagnostic, CancellationToken cancel)
    {
        if (!Reported.IsAllocation(diagnostic) || Target.Find(model, diagnostic.Location.SourceSpan, cancel) is not { } target)
            yield break;
        foreach (var plan in new RetryFinder(model, target, cancel).Plans())
        {
            if (new RetryWriter(model, plan, cancel).Apply() is { } text)
                yield return new Candidate(plan.Title, text);
        }
    }
}
