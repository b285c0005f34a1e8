using System.Collections.Immutable;
using System.Composition;
using FenceSafety.Analyzers.Bodies;
using FenceSafety.CodeFixes.Fixing;
using FenceSafety.CodeFixes.HoistAllocation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.CodeFixes.SwapAcquisitions;

/// <summary>
/// Takes two directly nested locks in the other order. Of a cycle that is made in several places only the odd one out can be fixed so:
/// the proof wants one report fewer in the project.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(SwapAcquisitionsCodeFixProvider)), Shared]
public sealed class SwapAcquisitionsCodeFixProvider : ProvenCodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("FENCE005");

    private protected override string Key => "FenceSafety.SwapAcquisitions";

    private protected override IEnumerable<Change> Changes(Site site)
    {
        if (Nesting.Of(site) is { } nesting)
        {
            if (IsFixed(site, nesting.Inner, nesting.Outer) && IsFixed(site, nesting.Outer, nesting.Inner))
                yield return site.Change(Title(nesting.Inner, nesting.Outer), nesting.Sides.SelectMany(s => Swap(site.Text, s.Item1, s.Item2)).ToArray());
        }
        else if (Widening.Of(site) is { } widening && IsFixed(site, widening.Inner, widening.Outer) && IsFixed(site, widening.Outer, widening.Inner)
            && !IsDeclaredIn(site, widening.Block, widening.Inner) && widening.Edits(site) is { } edits)
        {
            yield return site.Change(Title(widening.Inner, widening.Outer) + ", and hold it as long", edits);
        }
    }

    static string Title(Acquisition inner, Acquisition outer) => "Take '" + inner.Lock + "' before '" + outer.Lock + "'";

    /// <summary>The lock is reached through a local that the block sets.</summary>
    static bool IsDeclaredIn(Site site, BlockSyntax block, Acquisition inner)
    {
        var used = new HashSet<ISymbol>(inner.Taking.DescendantNodesAndSelf().Select(n => site.Model.GetSymbolInfo(n, site.Cancel).Symbol).OfType<ISymbol>(), SymbolEqualityComparer.Default);
        return site.Model.AnalyzeDataFlow(block) is not { Succeeded: true } flow || flow.WrittenInside.Any(used.Contains);
    }

    static IEnumerable<TextChange> Swap(SourceText text, TextSpan first, TextSpan second)
    {
        yield return new TextChange(first, text.ToString(second));
        yield return new TextChange(second, text.ToString(first));
    }

    /// <summary>The lock is the same one whether or not the other is held, and nothing but it is taken on the way to it.</summary>
    static bool IsFixed(Site site, Acquisition lockTaken, Acquisition other) =>
        site.Model.GetOperation(lockTaken.Taking, site.Cancel) is { } operation && IsFixed(operation, other, isTaking: true);

    static bool IsFixed(IOperation operation, Acquisition other, bool isTaking = false) => operation switch
    {
        IInstanceReferenceOperation or ILiteralOperation or IDefaultValueOperation or ITypeOfOperation => true,
        ILocalReferenceOperation { Local: var l } => !l.DeclaringSyntaxReferences.Any(r => other.Statement.Span.Contains(r.Span) && r.Span.Start < other.Taking.Span.End),
        IParameterReferenceOperation { Parameter.RefKind: RefKind.None or RefKind.In } => true,
        IFieldReferenceOperation f => SharedState.IsStable(f.Field) && f.ChildOperations.All(o => IsFixed(o, other)),
        IPropertyReferenceOperation p => SharedState.IsStable(p.Property) && p.ChildOperations.All(o => IsFixed(o, other)),
        IConversionOperation { OperatorMethod: null } c => IsFixed(c.Operand, other),
        IArgumentOperation { Parameter.RefKind: RefKind.None or RefKind.In } a => IsFixed(a.Value, other),
        IInvocationOperation call when isTaking => call.ChildOperations.All(o => IsFixed(o, other)),
        // What the framework makes of a field of type SpinLock and the like.
        IArgumentOperation a => LockApi.Recognize((IInvocationOperation)a.Parent!) is not null && a.Value is ILocalReferenceOperation,
        _ => false,
    };
}
