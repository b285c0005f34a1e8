using System.Collections.Immutable;
using FenceSafety.Analyzers.Annotations;
using FenceSafety.CodeFixes.HoistAllocation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace FenceSafety.CodeFixes.LiftAllocation;

/// <summary>Walks from the expression up to where its function begins: always run, and nothing before it that anyone could notice.</summary>
sealed class WayUp(SemanticModel model, IMethodSymbol method, SyntaxNode function, IEnumerable<SyntaxNode> moved, CancellationToken cancel)
{
    readonly Quiet _quiet = new(model);
    readonly List<Acquisition> _crossed = new();
    readonly Dictionary<ISymbol, ExpressionSyntax> _inlined = new(SymbolEqualityComparer.Default);

    /// <summary>Locals to be put into the expression; null if it cannot go up.</summary>
    public ImmutableDictionary<ISymbol, ExpressionSyntax>? Inline(ExpressionSyntax syntax, IOperation operation)
    {
        _quiet.Moved.UnionWith(moved);
        if (!IsReached(syntax, operation) || !IsMovable(operation))
            return null;
        // What is read before, or what a lock guards, must be neither needed nor touched; and a call that is no allocator may do more than
        // allocate, which is not for the callers to do.
        if (_crossed.Count + _quiet.Read.Count > 0 || !IsAllocation(operation))
        {
            var callees = new Callees(model.Compilation, method.ContainingType, cancel);
            if (!new Inputs(callees).Are(operation) || _crossed.Any(c => c.Identity.Any(callees.Touched.Contains)) || _quiet.Read.Any(callees.Touched.Contains))
                return null;
            if (_crossed.Count > 0 && !_inlined.Values.All(v => model.GetOperation(v, cancel) is { } value && new Inputs(callees).Are(value)))
                return null;
        }
        return _inlined.ToImmutableDictionary(SymbolEqualityComparer.Default);
    }

    static bool IsAllocation(IOperation operation) => operation switch
    {
        IAwaitOperation a => IsAllocation(a.Operation),
        IInvocationOperation { TargetMethod.Name: "ConfigureAwait", Instance: { } task } => IsAllocation(task),
        IInvocationOperation call => LockCalls.Has(call.TargetMethod, Attributes.MayAllocate),
        IPropertyReferenceOperation or IAssignmentOperation => false,
        _ => true,
    };

    bool IsReached(ExpressionSyntax syntax, IOperation operation)
    {
        SyntaxNode? top = syntax.Ancestors().TakeWhile(n => n != function)
            .FirstOrDefault(static n => n is StatementSyntax or ArrowExpressionClauseSyntax or ConstructorInitializerSyntax);
        switch (top)
        {
            case ArrowExpressionClauseSyntax arrow:
                return operation.Syntax == arrow.Expression || EvaluationOrder.IsFirst(operation, arrow.Expression, _quiet);
            case ConstructorInitializerSyntax initializer:
                return EvaluationOrder.IsFirst(operation, initializer, _quiet);
            case StatementSyntax statement:
                // What an initialiser of the base or of a field does comes before the body.
                if (function is ConstructorDeclarationSyntax c && (c.Initializer is not null || HasFieldInitializers()))
                    return false;
                return EvaluationOrder.IsFirst(operation, statement, _quiet) && IsReached(statement);
            default:
                return false;
        }
    }

    bool IsReached(StatementSyntax at)
    {
        while (true)
        {
            foreach (var earlier in at.Parent is BlockSyntax list ? list.Statements.TakeWhile(s => s != at).Reverse() : Enumerable.Empty<StatementSyntax>())
            {
                if (earlier is not (LockStatementSyntax or UsingStatementSyntax) && Acquisition.Of(earlier, model) is { } taken)
                {
                    if (!Cross(taken))
                        return false;
                }
                else if (!_quiet.Statement(earlier))
                {
                    return false;
                }
            }
            switch (at.Parent)
            {
                case BlockSyntax block when block.Parent == function:
                    return true;
                case BlockSyntax block:
                    at = block;
                    break;
                case LockStatementSyntax or UsingStatementSyntax:
                    at = (StatementSyntax)at.Parent;
                    if (Acquisition.Of(at, model) is not { } around || !Cross(around))
                        return false;
                    break;
                case TryStatementSyntax t when t.Block == at && t.Catches.Count == 0 && t.Finally is { } f && Releases.Only(f.Block, model):
                    at = t;
                    break;
                default:
                    return false;
            }
        }
    }

    bool Cross(Acquisition taken)
    {
        _crossed.Add(taken);
        return taken.IsKnown && model.GetOperation(taken.Taking, cancel) is { } operation
            && (taken.Statement is LockStatementSyntax ? _quiet.Is(operation) : _quiet.All(operation.ChildOperations));
    }

    /// <summary>The expression is made of what its callers have too; locals are put in.</summary>
    bool IsMovable(IOperation operation)
    {
        foreach (var part in operation.DescendantsAndSelf())
        {
            switch (part)
            {
                case IAnonymousFunctionOperation or IDeclarationExpressionOperation or IConditionalAccessInstanceOperation:
                case IInvocationOperation { TargetMethod.MethodKind: MethodKind.LocalFunction }:
                case IMethodReferenceOperation { Method.MethodKind: MethodKind.LocalFunction }:
                case IInstanceReferenceOperation { Syntax: BaseExpressionSyntax }:
                case IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance } when method.MethodKind == MethodKind.Constructor:
                    return false;
                case IParameterReferenceOperation p:
                    if (!SymbolEqualityComparer.Default.Equals(p.Parameter.ContainingSymbol, method))
                    {
                        // Of the method around a local function: its callers are in there.
                        if (method.MethodKind == MethodKind.LocalFunction)
                            break;
                        return false;
                    }
                    if (p.Parameter.RefKind is not (RefKind.None or RefKind.In) || IsWritten(p.Parameter))
                        return false;
                    break;
                case ILocalReferenceOperation l when !_inlined.ContainsKey(l.Local):
                    if (!Inline(l.Local))
                        return false;
                    break;
            }
        }
        return true;
    }

    bool Inline(ILocalSymbol local)
    {
        var declared = local.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancel);
        if (declared is null || !function.Span.Contains(declared.Span))
            return method.MethodKind == MethodKind.LocalFunction;
        if (declared is not VariableDeclaratorSyntax { Initializer.Value: var value } || local.RefKind != RefKind.None || IsWritten(local)
            || model.GetOperation(value, cancel) is not { } operation || !_quiet.Is(operation))
        {
            return false;
        }
        _inlined.Add(local, value);
        return IsMovable(operation);
    }

    bool IsWritten(ISymbol variable) =>
        function.DescendantNodes().OfType<IdentifierNameSyntax>().Any(n => n.Identifier.ValueText == variable.Name && SharedState.IsWritten(n));

    bool HasFieldInitializers() => method.ContainingType.GetMembers().Any(m => !m.IsStatic && m.DeclaringSyntaxReferences.Any(r => r.GetSyntax(cancel) is
        VariableDeclaratorSyntax { Initializer.Value: var v } && !IsPlain(v) || r.GetSyntax(cancel) is PropertyDeclarationSyntax { Initializer.Value: var p } && !IsPlain(p)));

    /// <summary>Allocating in another order than before is no difference; running code is.</summary>
    static bool IsPlain(ExpressionSyntax value) => !value.DescendantNodesAndSelf().Any(static n => n is InvocationExpressionSyntax or AwaitExpressionSyntax
        || n is ObjectCreationExpressionSyntax { ArgumentList.Arguments.Count: > 0 });
}
