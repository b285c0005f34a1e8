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
    static readonly ImmutableArray<(int, int)> NoOuts = ImmutableArray<(int, int)>.Empty;

    Value Assignment(ISimpleAssignmentOperation assignment)
    {
        if (assignment.Target is IPropertyReferenceOperation property)
        {
            // The receiver and the indices come first, but are evaluated once: the order does not matter to us.
            var assigned = VisitConverted(assignment.Value, null, null);
            Property(property, isWrite: true, assigned);
            return assigned;
        }
        var value = VisitConverted(assignment.Value, null, null);
        if (assignment.IsRef && value is Value.Slot aliased)
            _context.WrittenElsewhere.Add(aliased.Index);
        return Store(assignment, assignment.Target, value);
    }

    Value Store(IOperation at, IOperation target, Value value)
    {
        // The place was captured before the value was found: `x ??= y`, `a.B = c ? d : e`.
        if (target is IFlowCaptureReferenceOperation captured && _captured.TryGetValue(captured.Id, out var place)
            && place is IMemberReferenceOperation or ILocalReferenceOperation or IParameterReferenceOperation or IArrayElementReferenceOperation)
            target = place;
        switch (target)
        {
            case ILocalReferenceOperation or IParameterReferenceOperation or IFlowCaptureReferenceOperation or IDeclarationExpressionOperation:
                var slot = Visit(target);
                if (slot is Value.Slot s)
                {
                    Emit(new AssignOp(Span(at), s.Index, value));
                    if (s.Owner != _bodyId)
                        _context.WrittenElsewhere.Add(s.Index);
                }
                else if (slot is Value.Field hidden)
                    Emit(new StoreOp(Span(at), hidden.Base, hidden.Lock, value));
                return value;
            case IFieldReferenceOperation field:
                var owner = Visit(field.Instance);
                if (field.Field.IsStatic)
                    StaticInitialisation(field, field.Field, fieldAccess: true);
                Emit(new StoreOp(Span(at), field.Field.IsStatic ? null : owner, Symbols.Lock(field.Field), value));
                return value;
            case IPropertyReferenceOperation property:
                Property(property, isWrite: true, value);
                return value;
            case IArrayElementReferenceOperation element:
                Visit(element);
                Emit(new StoreOp(Span(at), null, null, value));
                return value;
            case IDiscardOperation:
                return value;
            case IImplicitIndexerReferenceOperation { IndexerSymbol: IPropertySymbol { SetMethod: { } set } } implicitIndexer:
                var collection = Visit(implicitIndexer.Instance);
                Visit(implicitIndexer.Argument);
                EmitCall(target, set, implicitIndexer.Instance, true, null, collection, set.Parameters.Select(static _ => Value.None).ToImmutableArray(), NoOuts);
                Emit(new StoreOp(Span(at), null, null, value));
                return value;
            default:
                Visit(target);
                Emit(new StoreOp(Span(at), null, null, value));
                return value;
        }
    }

    Value Compound(ICompoundAssignmentOperation compound)
    {
        var left = Visit(compound.Target);
        bool text = compound.OperatorKind == BinaryOperatorKind.Add && compound.Type?.SpecialType == SpecialType.System_String;
        var right = text ? ConcatOperand(compound.Value) : Visit(compound.Value);
        UserConversion(compound, compound.InConversion.MethodSymbol);
        Value result = Value.None;
        if (compound.OperatorMethod is { } method)
            result = EmitCall(compound, method, null, false, null, null, ImmutableArray.Create(left, right), NoOuts);
        else if (text && compound.Value.ConstantValue is not { HasValue: true, Value: null or "" })
            Managed(Span(compound), "string", "string concatenation");
        else if (compound.Type is { TypeKind: TypeKind.Delegate })
        {
            Managed(Span(compound), "delegate", "a combined delegate");
            result = new Value.AnyOf(ImmutableArray.Create(left, right));
        }
        else if (compound.Type is { TypeKind: TypeKind.Dynamic })
            Unknown(Span(compound), "dynamic", "a dynamic operation");
        UserConversion(compound, compound.OutConversion.MethodSymbol);
        return Store(compound, compound.Target, result);
    }

    void UserConversion(IOperation at, IMethodSymbol? method)
    {
        if (method is not null)
            EmitCall(at, method, null, false, null, null, ImmutableArray.Create(Value.None), NoOuts);
    }

    Value Increment(IIncrementOrDecrementOperation increment)
    {
        var value = Visit(increment.Target);
        Value result = Value.None;
        if (increment.OperatorMethod is { } method)
            result = EmitCall(increment, method, null, false, null, null, ImmutableArray.Create(value), NoOuts);
        if (increment.OperatorMethod is not null || increment.Target is IPropertyReferenceOperation or ILocalReferenceOperation or IParameterReferenceOperation)
            return Store(increment, increment.Target, result);
        return Value.None;
    }

    Value Deconstruction(IDeconstructionAssignmentOperation deconstruction)
    {
        var targets = Leaves(deconstruction.Target).ToList();
        var info = deconstruction.Syntax switch
        {
            AssignmentExpressionSyntax assigned => _context.ModelOf(assigned).GetDeconstructionInfo(assigned),
            var other when other.FirstAncestorOrSelf<ForEachVariableStatementSyntax>() is { } each => _context.ModelOf(each).GetDeconstructionInfo(each),
            _ => default,
        };
        if (Unconverted(deconstruction.Value) is ITupleOperation tuple && tuple.Elements.Length == targets.Count)
        {
            // No tuple is made: all values are found, then assigned.
            var parts = tuple.Elements.Select(Visit).ToList();
            Deconstruct(deconstruction, info, Value.None);
            for (int i = 1; i < parts.Count; i++)
            {
                // A swap: the value is wanted after its local has another one.
                if (parts[i] is Value.Slot && targets.Take(i).Any(t => t is ILocalReferenceOperation or IParameterReferenceOperation && Visit(t).Equals(parts[i])))
                {
                    var kept = NewSlot();
                    Emit(new AssignOp(Span(deconstruction), kept.Index, parts[i]));
                    parts[i] = kept;
                }
            }
            for (int i = 0; i < targets.Count; i++)
                Store(deconstruction, targets[i], parts[i]);
            return Value.None;
        }
        var value = Visit(deconstruction.Value);
        Deconstruct(deconstruction, info, value);
        foreach (var target in targets)
            Store(deconstruction, target, Value.None);
        return Value.None;
    }

    void Deconstruct(IOperation at, DeconstructionInfo info, Value value)
    {
        var work = new Stack<DeconstructionInfo>();
        work.Push(info);
        while (work.Count > 0)
        {
            var next = work.Pop();
            if (next.Method is { } method)
            {
                EmitCall(at, method, null, false, null, method.IsStatic ? null : value,
                    method.Parameters.Select(static _ => Value.None).ToImmutableArray(), NoOuts);
            }
            if (next.Conversion is { MethodSymbol: { } conversion })
                UserConversion(at, conversion);
            foreach (var nested in next.Nested)
                work.Push(nested);
        }
    }

    static IEnumerable<IOperation> Leaves(IOperation target)
    {
        var work = new Stack<IOperation>();
        work.Push(target);
        while (work.Count > 0)
        {
            switch (work.Pop())
            {
                case ITupleOperation tuple:
                    foreach (var e in tuple.Elements.Reverse())
                        work.Push(e);
                    break;
                case IDeclarationExpressionOperation declaration when declaration.Expression is ITupleOperation:
                    work.Push(declaration.Expression);
                    break;
                case var leaf:
                    yield return leaf;
                    break;
            }
        }
    }

    // ---- operators

    Value Binary(IBinaryOperation binary)
    {
        if (binary.OperatorKind == BinaryOperatorKind.Add && binary.Type?.SpecialType == SpecialType.System_String && binary.OperatorMethod is null)
        {
            Concat(binary);
            return Value.None;
        }
        var left = Visit(binary.LeftOperand);
        var right = Visit(binary.RightOperand);
        // A lifted operator is not called if one side is null.
        if (binary.OperatorMethod is { } method && !(binary.IsLifted && NullTest(binary) is not null))
        {
            var called = EmitCall(binary, method, null, false, binary.ConstrainedToType, null, ImmutableArray.Create(left, right), NoOuts);
            return binary.OperatorKind is BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals ? Comparison(binary, left, right) : called;
        }
        if (binary.Type is { TypeKind: TypeKind.Delegate })
            Managed(Span(binary), "delegate", "a combined delegate");
        if (binary.Type is { TypeKind: TypeKind.Dynamic })
            Unknown(Span(binary), "dynamic", "a dynamic operation");
        // A lock or delegate chosen by an operator is either of its operands.
        return binary.OperatorKind is BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals ? BooleanTest(binary, left, right) ?? NullTest(binary, left, right) ?? Comparison(binary, left, right) : Value.None;
    }

    /// <summary><c>x == true</c> and the like stand for <c>x</c>.</summary>
    static Value? BooleanTest(IBinaryOperation binary, Value left, Value right)
    {
        var (value, constant) = right is Value.Constant { Kind: ConstantKind.Boolean } r ? (left, r) : left is Value.Constant { Kind: ConstantKind.Boolean } l ? (right, l) : (left, null);
        if (constant is null)
            return null;
        bool same = (constant.Bits != 0) == (binary.OperatorKind == BinaryOperatorKind.Equals);
        return same ? value : new Value.Not(value);
    }

    static Value? NullTest(IBinaryOperation binary, Value left, Value right)
    {
        var value = right.Equals(Value.Constant.Null) ? left : left.Equals(Value.Constant.Null) ? right : null;
        if (value is not Value.Slot)
            return null;
        var present = new Value.NonNull(value);
        return binary.OperatorKind == BinaryOperatorKind.NotEquals ? present : new Value.Not(present);
    }

    /// <summary>One concatenation for a whole chain of plus signs. Iterative: such chains are long in generated code.</summary>
    void Concat(IBinaryOperation binary)
    {
        bool plain = true, texts = true;
        int others = 0;
        var work = new Stack<IOperation>();
        work.Push(binary);
        while (work.Count > 0)
        {
            var operand = work.Pop();
            if (operand is IBinaryOperation { OperatorKind: BinaryOperatorKind.Add, OperatorMethod: null, Type.SpecialType: SpecialType.System_String, ConstantValue.HasValue: false } inner)
            {
                work.Push(inner.RightOperand);
                work.Push(inner.LeftOperand);
                continue;
            }
            ConcatOperand(operand);
            plain &= operand.ConstantValue is { HasValue: true, Value: null or "" };
            others += operand.ConstantValue is { HasValue: true, Value: null or "" } ? 0 : 1;
            texts &= operand.Type?.SpecialType == SpecialType.System_String;
        }
        // With nothing but null and "" beside it, a string is itself.
        if (!plain && !(others == 1 && texts))
            Managed(Span(binary), "string", "string concatenation");
    }

    /// <summary>An operand of a concatenation is turned into a string, not boxed.</summary>
    Value ConcatOperand(IOperation operand)
    {
        if (operand is IConversionOperation { IsImplicit: true, OperatorMethod: null, Type.SpecialType: SpecialType.System_Object } c)
            operand = c.Operand;
        var value = Visit(operand);
        AskText(operand, value, formats: false);
        return value;
    }

    Value Unary(IUnaryOperation unary)
    {
        var value = Visit(unary.Operand);
        if (unary.OperatorMethod is { } method)
            return EmitCall(unary, method, null, false, unary.ConstrainedToType, null, ImmutableArray.Create(value), NoOuts);
        return unary.OperatorKind == UnaryOperatorKind.Not ? new Value.Not(value) : Value.None;
    }

    Value Conversion(IConversionOperation conversion)
    {
        var kind = conversion.GetConversion();
        if (kind.IsInterpolatedStringHandler)
            return Visit(conversion.Operand);
        var target = conversion.Type;
        if (conversion.Operand is IDelegateCreationOperation creation)
            return DelegateCreation(creation);
        var value = Visit(conversion.Operand);
        if (conversion.OperatorMethod is { } method)
            return EmitCall(conversion, method, null, false, conversion.ConstrainedToType, null, ImmutableArray.Create(value), NoOuts);
        if (target is INamedTypeSymbol { Name: "Expression", ContainingNamespace.Name: "Expressions" } && conversion.Operand is IFlowAnonymousFunctionOperation or IDelegateCreationOperation)
            Managed(Span(conversion), "expression", "an expression tree");
        if (kind.IsBoxing && conversion.Operand.Type is { } from)
            Boxing(conversion, from);
        if (kind.IsDynamic || target?.TypeKind == TypeKind.Dynamic && conversion.Operand.Type?.IsValueType == true)
            Unknown(Span(conversion), "dynamic", "a dynamic conversion");
        if (target is { TypeKind: TypeKind.Delegate } && Symbols.Contracts.OfDelegate(target.OriginalDefinition) is { Critical: true } contract
            && conversion.Operand.Type is { TypeKind: TypeKind.Delegate } && !(kind.IsIdentity || kind.IsSwitchExpression || kind.IsConditionalExpression))
            Emit(new CriticalConversionOp(Span(conversion), value, contract.Display));
        return value;
    }

    void Boxing(IConversionOperation conversion, ITypeSymbol from)
    {
        if (from is ITypeParameterSymbol parameter)
        {
            if (!parameter.IsReferenceType)
                Emit(new CallOp(
                    Span(conversion), new CallTarget.Constrained(Symbols.TypeId(parameter), TypeParameterMembers.Box, ""), null, ImmutableArray<Value>.Empty, -1));
            return;
        }
        Managed(Span(conversion), "boxing", SymbolNames.Display(from));
    }

    Value Await(IAwaitOperation await)
    {
        var operand = await.Operation;
        while (operand is IInvocationOperation { TargetMethod.Name: "ConfigureAwait", Instance: { } inner })
            operand = inner;
        int before = _ops.Count;
        var value = Visit(await.Operation);
        if (await.Syntax is AwaitExpressionSyntax syntax)
            Awaiter(await, _context.ModelOf(syntax).GetAwaitExpressionInfo(syntax));
        // The task of a known lock API is part of the acquisition.
        bool own = operand is IInvocationOperation call && _ops.Skip(before).Any(o => o is AcquireOp a && a.Span == Span(call));
        if (!own && !IsComplete(operand))
            Emit(new EffectOp(Span(await), EffectKind.BlockingWait, "await", "await"));
        if (await.Type is { } made && _context.Annotations.Has(made.OriginalDefinition, Attributes.MustConsume))
        {
            var result = NewSlot();
            Emit(new AssignOp(Span(await), result.Index, value));
            Emit(new AcquireOp(Span(await), Value.None, LockMode.Obligation, -1, result.Index, SymbolNames.Display(made)));
            return result;
        }
        return value;
    }

    /// <summary>An awaiter of the user's is code like any other.</summary>
    void Awaiter(IOperation at, AwaitExpressionInfo info)
    {
        foreach (var method in new[] { info.GetAwaiterMethod, info.IsCompletedProperty?.GetMethod, info.GetResultMethod })
        {
            if (method is not null && Symbols.IsSource(method))
                EmitCall(at, method, null, true, null, method.IsStatic ? null : Value.None, method.Parameters.Select(static _ => Value.None).ToImmutableArray(), NoOuts);
        }
    }

    bool IsComplete(IOperation task)
    {
        while (task is IConversionOperation c)
            task = c.Operand;
        switch (task)
        {
            case IFlowCaptureReferenceOperation r when _captured.TryGetValue(r.Id, out var captured):
                return IsComplete(captured);
            case IInvocationOperation { TargetMethod: { Name: "FromResult", ContainingType.Name: "Task" or "ValueTask" } }:
                return true;
            case IPropertyReferenceOperation { Property: { Name: "CompletedTask", ContainingType.Name: "Task" or "ValueTask" } }:
                return true;
            case ILocalReferenceOperation local:
                return CompleteLocals.IsAlwaysComplete(local, _context);
            default:
                return task.Type?.GetMembers("GetAwaiter").OfType<IMethodSymbol>().FirstOrDefault()?.ReturnType is { } awaiter
                    && awaiter.GetMembers("IsCompleted").OfType<IPropertySymbol>().FirstOrDefault() is { } completed && CompleteLocals.IsConstantTrue(completed);
        }
    }
}

/// <summary>Tasks that are complete when they are awaited.</summary>
static class CompleteLocals
{
    public static bool IsAlwaysComplete(ILocalReferenceOperation local, BodyContext context)
    {
        var declaration = local.Local.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() as VariableDeclaratorSyntax;
        if (declaration?.Initializer?.Value is not { } value)
            return false;
        var model = context.ModelOf(value);
        bool complete = model.GetSymbolInfo(value).Symbol is IMethodSymbol { Name: "FromResult", ContainingType.Name: "Task" or "ValueTask" }
            or IPropertySymbol { Name: "CompletedTask", ContainingType.Name: "Task" or "ValueTask" };
        // Another assignment could make it another task.
        var block = declaration.Ancestors().FirstOrDefault(static a => a is BlockSyntax);
        return complete && block is not null && !block.DescendantNodes().OfType<IdentifierNameSyntax>()
            .Any(i => i.Identifier.ValueText == local.Local.Name && IsWritten(i));
    }

    static bool IsWritten(IdentifierNameSyntax name)
    {
        if (name.Parent is ArgumentSyntax argument)
            return !argument.RefKindKeyword.IsKind(SyntaxKind.None) || argument.Parent is TupleExpressionSyntax { Parent: AssignmentExpressionSyntax };
        return name.Parent is AssignmentExpressionSyntax a && a.Left == name || name.Parent is RefExpressionSyntax;
    }

    public static bool IsConstantTrue(IPropertySymbol property) =>
        property.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is PropertyDeclarationSyntax
        {
            ExpressionBody.Expression: LiteralExpressionSyntax { RawKind: (int)SyntaxKind.TrueLiteralExpression },
        };
}
