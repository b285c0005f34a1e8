using FenceSafety.Analyzers.Annotations;
using FenceSafety.CodeFixes.Fixing;
using FenceSafety.CodeFixes.HoistAllocation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace FenceSafety.CodeFixes.ReRead;

/// <summary>A local that was read without the lock, once, by an expression that would still read the same place.</summary>
/// <param name="Read">The expression that read it.</param>
/// <param name="ReadIn">The statement of that.</param>
sealed record Snapshot(ILocalSymbol Local, ExpressionSyntax Read, StatementSyntax ReadIn)
{
    public static Snapshot? Of(Site site)
    {
        if (site.Reported<IdentifierNameSyntax>() is not { } use || site.Model.GetSymbolInfo(use, site.Cancel).Symbol is not ILocalSymbol { RefKind: RefKind.None } local)
            return null;
        var writes = LocalWrites.Of(site, local).ToList();
        if (writes.Count != 1 || writes[0] is not { } read || read.SpanStart > use.SpanStart || read.FirstAncestorOrSelf<StatementSyntax>() is not { } readIn
            || site.Model.GetOperation(read, site.Cancel) is not IInvocationOperation call || !IsSnapshot(call.TargetMethod))
        {
            return null;
        }
        return call.ChildOperations.All(o => IsFixed(site, o, read, use)) ? new Snapshot(local, read, readIn) : null;
    }

    static bool IsSnapshot(IMethodSymbol method) =>
        LockCalls.Has(method, Attributes.Snapshot)
        || method.OriginalDefinition.GetReturnTypeAttributes().Any(static a => Attributes.NameOf(a) == Attributes.Snapshot);

    /// <summary>Means the same where the value is used as where it was read.</summary>
    static bool IsFixed(Site site, IOperation operation, SyntaxNode read, SyntaxNode use) => operation switch
    {
        ILiteralOperation or IInstanceReferenceOperation or IDefaultValueOperation => true,
        ILocalReferenceOperation { Local: var l } => IsUnwritten(site, l, read, use),
        IParameterReferenceOperation { Parameter: { RefKind: RefKind.None or RefKind.In } p } => IsUnwritten(site, p, read, use),
        IFieldReferenceOperation f => SharedState.IsStable(f.Field) && f.ChildOperations.All(o => IsFixed(site, o, read, use)),
        IPropertyReferenceOperation p => SharedState.IsStable(p.Property) && p.ChildOperations.All(o => IsFixed(site, o, read, use)),
        IConversionOperation { OperatorMethod: null } or IBinaryOperation { OperatorMethod: null } or IUnaryOperation { OperatorMethod: null } or IParenthesizedOperation
            => operation.ChildOperations.All(o => IsFixed(site, o, read, use)),
        IArgumentOperation { Parameter.RefKind: RefKind.None or RefKind.In } a => IsFixed(site, a.Value, read, use),
        _ => false,
    };

    static bool IsUnwritten(Site site, ISymbol local, SyntaxNode read, SyntaxNode use)
    {
        // A loop that is between them runs what comes after the use before it.
        var loop = use.Ancestors().LastOrDefault(n => n is ForStatementSyntax or CommonForEachStatementSyntax or WhileStatementSyntax or DoStatementSyntax && !n.Span.Contains(read.Span));
        int end = loop?.Span.End ?? use.SpanStart;
        return !site.Member.DescendantNodes().OfType<IdentifierNameSyntax>().Any(i => i.Identifier.ValueText == local.Name && LocalWrites.Is(i)
            && i.SpanStart > read.SpanStart && i.SpanStart < end && SymbolEqualityComparer.Default.Equals(site.Model.GetSymbolInfo(i, site.Cancel).Symbol, local));
    }

    /// <summary>Between the read and the lock the old value was looked at: a new one might have led elsewhere.</summary>
    public bool IsTestedBefore(int position, SyntaxNode member) => member.DescendantNodes().OfType<IdentifierNameSyntax>()
        .Any(i => i.Identifier.ValueText == Local.Name && i.SpanStart > ReadIn.Span.End && i.SpanStart < position);
}
