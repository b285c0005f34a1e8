using System.Collections.Immutable;
using FenceSafety.Analyzers.Annotations;
using FenceSafety.Analyzers.Program;
using FenceSafety.Core.Facts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace FenceSafety.Analyzers.Bodies;

/// <summary>Values that must be consumed, objects that are counted, snapshots.</summary>
sealed partial class OperationReader
{
    /// <summary>Slots of comparisons, with the slots that are equal or different if they are true.</summary>
    readonly Dictionary<int, (int Left, int Right, bool Different)> _comparisons = new();

    /// <summary>A value of a counted type that was read out of something.</summary>
    Value Found(IOperation operation, Value value)
    {
        if (operation.Type is not { IsValueType: false } type || !_context.Annotations.Has(type, Attributes.RefCounted))
            return value;
        var slot = NewSlot();
        Emit(new AssignOp(Span(operation), slot.Index, value));
        Emit(new FoundOp(Span(operation), slot.Index, "This " + SymbolNames.Display(type)));
        return slot;
    }

    /// <summary>Counted objects, and values that must be consumed, that a call leaves in out arguments.</summary>
    void FoundInArguments(IOperation at, IMethodSymbol method, Value.Slot result, ImmutableArray<(int Parameter, int Slot)> outSlots)
    {
        foreach (var (parameter, slot) in outSlots)
        {
            // What a try that failed leaves there is nothing.
            if (method.Parameters[parameter] is { RefKind: RefKind.Out, Type: { } made } && _context.Annotations.Has(made.OriginalDefinition, Attributes.MustConsume))
                Emit(new AcquireOp(Span(at), Value.None, LockMode.Obligation, method.ReturnType.SpecialType == SpecialType.System_Boolean ? result.Index : -1, slot, SymbolNames.Display(made)));
            if (method.Parameters[parameter].Type is { IsValueType: false } type && _context.Annotations.Has(type, Attributes.RefCounted))
                Emit(new FoundOp(Span(at), slot, "This " + SymbolNames.Display(type)));
        }
    }

    /// <summary>What a call makes of its result, its arguments and its receiver.</summary>
    void AfterCall(SourceSpan span, IMethodSymbol method, Value? receiver, ImmutableArray<Value> arguments, Value.Slot result, ITypeSymbol? made)
    {
        if (made is not null && _context.Annotations.Has(made, Attributes.MustConsume))
            Emit(new AcquireOp(span, Value.None, LockMode.Obligation, -1, result.Index, SymbolNames.Display(made)));
        for (int i = 0; i < arguments.Length && i < method.Parameters.Length; i++)
        {
            if (_context.Annotations.Has(method.Parameters[i], Attributes.Consumes))
                Emit(new ConsumeOp(span, arguments[i]));
            else if (Keeps(method, i))
                Emit(new StoreOp(span, null, null, arguments[i]));
        }
        var own = _context.Annotations.Of(method);
        if (receiver is not null && own.Any(static a => a.Name == Attributes.Consumes))
            Emit(new ConsumeOp(span, receiver));
        if (own.Any(static a => a.Name == Attributes.Snapshot)
            || method.GetReturnTypeAttributes().Any(static a => Analyzers.Annotations.Attributes.NameOf(a) == Attributes.Snapshot))
            Emit(new SnapshotOp(span, result.Index, "The result of " + SymbolNames.Display(method)));
        if (receiver is not null && method.ContainingType is { } type && _context.Annotations.Find(type, Attributes.RefCounted) is { } counted)
        {
            if (counted.Value("Acquire") as string == method.Name)
                Emit(new TakeReferenceOp(span, receiver, method.ReturnType.SpecialType == SpecialType.System_Boolean ? result.Index : -1));
            else if (counted.Value("Release") as string == method.Name)
                Emit(new PutReferenceOp(span, receiver));
        }
    }

    /// <summary>A collection of the framework keeps the elements that it is given.</summary>
    bool Keeps(IMethodSymbol method, int parameter) =>
        method.OriginalDefinition.Parameters[parameter].Type is ITypeParameterSymbol { ContainingSymbol: INamedTypeSymbol }
        && !Symbols.IsSource(method) && _context.Annotations.Has(method.Parameters[parameter].Type.OriginalDefinition, Attributes.MustConsume);

    /// <summary>Arguments that must not have changed since they were read.</summary>
    void StableArguments(ImmutableArray<IArgumentOperation> arguments, IMethodSymbol method, Value receiver, ImmutableArray<Value> values)
    {
        foreach (var argument in arguments)
        {
            if (argument.Parameter is not { } parameter || _context.Annotations.Find(parameter, Attributes.RequiresStable) is not { } stable)
                continue;
            var needed = stable.Text(0) is { Length: > 0 } ? Declared(Span(argument.Value), stable, method, receiver, values).Lock : null;
            Emit(new RequireStableOp(Span(argument.Value), values[parameter.Ordinal], needed is Value.NoValue ? null : needed));
        }
    }

    Value Comparison(IBinaryOperation binary, Value left, Value right)
    {
        if (left is not Value.Slot a || right is not Value.Slot b)
            return Value.None;
        var result = NewSlot();
        _comparisons[result.Index] = (a.Index, b.Index, binary.OperatorKind == BinaryOperatorKind.NotEquals);
        return result;
    }

    Condition Test(Value value)
    {
        var slot = value;
        while (slot is Value.Not not)
        {
            slot = not.Operand;
        }
        return slot is Value.Slot { Index: var index } && _comparisons.TryGetValue(index, out var compared)
            ? new Condition(value, false) { Compares = (compared.Left, compared.Right), Different = compared.Different }
            : new Condition(value, false);
    }
}
