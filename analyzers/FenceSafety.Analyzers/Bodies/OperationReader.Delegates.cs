using System.Collections.Immutable;
using FenceSafety.Analyzers.Annotations;
using FenceSafety.Analyzers.Program;
using FenceSafety.Core.Facts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace FenceSafety.Analyzers.Bodies;

sealed partial class OperationReader
{
    /// <summary>A value on its way to a parameter, field or variable whose contract, if any, a lambda takes over.</summary>
    Value VisitConverted(IOperation value, MemberContract? target, string? targetName)
    {
        var inner = value;
        while (inner is IConversionOperation { OperatorMethod: null } or IParenthesizedOperation)
            inner = inner is IConversionOperation c ? c.Operand : ((IParenthesizedOperation)inner).Operand;
        if (inner is IDelegateCreationOperation creation)
            return DelegateCreation(creation, target, targetName);
        var result = Visit(value);
        if (target is { Critical: true } && inner.Type is { TypeKind: TypeKind.Delegate } && DelegateContractOf(inner) is not { Critical: true })
            Emit(new CriticalConversionOp(Span(value), result, targetName ?? ""));
        return result;
    }

    MemberContract DelegateContractOf(IOperation value)
    {
        while (value is IFlowCaptureReferenceOperation r && _captured.TryGetValue(r.Id, out var captured))
            value = captured;
        if (value is IParameterReferenceOperation p && Symbols.Contracts.OfDelegate(p.Parameter) is { Critical: true } contract)
            return contract;
        return value.Type is null ? MemberContract.Nothing : Symbols.Contracts.OfDelegate(value.Type.OriginalDefinition);
    }

    Value DelegateCreation(IDelegateCreationOperation creation, MemberContract? target = null, string? targetName = null)
    {
        var type = creation.Type;
        var contract = type is null ? MemberContract.Nothing : Symbols.Contracts.OfDelegate(type.OriginalDefinition);
        if (contract.Critical)
            targetName = contract.Display;
        if (target is not null)
        {
            contract = contract with
            {
                Critical = contract.Critical || target.Critical,
                RunsAtomic = contract.RunsAtomic || target.RunsAtomic,
                RunsInReclaim = contract.RunsInReclaim || target.RunsInReclaim,
            };
        }
        switch (creation.Target)
        {
            case IFlowAnonymousFunctionOperation lambda:
                string id = NestedBody(lambda, contract);
                LambdaAllocation(creation, lambda);
                return new Value.Delegate(id, Value.This.Instance);
            case IMethodReferenceOperation reference:
                var value = MethodGroup(creation, reference);
                if (contract.Critical)
                    Emit(new CriticalConversionOp(Span(creation), value, targetName ?? ""));
                if (contract.RunsAtomic || contract.RunsInReclaim)
                    Emit(new ContextConversionOp(Span(creation), value, contract.RunsAtomic, contract.RunsInReclaim));
                return value;
            default:
                var other = Visit(creation.Target);
                // A delegate made from a delegate is a new object.
                Managed(Span(creation), "delegate", "a delegate");
                if (contract.Critical && DelegateContractOf(creation.Target) is not { Critical: true })
                    Emit(new CriticalConversionOp(Span(creation), other, targetName ?? ""));
                return other;
        }
    }

    Value MethodGroup(IDelegateCreationOperation creation, IMethodReferenceOperation reference)
    {
        var method = reference.Method;
        var receiver = Visit(reference.Instance);
        if (method.MethodKind == MethodKind.LocalFunction)
        {
            var syntax = method.OriginalDefinition.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax();
            if (syntax is not null && Closures.Of(syntax, _context.ModelOf(syntax)).Any)
                Managed(Span(creation), "delegate", "a delegate of " + method.Name);
            return new Value.Delegate(LocalFunctionId(method), Value.This.Instance);
        }
        bool cached = method.IsStatic && reference.Instance is null && !IsExtensionOnInstance(method, reference)
            && creation.Syntax.SyntaxTree.Options is CSharpParseOptions { LanguageVersion: >= LanguageVersion.CSharp11 };
        if (!cached)
            Managed(Span(creation), "delegate", "a delegate of " + SymbolNames.Display(method));
        if (reference.Instance?.Type is { IsValueType: true })
            Managed(Span(creation), "boxing", SymbolNames.Display(reference.Instance.Type));
        // The receiver of an extension method group is its first argument: what it is does not flow there.
        return new Value.Delegate(Symbols.Id(method), method.IsStatic ? null : receiver);
    }

    bool IsExtensionOnInstance(IMethodSymbol method, IMethodReferenceOperation reference) =>
        method.IsExtensionMethod && reference.Syntax is MemberAccessExpressionSyntax access
        && _context.ModelOf(access).GetSymbolInfo(access.Expression).Symbol is not (INamedTypeSymbol or INamespaceSymbol);

    void LambdaAllocation(IDelegateCreationOperation creation, IFlowAnonymousFunctionOperation lambda)
    {
        if (creation.Type is INamedTypeSymbol { Name: "Expression" })
        {
            Managed(Span(creation), "expression", "an expression tree");
            return;
        }
        if (lambda.Syntax is not AnonymousFunctionExpressionSyntax syntax || lambda.Symbol.IsStatic)
            return;
        var captures = Closures.Of(syntax, _context.ModelOf(syntax));
        if (captures.Any)
            Managed(Span(creation), "delegate", captures.Names.Length == 0 ? "a delegate that captures this" : "a delegate that captures " + captures.Names[0]);
    }

    string NestedBody(IFlowAnonymousFunctionOperation lambda, MemberContract? contract = null)
    {
        string id = _context.NestedId(lambda.Syntax);
        var declared = Symbols.Contracts.Of(lambda.Symbol) with { Display = LambdaName() };
        if (contract is not null)
        {
            declared = declared with
            {
                Critical = declared.Critical || contract.Critical,
                RunsAtomic = declared.RunsAtomic || contract.RunsAtomic,
                RunsInReclaim = declared.RunsInReclaim || contract.RunsInReclaim,
            };
        }
        Symbols.Effects.NestedContracts[id] = Symbols.Effects.NestedContracts.TryGetValue(id, out var known)
            ? declared with { Critical = declared.Critical || known.Critical }
            : declared;
        if (Graph is not null && _context.Nested.All(n => n.Id != id))
        {
            var graph = Graph.GetAnonymousFunctionControlFlowGraphInScope(lambda, Cancel);
            BodyFactory.AddNested(_context, id, _bodyId, lambda.Symbol, graph, lambda.Syntax, Cancel);
        }
        return id;
    }

    string LambdaName()
    {
        string member = SymbolNames.Display(_context.Member);
        return member + ".lambda";
    }

    /// <summary>Local functions of this graph are bodies of their own.</summary>
    public void LocalFunctions()
    {
        if (Graph is null)
            return;
        foreach (var function in Graph.LocalFunctions)
        {
            if (function.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(Cancel) is not { } syntax)
                continue;
            string id = _context.NestedId(syntax);
            if (_context.Nested.Any(n => n.Id == id))
                continue;
            Symbols.Effects.NestedContracts[id] = Symbols.Contracts.Of(function) with
            {
                Display = SymbolNames.Display(_context.Member) + "." + function.Name,
            };
            // No body: what it does is unknown, unless it is annotated.
            if (function.IsExtern)
                continue;
            var graph = Graph.GetLocalFunctionControlFlowGraphInScope(function, Cancel);
            BodyFactory.AddNested(_context, id, _bodyId, function, graph, syntax, Cancel);
        }
    }

    Value EventAssignment(IEventAssignmentOperation assignment)
    {
        var handler = Visit(assignment.HandlerValue);
        if (assignment.EventReference is IEventReferenceOperation reference)
        {
            var receiver = Visit(reference.Instance);
            if (reference.Event.IsStatic)
                StaticInitialisation(reference, reference.Event, fieldAccess: reference.Event.AddMethod is { IsImplicitlyDeclared: true });
            var written = reference.Event.PartialImplementationPart ?? reference.Event;
            var accessor = assignment.Adds ? written.AddMethod : written.RemoveMethod;
            if (accessor is { IsImplicitlyDeclared: false } && !accessor.DeclaringSyntaxReferences.IsEmpty)
                return EmitCall(
                    assignment, accessor, reference.Instance, true, null, receiver, ImmutableArray.Create(handler), ImmutableArray<(int, int)>.Empty);
        }
        // A field-like event combines delegates, which makes a new one.
        Managed(Span(assignment), "delegate", "an event subscription");
        if (assignment.Adds && assignment.EventReference is IEventReferenceOperation { Event: var subscribed })
            Emit(new StoreOp(Span(assignment), Value.This.Instance, Symbols.Lock(subscribed), handler));
        return Value.None;
    }
}
