using System.Collections.Immutable;
using System.Composition;
using FenceSafety.CodeFixes.Proving;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FenceSafety.CodeFixes.HoistAllocation;

/// <summary>
/// Moves an allocation, with the declarations it needs, before the acquisition of the lock that it is made under, or before the beginning
/// of its critical region. Offered only where nothing in there can tell the difference, and the analyzer confirms that the report is gone and no other has come.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(HoistAllocationCodeFixProvider)), Shared]
public sealed class HoistAllocationCodeFixProvider : DocumentCodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("FENCE004", "FENCE006", "FENCE001", "FENCE011");

    private protected override string EquivalenceKey => "FenceSafety.HoistAllocation";

    /// <summary>All possible places, from the inside out.</summary>
    private protected override IEnumerable<Candidate> Candidates(SemanticModel model, Diagnostic diagnostic, CancellationToken cancel)
    {
        bool isCritical = diagnostic.Id is "FENCE001" or "FENCE011";
        if ((!isCritical && !Reported.IsAllocation(diagnostic)) || Target.Find(model, diagnostic.Location.SourceSpan, cancel) is not { } target)
            yield break;
        foreach (var place in new WayOut(model, target, cancel).Places())
        {
            // Out of a lock is still within the critical section.
            bool helps = !isCritical || place.Crossed[place.Crossed.Length - 1].IsRegion;
            if (helps && Rewriter.Apply(model, target, place, cancel) is { } text)
                yield return new Candidate(place.Title(target), text);
        }
    }
}
