using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FenceSafety.CodeFixes.HoistAllocation;

/// <summary>
/// Walks from the allocation outwards and backwards, over what the lock guards, and stops at what the allocation cannot be moved over:
/// a condition, a loop, a side effect, a handler, a value that is only known there.
/// </summary>
sealed class WayOut(SemanticModel model, Target target, CancellationToken cancel)
{
    readonly Quiet _quiet = new(model);
    readonly Callees _callees = new(model.Compilation, model.GetEnclosingSymbol(target.Syntax.SpanStart, cancel)?.ContainingType, cancel);
    readonly List<Acquisition> _crossed = new();
    readonly List<StatementSyntax> _dependencies = new();
    Load _load = null!;

    /// <summary>Places before acquisitions, from the inside out.</summary>
    public IEnumerable<Place> Places()
    {
        _load = new Load(model, target, _callees);
        if (!_load.CanMove || !EvaluationOrder.IsFirst(target.Operation, target.Statement, _quiet))
            yield break;
        StatementSyntax? at = target.Statement;
        while (at is not null)
        {
            foreach (var earlier in Earlier(at))
            {
                // A lock statement that stands before has given its lock back.
                if (earlier is not (LockStatementSyntax or UsingStatementSyntax) && Acquisition.Of(earlier, model) is { } taken)
                {
                    if (!Cross(taken))
                        yield break;
                    yield return Here();
                    if (!taken.IsKnown)
                        yield break;
                }
                else if (_load.Takes(earlier))
                {
                    _dependencies.Insert(0, earlier);
                }
                else if (!_quiet.Statement(earlier) || _load.Needs(_quiet.Written))
                {
                    yield break;
                }
            }
            at = Outwards(at);
            if (at is LockStatementSyntax or UsingStatementSyntax)
            {
                if (Acquisition.Of(at, model) is not { } around || !Cross(around))
                    yield break;
                yield return Here();
                if (!around.IsKnown)
                    yield break;
            }
        }
    }

    Place Here() => new(_crossed.ToImmutableArray(), _dependencies.ToImmutableArray(), _load.MovesStatement(_crossed, _dependencies));

    /// <summary>The acquisition neither makes nor changes what the allocation needs, and the allocation does not use that lock.</summary>
    bool Cross(Acquisition taken)
    {
        if (taken.Identity.Any(_callees.Touched.Contains) || _quiet.Read.Any(IsTouched))
            return false;
        // The acquisition itself is what is moved over; only what leads to it has to be quiet.
        if (model.GetOperation(taken.Taking, cancel) is not { } operation)
            return false;
        bool quiet = taken.Statement is LockStatementSyntax ? _quiet.Is(operation) : operation.ChildOperations.All(IsQuietOrTaken);
        foreach (var declared in taken.Statement.ChildNodes().OfType<VariableDeclarationSyntax>().SelectMany(static d => d.Variables))
            _quiet.Written.Add(model.GetDeclaredSymbol(declared, cancel)!);
        _crossed.Add(taken);
        return quiet && !_load.Needs(_quiet.Written);
    }

    bool IsQuietOrTaken(IOperation operation)
    {
        if (operation is not Microsoft.CodeAnalysis.Operations.IArgumentOperation { Parameter.RefKind: not RefKind.None } argument)
            return _quiet.Is(operation);
        if (model.GetSymbolInfo(argument.Value.Syntax, cancel).Symbol is { } flag)
            _quiet.Written.Add(flag);
        return true;
    }

    /// <summary>What the allocation changes must not be read before it. What never changes may.</summary>
    bool IsTouched(ISymbol read) => _callees.Touched.Contains(read) && read switch
    {
        IFieldSymbol f => !SharedState.IsStable(f) || SharedState.IsMutableReference(f.Type),
        IPropertySymbol p => !SharedState.IsStable(p) || SharedState.IsMutableReference(p.Type),
        _ => true,
    };

    /// <summary>Statements before this one in its list, nearest first.</summary>
    static IEnumerable<StatementSyntax> Earlier(StatementSyntax statement)
    {
        var list = statement.Parent switch
        {
            BlockSyntax b => b.Statements,
            GlobalStatementSyntax { Parent: CompilationUnitSyntax unit } => unit.Members.OfType<GlobalStatementSyntax>().Select(static g => g.Statement),
            SwitchSectionSyntax s => s.Statements,
            _ => Enumerable.Empty<StatementSyntax>(),
        };
        return list.TakeWhile(s => s != statement).Reverse();
    }

    /// <summary>The statement around this one, if it runs this one once and unconditionally.</summary>
    StatementSyntax? Outwards(StatementSyntax statement) => statement.Parent switch
    {
        BlockSyntax b => b,
        LockStatementSyntax or UsingStatementSyntax => (StatementSyntax)statement.Parent,
        TryStatementSyntax t when t.Block == statement && t.Catches.Count == 0 && t.Finally is { } f && Releases.Only(f.Block, model) => t,
        _ => null,
    };
}
