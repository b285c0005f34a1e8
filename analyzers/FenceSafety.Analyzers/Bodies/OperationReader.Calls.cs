using System.Collections.Immutable;
using FenceSafety.Analyzers.Annotations;
using FenceSafety.Analyzers.Program;
using FenceSafety.Core.Facts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace FenceSafety.Analyzers.Bodies;

sealed partial class OperationReader
{
    Value Invocation(IInvocationOperation call)
    {
        if (ConditionalCalls.IsDropped(call))
            return Value.None;
        var method = call.TargetMethod;
        if (method.MethodKind == MethodKind.DelegateInvoke)
            return DelegateInvocation(call);
        if (IsLoweredAway(call))
            return method.Name == "GetEnumerator" ? new Value.Element(Visit(call.Instance)) : Value.None;
        if (call.IsImplicit && DisposedInstance(call)?.Type is { TypeKind: TypeKind.Class } enumerator && Symbols.IsSource(enumerator) && !Disposables.IsDisposable(enumerator))
            return Value.None;
        if (call.Instance is IInvalidOperation || Unconverted(call.Instance) is IInvalidOperation or { Type.TypeKind: TypeKind.Error })
        {
            // Code that is being typed: nothing is said of what cannot be bound.
            VisitAll(call.ChildOperations);
            return Value.None;
        }
        if (method.Name == "<Clone>$")
        {
            Visit(call.Instance);
            var copy = method.ContainingType.InstanceConstructors.FirstOrDefault(c =>
                !c.IsImplicitlyDeclared && c.Parameters.Length == 1 && SymbolEqualityComparer.Default.Equals(c.Parameters[0].Type, method.ContainingType));
            if (copy is not null)
                EmitCall(call, copy, null, false, null, Value.None, ImmutableArray.Create(Value.None), NoOuts);
            Managed(Span(call), "object", "a copy of " + SymbolNames.Display(method.ContainingType));
            return Value.None;
        }
        if (ExtensionMembers.Implementation(method, call.Instance?.Type) is { } implementation)
        {
            var (all, outs) = WithReceiver(call.Instance, call.Arguments, method);
            return DeclaredLock(Span(call), implementation, Value.None, all, outs, call.Type)
                ?? EmitCall(call, implementation, null, false, null, null, all, outs);
        }
        if (ComparedBy(call) is { } compared)
            return DefaultComparison(call, compared);
        var instance = DisposedInstance(call) ?? call.Instance;
        var receiver = Visit(instance);
        if (IsUnseenEnumerator(call))
        {
            Managed(Span(call), "enumerator", SymbolNames.Display(method));
            return new Value.Element(receiver);
        }
        if (call.IsImplicit && method.Name is "GetEnumerator" or "GetAsyncEnumerator" or "MoveNext" or "MoveNextAsync")
            RunIterator(call);
        if (Enumeration.Begins(method) && !(call.IsImplicit && IsMadeHere(call)))
            Enumerates(call, receiver);
        var (arguments, outSlots) = Arguments(call.Arguments, method);
        if (LockApi.Recognize(call) is { } api)
            return LockCall(call, api, receiver, arguments, outSlots);
        if (DeclaredLock(Span(call), method, receiver, arguments, outSlots, call.Type) is { } declared)
            return declared;
        Requirements(Span(call), method, receiver, arguments);
        StableArguments(call.Arguments, method, receiver, arguments);
        if (receiver is not Value.NoValue && Symbols.Contracts.Of(method).WaitsForFence)
            Emit(new BlocksOnOp(Span(call), receiver));
        if (method.IsStatic)
            StaticInitialisation(call, method, fieldAccess: false);
        if (call is { IsImplicit: true, Arguments.Length: > 0 } && method.Name == "AppendFormatted" && !Symbols.IsSource(method.OriginalDefinition))
            AskText(call.Arguments[0].Value, arguments[0], formats: true);
        if (BoxesReceiver(method, instance, out string boxed))
            Managed(Span(call), "boxing", boxed);
        return EmitCall(
            call, method, instance, call.IsVirtual, call.ConstrainedToType, receiver, arguments, outSlots, AsksComparers(call, arguments));
    }

    IOperation? Unconverted(IOperation? operation)
    {
        while (true)
        {
            if (operation is IConversionOperation { OperatorMethod: null } c)
                operation = c.Operand;
            else if (operation is IFlowCaptureReferenceOperation r && _captured.TryGetValue(r.Id, out var captured))
                operation = captured;
            else
                return operation;
        }
    }

    /// <summary>
    /// The graph shows <c>foreach</c> with an enumerator: arrays and strings have none, and what the enumerator of an interface does
    /// belongs to the allocation that is reported for it.
    /// </summary>
    bool IsLoweredAway(IInvocationOperation call)
    {
        if (!call.IsImplicit)
            return false;
        if (call.TargetMethod.Name == "GetEnumerator")
            return Unconverted(call.Instance)?.Type is IArrayTypeSymbol or { SpecialType: SpecialType.System_String };
        return call.TargetMethod.Name is "MoveNext" or "MoveNextAsync" or "get_Current" or "Dispose" or "DisposeAsync" && IsEnumeratorOf(call.Instance);
    }

    bool IsEnumeratorOf(IOperation? instance) =>
        Unconverted(instance) is IInvocationOperation { IsImplicit: true, TargetMethod: { Name: "GetEnumerator" or "GetAsyncEnumerator" } made } get
        && (Unconverted(get.Instance)?.Type is IArrayTypeSymbol or { SpecialType: SpecialType.System_String }
            || (made.ReturnType.TypeKind == TypeKind.Interface && ClassHierarchy.IsFramework(made.ContainingAssembly)));

    /// <summary>What <c>using</c> and <c>foreach</c> dispose is not boxed, although the graph shows a conversion to IDisposable.</summary>
    IOperation? DisposedInstance(IInvocationOperation call) =>
        call.IsImplicit && call.TargetMethod.Name is "Dispose" or "DisposeAsync" ? Unboxed(call.Instance) : null;

    /// <summary>The value behind a conversion to IDisposable, also through a temporary of the graph.</summary>
    IOperation? Unboxed(IOperation? instance)
    {
        if (instance is IFlowCaptureReferenceOperation r && _captured.TryGetValue(r.Id, out var value) && value is IConversionOperation { IsImplicit: true, Type.TypeKind: TypeKind.Interface })
            instance = value;
        return instance is IConversionOperation { IsImplicit: true, Type.TypeKind: TypeKind.Interface } c ? c.Operand : null;
    }

    /// <summary>A member that a value inherits from object, ValueType or Enum needs a box.</summary>
    static bool BoxesReceiver(IMethodSymbol method, IOperation? instance, out string name)
    {
        name = "";
        if (instance?.Type is not { IsValueType: true } type || type is ITypeParameterSymbol || method.IsStatic || type.IsRefLikeType)
            return false;
        if (method.ContainingType.SpecialType is not (SpecialType.System_Object or SpecialType.System_ValueType or SpecialType.System_Enum))
            return false;
        // The JIT knows these two on enums: measured, no box.
        if (type.TypeKind == TypeKind.Enum && method.Name is "HasFlag" or "GetHashCode")
            return false;
        name = SymbolNames.Display(type) + "." + method.Name;
        return true;
    }

    (ImmutableArray<Value> Arguments, ImmutableArray<(int, int)> OutSlots) Arguments(
        ImmutableArray<IArgumentOperation> arguments, IMethodSymbol method)
    {
        var values = new Value[method.Parameters.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = Value.None;
        var outs = ImmutableArray.CreateBuilder<(int, int)>();
        foreach (var argument in arguments)
        {
            var value = Argument(argument);
            if (argument.Parameter is not { } parameter || parameter.Ordinal >= values.Length)
                continue;
            values[parameter.Ordinal] = value;
            if (parameter.RefKind is RefKind.Out or RefKind.Ref && value is Value.Slot slot && slot.Owner == _bodyId)
                outs.Add((parameter.Ordinal, slot.Index));
            else if (parameter.RefKind == RefKind.Out && argument.Value is IDiscardOperation && _context.Annotations.Has(parameter.Type.OriginalDefinition, Attributes.MustConsume))
                outs.Add((parameter.Ordinal, NewSlot().Index));
        }
        return (values.ToImmutableArray(), outs.ToImmutable());
    }

    /// <summary>The arguments of a static method that takes the receiver first.</summary>
    (ImmutableArray<Value> Arguments, ImmutableArray<(int, int)> OutSlots) WithReceiver(IOperation? instance, ImmutableArray<IArgumentOperation> arguments, IMethodSymbol method)
    {
        var receiver = Visit(instance);
        var (values, outs) = Arguments(arguments, method);
        return method.IsStatic ? (values, outs) : (values.Insert(0, receiver), outs.Select(static o => (o.Item1 + 1, o.Item2)).ToImmutableArray());
    }

    Value Argument(IArgumentOperation argument)
    {
        var contract = argument.Parameter is { } p ? Symbols.Contracts.OfDelegate(p) : null;
        // Measured: the JIT removes the box of HasFlag's argument.
        var operand = argument.Parameter?.ContainingSymbol is IMethodSymbol { Name: "HasFlag", ContainingType.SpecialType: SpecialType.System_Enum }
            && argument.Value is IConversionOperation boxed ? boxed.Operand : argument.Value;
        return VisitConverted(operand, contract, argument.Parameter?.Name);
    }

    /// <summary>Equality and text of a record ask its members: what theirs do is not followed.</summary>
    bool SynthesizedRecordMember(IOperation call, IMethodSymbol method)
    {
        if (!method.IsImplicitlyDeclared || method.ContainingType is not { IsRecord: true } type)
            return false;
        if (method.Name is "ToString" or "PrintMembers")
            Managed(Span(call), "string", SymbolNames.Display((ITypeSymbol)type) + ".ToString");
        else if (method.Name is not ("Equals" or "GetHashCode" or "op_Equality" or "op_Inequality"))
            return false;
        else
            RecordEquality(call, type, method.Name == "GetHashCode" ? "GetHashCode" : "Equals");
        return true;
    }

    /// <summary>A call of a method, property accessor or operator.</summary>
    Value EmitCall(
        IOperation at, IMethodSymbol method, IOperation? instance, bool isVirtual, ITypeSymbol? constrained, Value? receiver,
        ImmutableArray<Value> arguments, ImmutableArray<(int, int)> outSlots, bool callbacksKnown = false)
    {
        var result = NewSlot();
        if (SynthesizedRecordMember(at, method))
            return result;
        Comparisons(at, method, instance);
        var target = Target(method, instance, isVirtual, constrained);
        var emitted = new CallOp(Span(at), target, method.IsStatic ? null : receiver ?? Value.None, arguments, result.Index)
        {
            OutSlots = outSlots,
            RefParameters = method.Parameters.Where(static p => p.RefKind == RefKind.Ref).Select(static p => p.Ordinal).ToImmutableArray(),
            IsDispose = IsDispose(method),
            Quiet = IsDispose(method) && instance?.Type is { } disposed && Enumeration.Is(disposed),
            ResultIsDisposable = !method.ReturnsVoid && Disposables.IsDisposable(method.ReturnType),
            ResultType = ResultType(method),
            CallbacksKnown = callbacksKnown,
            IsQuery = Enumeration.IsQuery(method),
            Deferred = Enumeration.Deferred(method),
        };
        Emit(emitted);
        EnumeratedByCallee(at, method, arguments);
        if (MayBeIterator(method))
        {
            // If it is none, it may return a query, or an iterator of somebody else's.
            Emit(new AssignOp(Span(at), result.Index, new Value.AnyOf(ImmutableArray.Create<Value>(new Value.Delegate(MemberId(method), method.IsStatic ? null : receiver), result))));
            if (at is IInvocationOperation invocation)
                _mayMakeIterators[invocation] = emitted;
        }
        if (method.Name == "ConfigureAwait" && receiver is not null)
            return receiver;
        if (Elements.Of(method) && receiver is not null)
        {
            foreach (var (parameter, slot) in outSlots)
            {
                if (method.OriginalDefinition.Parameters[parameter].Type is ITypeParameterSymbol)
                    Emit(new AssignOp(Span(at), slot, new Value.Element(receiver)));
            }
        }
        FoundInArguments(at, method, result, outSlots);
        if (Elements.Of(method) && receiver is not null)
        {
            if (!method.ReturnsVoid && method.OriginalDefinition.ReturnType is ITypeParameterSymbol || method.Name == "GetEnumerator")
                return new Value.Element(receiver);
            // A view of the same elements.
            if (method.Name is "get_Values" or "get_Keys")
                return receiver;
        }
        AfterCall(Span(at), method, method.IsStatic ? null : receiver, arguments, result, method.ReturnsVoid ? null : method.ReturnType.OriginalDefinition);
        return result;
    }

    Value ResultType(IMethodSymbol method) =>
        method.ReturnsVoid || method.ReturnType is { IsValueType: true, IsRefLikeType: false } and not INamedTypeSymbol { DelegateInvokeMethod: not null }
            ? Value.None
            : Symbols.Opaque(method.ReturnType);

    static bool IsDispose(IMethodSymbol method) => method is { Name: "Dispose" or "DisposeAsync", Parameters.IsEmpty: true, IsStatic: false };

    CallTarget Target(IMethodSymbol method, IOperation? instance, bool isVirtual, ITypeSymbol? constrained)
    {
        if (method.MethodKind == MethodKind.LocalFunction)
            return new CallTarget.Exact(LocalFunctionId(method), Symbols.TypeArguments(method));
        var receiverType = constrained ?? NarrowType(instance);
        if (receiverType is ITypeParameterSymbol parameter && (method.IsAbstract || method.IsVirtual || method.IsOverride))
            return new CallTarget.Constrained(Symbols.TypeId(parameter), Symbols.Id(method), Symbols.TypeId(method.ContainingType));
        bool dispatched = isVirtual && (method.IsVirtual || method.IsAbstract || method.IsOverride) && !method.IsSealed;
        if (!dispatched && !(method.ContainingType?.TypeKind == TypeKind.Interface && !method.IsStatic))
            return new CallTarget.Exact(Symbols.Id(method), Symbols.TypeArguments(method));
        if (receiverType is null or { TypeKind: TypeKind.Error or TypeKind.Dynamic or TypeKind.TypeParameter })
            receiverType = method.ContainingType!;
        return new CallTarget.Virtual(Symbols.Id(method), Symbols.TypeId(receiverType), Symbols.TypeArguments(method))
        {
            DeclaredIn = method.ContainingType is { IsGenericType: true } declared ? Symbols.TypeId(declared) : "",
        };
    }

    /// <summary>The most that is known of a receiver's type: through conversions that change nothing.</summary>
    static ITypeSymbol? NarrowType(IOperation? instance)
    {
        while (instance is IConversionOperation { OperatorMethod: null } c
            && (c.Conversion.IsReference || c.Conversion.IsIdentity || c.GetConversion().IsBoxing)
            && c.Operand.Type is { SpecialType: not SpecialType.System_Object, TypeKind: not TypeKind.Error } type
            && (c.Type is null || c.GetConversion().IsImplicit || c.Operand.Type.IsValueType || type.AllInterfaces.Contains(c.Type, SymbolEqualityComparer.Default)))
            instance = c.Operand;
        return instance?.Type;
    }

    string LocalFunctionId(IMethodSymbol method)
    {
        var syntax = method.OriginalDefinition.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax();
        return syntax is null ? Symbols.Id(method) : _context.NestedId(syntax);
    }

    Value DelegateInvocation(IInvocationOperation call)
    {
        var receiver = Visit(call.Instance);
        var (arguments, outSlots) = Arguments(call.Arguments, call.TargetMethod);
        var result = NewSlot();
        var type = call.TargetMethod.ContainingType;
        var contractor = DelegateContractor(call.Instance, type);
        string display = Text(call.Instance) ?? SymbolNames.Display(type);
        Emit(new CallOp(Span(call), new CallTarget.Invoke(contractor, display), receiver, arguments, result.Index)
        {
            OutSlots = outSlots,
            ResultIsDisposable = Disposables.IsDisposable(call.TargetMethod.ReturnType),
            ResultType = ResultType(call.TargetMethod),
        });
        return result;
    }

    /// <summary>Whose contract holds for a delegate value: the parameter's that it came from, else its type's.</summary>
    string DelegateContractor(IOperation? instance, INamedTypeSymbol type)
    {
        while (instance is IFlowCaptureReferenceOperation r && _captured.TryGetValue(r.Id, out var captured))
            instance = captured;
        if (instance is IParameterReferenceOperation p && Symbols.Contracts.OfDelegate(p.Parameter) is { HasContract: true } contract)
        {
            string key = "parameter " + _bodyId + " " + p.Parameter.Name;
            Symbols.Effects.DelegateContracts[key] = contract;
            return key;
        }
        string id = Symbols.Id(type);
        Symbols.Effects.DelegateContracts[id] = Symbols.Contracts.OfDelegate(type.OriginalDefinition);
        return id;
    }

    string? Text(IOperation? instance)
    {
        while (instance is IFlowCaptureReferenceOperation r && _captured.TryGetValue(r.Id, out var captured))
            instance = captured;
        return instance switch
        {
            IParameterReferenceOperation p => p.Parameter.Name,
            ILocalReferenceOperation l => l.Local.Name,
            IMemberReferenceOperation m => SymbolNames.Display(m.Member),
            _ => null,
        };
    }

    // ---- properties

    Value Property(IPropertyReferenceOperation reference, bool isWrite, Value assigned)
    {
        var property = reference.Property;
        if (reference.IsImplicit && property.Name == "Current" && IsEnumeratorOf(reference.Instance))
            return Visit(reference.Instance);
        if ((isWrite ? Setter(property) : Getter(property)) is { } declared && ExtensionMembers.Implementation(declared, reference.Instance?.Type) is { } implementation)
        {
            var (all, outs) = WithReceiver(reference.Instance, reference.Arguments, declared);
            if (isWrite && all.Length > 0)
                all = all.SetItem(all.Length - 1, assigned);
            return EmitCall(reference, implementation, null, false, null, null, all, outs);
        }
        var receiver = Visit(reference.Instance);
        var accessor = isWrite && !property.ReturnsByRef && !property.ReturnsByRefReadonly ? Setter(property) : Getter(property);
        if (accessor is null || property.ContainingType is { IsAnonymousType: true } || AutoProperties.IsPlain(property, accessor))
        {
            if (property.IsStatic)
                StaticInitialisation(reference, property, fieldAccess: true);
            if (isWrite)
                Emit(new StoreOp(Span(reference), receiver, Symbols.Lock(property), assigned));
            return new Value.Field(property.IsStatic ? null : receiver, Symbols.Id(property), Symbols.Lock(property));
        }
        var (arguments, outSlots) = Arguments(reference.Arguments, accessor);
        if (isWrite && arguments.Length > 0 && accessor.MethodKind == MethodKind.PropertySet)
            arguments = arguments.SetItem(arguments.Length - 1, assigned);
        if (property.IsStatic)
            StaticInitialisation(reference, property, fieldAccess: false);
        Requirements(Span(reference), accessor, receiver, arguments);
        if (_context.Annotations.Has(property, Attributes.LockClass))
        {
            EmitCall(reference, accessor, reference.Instance, true, reference.ConstrainedToType, receiver, arguments, outSlots);
            return new Value.Field(property.IsStatic ? null : receiver, Symbols.Id(property), Symbols.Lock(property));
        }
        bool isBase = reference.Instance?.Syntax is Microsoft.CodeAnalysis.CSharp.Syntax.BaseExpressionSyntax;
        var result = EmitCall(reference, accessor, reference.Instance, !isBase, reference.ConstrainedToType, receiver, arguments, outSlots);
        if (isWrite && assigned is not Value.NoValue)
            Emit(new StoreOp(Span(reference), null, null, assigned));
        return result;
    }

    static IMethodSymbol? Getter(IPropertySymbol property)
    {
        for (IPropertySymbol? p = property; p is not null; p = p.OverriddenProperty)
        {
            if (p.GetMethod is { } get)
                return get;
        }
        return null;
    }

    static IMethodSymbol? Setter(IPropertySymbol property)
    {
        for (IPropertySymbol? p = property; p is not null; p = p.OverriddenProperty)
        {
            if (p.SetMethod is { } set)
                return set;
        }
        return null;
    }
}
