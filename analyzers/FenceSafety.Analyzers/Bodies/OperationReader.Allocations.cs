using System.Collections.Immutable;
using FenceSafety.Analyzers.Program;
using FenceSafety.Core.Facts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace FenceSafety.Analyzers.Bodies;

/// <summary>What the language's lowering takes from the managed heap.</summary>
sealed partial class OperationReader
{
    Value Creation(IObjectCreationOperation creation)
    {
        var type = creation.Type;
        var constructor = creation.Constructor;
        var (arguments, outSlots) = constructor is null
            ? (ImmutableArray<Value>.Empty, NoOuts)
            : Arguments(creation.Arguments, constructor);
        var result = NewSlot();
        // Who vouches for a constructor vouches for the creation.
        bool vouched = constructor is not null && Symbols.Contracts.Of(constructor).AssumeSafe;
        if (type is { IsValueType: false, TypeKind: not TypeKind.Error } && !vouched)
            Managed(Span(creation), "object", "new " + SymbolNames.Display(type));
        if (constructor is not null && DeclaredLock(Span(creation), constructor, result, arguments, outSlots, type) is { } guard)
            return guard;
        bool runs = constructor is not null && !(type is { IsValueType: true } && constructor.IsImplicitlyDeclared);
        if (runs)
        {
            StaticInitialisation(creation, constructor!, fieldAccess: false);
            // The object itself is the receiver, and has no name before it is made.
            Emit(new CallOp(Span(creation), new CallTarget.Exact(Symbols.Id(constructor!), Symbols.TypeArguments(constructor!)), Value.None, arguments, result.Index)
            {
                Creates = type is null ? "" : Symbols.TypeId(type.OriginalDefinition),
                OutSlots = outSlots,
                ResultIsDisposable = Disposables.IsDisposable(type),
            });
            EnumeratedByCallee(creation, constructor!, arguments);
        }
        if (constructor is not null)
            AfterCall(Span(creation), constructor, null, arguments, result, type?.OriginalDefinition);
        if (creation.Initializer is not null)
            Visit(creation.Initializer);
        return result;
    }

    Value ConstrainedCreation(ITypeParameterObjectCreationOperation creation)
    {
        if (creation.Type is ITypeParameterSymbol parameter)
        {
            Emit(new CallOp(
                Span(creation), new CallTarget.Constrained(Symbols.TypeId(parameter), null, ""), null, ImmutableArray<Value>.Empty, -1));
        }
        if (creation.Initializer is not null)
            Visit(creation.Initializer);
        return Value.None;
    }

    /// <summary>The remaining kinds of operation: those that allocate or call something, and those that only have children.</summary>
    Value Allocating(IOperation operation)
    {
        switch (operation)
        {
            case IArrayCreationOperation array:
                VisitAll(array.ChildOperations);
                // An empty params array and an empty initialiser are Array.Empty.
                bool empty = array.IsImplicit && array.DimensionSizes.All(static d => d.ConstantValue is { HasValue: true, Value: 0 });
                bool constantData = IsConstantSpanData(array);
                if (!empty && !constantData && array.Type is { } type)
                    Managed(Span(array), "array", "new " + SymbolNames.Display(type));
                return Value.None;
            case IAnonymousObjectCreationOperation:
                VisitAll(operation.ChildOperations);
                Managed(Span(operation), "object", "an anonymous object");
                return Value.None;
            case IInterpolatedStringOperation text:
                InterpolatedString(text);
                return Value.None;
            case IInterpolatedStringHandlerCreationOperation handler:
                VisitAll(handler.ChildOperations);
                return Value.None;
            case ITupleOperation tuple:
                // What is in a tuple is not followed: it counts as kept.
                foreach (var element in tuple.Elements)
                    Emit(new StoreOp(Span(element), null, null, Visit(element)));
                return Value.None;
            case ICollectionExpressionOperation collection:
                return CollectionExpression(collection);
            case IWithOperation with:
                Visit(with.Operand);
                if (with.Type is { IsValueType: false })
                    Managed(Span(with), "object", "a copy of " + SymbolNames.Display(with.Type));
                if (with.Initializer is not null)
                    Visit(with.Initializer);
                return Value.None;
            case IImplicitIndexerReferenceOperation implicitIndexer:
                return ImplicitIndexer(implicitIndexer);
            case IDynamicInvocationOperation or IDynamicMemberReferenceOperation or IDynamicObjectCreationOperation or IDynamicIndexerAccessOperation:
                VisitAll(operation.ChildOperations);
                Unknown(Span(operation), "dynamic", "a dynamic operation");
                return Value.None;
            case ITupleBinaryOperation tuples:
                VisitAll(tuples.ChildOperations);
                TupleEquality(tuples);
                return Value.None;
            case ITranslatedQueryOperation query:
                return Visit(query.Operation);
            case IAnonymousFunctionOperation or ILocalFunctionOperation:
                // Bodies of their own.
                return Value.None;
            case ICoalesceOperation or IConditionalOperation:
                return new Value.AnyOf(operation.ChildOperations.Select(Visit).ToImmutableArray());
            default:
                return VisitAll(operation.ChildOperations);
        }
    }

    /// <summary><c>ReadOnlySpan&lt;byte&gt; x = new byte[] { 1, 2 }</c> is data of the assembly.</summary>
    static bool IsConstantSpanData(IArrayCreationOperation array)
    {
        if (array.Parent is not IConversionOperation { Type: INamedTypeSymbol { Name: "ReadOnlySpan", TypeArguments.Length: 1 } span })
            return false;
        bool fits = span.TypeArguments[0].SpecialType is >= SpecialType.System_Boolean and <= SpecialType.System_Double and not SpecialType.System_Decimal;
        return fits && (array.Initializer?.ElementValues.All(static e => e.ConstantValue.HasValue) ?? false);
    }

    void InterpolatedString(IInterpolatedStringOperation text)
    {
        foreach (var part in text.Parts)
        {
            switch (part)
            {
                case IInterpolationOperation hole:
                    // Values are formatted by a handler, not boxed.
                    AskText(hole.Expression, Visit(hole.Expression), formats: true);
                    break;
                case IInterpolatedStringAppendOperation append when append.AppendCall is IInvocationOperation call:
                    Invocation(call);
                    break;
            }
        }
        if (text.Parts.Any(static p => p is IInterpolatedStringAppendOperation))
            return;
        // `$"{s}"` of one string is that string; so it is with empty strings beside it.
        var parts = text.Parts.Where(static p => p is not IInterpolationOperation { Expression.ConstantValue: { HasValue: true, Value: "" } }).ToList();
        bool itself = parts.Count == 1
            && parts[0] is IInterpolationOperation { Alignment: null, FormatString: null, Expression.Type.SpecialType: SpecialType.System_String };
        if (text.Type?.SpecialType == SpecialType.System_String && !itself)
            Managed(Span(text), "string", "string interpolation");
    }

    Value CollectionExpression(ICollectionExpressionOperation collection)
    {
        foreach (var element in collection.Elements)
        {
            if (element is ISpreadOperation spread)
                Enumerates(spread, Visit(spread.Operand));
            else
                Visit(element);
        }
        var type = collection.Type;
        bool spreads = collection.Elements.Any(static e => e is ISpreadOperation);
        string? kind = type switch
        {
            null or { TypeKind: TypeKind.Error } => null,
            IArrayTypeSymbol => collection.Elements.IsEmpty ? null : "array",
            // A span of a fixed number of elements lives on the stack; one whose length is found at run time is an array.
            INamedTypeSymbol { Name: "ReadOnlySpan" or "Span", ContainingNamespace.Name: "System" } => spreads ? "array" : null,
            INamedTypeSymbol { Name: "ImmutableArray" } when collection.Elements.IsEmpty => null,
            { TypeKind: TypeKind.Interface } => collection.Elements.IsEmpty && IsReadOnlyInterface(type) ? null : "collection",
            // A builder of the user's makes the collection out of a span.
            _ when collection.ConstructMethod is { MethodKind: not MethodKind.Constructor } made && Symbols.IsSource(made) => spreads ? "array" : null,
            { IsValueType: false } => "collection",
            _ => null,
        };
        if (kind is not null)
            Managed(Span(collection), kind, "a collection expression of " + SymbolNames.Display(type!));
        if (collection.ConstructMethod is { MethodKind: MethodKind.Constructor } constructor && Symbols.IsSource(constructor))
        {
            if (!constructor.IsImplicitlyDeclared || type is { IsValueType: false })
                EmitCall(collection, constructor, null, false, null, Value.None, constructor.Parameters.Select(static _ => Value.None).ToImmutableArray(), NoOuts);
        }
        if (type is INamedTypeSymbol && Symbols.IsSource(type) && collection.ConstructMethod is not { MethodKind: not MethodKind.Constructor })
        {
            if (!collection.Elements.IsEmpty && type.GetMembers("Add").OfType<IMethodSymbol>().FirstOrDefault(static m => m.Parameters.Length == 1) is { } add)
                EmitCall(collection, add, null, true, null, Value.None, ImmutableArray.Create(Value.None), NoOuts);
        }
        if (collection.ConstructMethod is { MethodKind: not MethodKind.Constructor } builder && !(collection.Elements.IsEmpty && type is INamedTypeSymbol { Name: "ImmutableArray" }))
            EmitCall(collection, builder, null, false, null, null, builder.Parameters.Select(static _ => Value.None).ToImmutableArray(), NoOuts);
        return Value.None;
    }

    static bool IsReadOnlyInterface(ITypeSymbol type) => type.Name is "IEnumerable" or "IReadOnlyCollection" or "IReadOnlyList";

    Value ImplicitIndexer(IImplicitIndexerReferenceOperation reference)
    {
        var receiver = Visit(reference.Instance);
        Visit(reference.Argument);
        bool isRange = reference.Argument.Type?.Name == "Range";
        if (reference.LengthSymbol is IPropertySymbol { GetMethod: { } length } && !AutoProperties.IsPlain((IPropertySymbol)reference.LengthSymbol, length))
            EmitCall(reference, length, reference.Instance, true, null, receiver, ImmutableArray<Value>.Empty, NoOuts);
        switch (reference.IndexerSymbol)
        {
            case IMethodSymbol slice:
                EmitCall(reference, slice, reference.Instance, true, null, receiver, slice.Parameters.Select(static _ => Value.None).ToImmutableArray(), NoOuts);
                break;
            case IPropertySymbol { GetMethod: { } get }:
                EmitCall(reference, get, reference.Instance, true, null, receiver, get.Parameters.Select(static _ => Value.None).ToImmutableArray(), NoOuts);
                break;
            default:
                if (isRange && reference.Instance.Type is IArrayTypeSymbol)
                    Managed(Span(reference), "array", "a range of an array");
                break;
        }
        return new Value.Element(receiver);
    }

    /// <summary><c>(a, b) == (c, d)</c> compares element by element, with the operators of the elements' types.</summary>
    void TupleEquality(ITupleBinaryOperation tuples)
    {
        string name = tuples.OperatorKind == BinaryOperatorKind.Equals ? "op_Equality" : "op_Inequality";
        foreach (var element in (tuples.LeftOperand.Type as INamedTypeSymbol)?.TupleElements ?? ImmutableArray<IFieldSymbol>.Empty)
        {
            if (element.Type.GetMembers(name).OfType<IMethodSymbol>().FirstOrDefault() is { } equality && Symbols.IsSource(equality))
                EmitCall(tuples, equality, null, false, null, null, ImmutableArray.Create(Value.None, Value.None), NoOuts);
        }
    }

    // ---- patterns

    Value IsPattern(IIsPatternOperation pattern)
    {
        var value = Visit(pattern.Value);
        switch (pattern.Pattern)
        {
            case IConstantPatternOperation { Value.ConstantValue: { HasValue: true, Value: bool wanted } }:
                return wanted ? value : new Value.Not(value);
            case INegatedPatternOperation { Pattern: IConstantPatternOperation { Value.ConstantValue: { HasValue: true, Value: bool unwanted } } }:
                return unwanted ? new Value.Not(value) : value;
            case IConstantPatternOperation { Value.ConstantValue: { HasValue: true, Value: null } } when value is Value.Slot:
                return new Value.Not(new Value.NonNull(value));
            case INegatedPatternOperation { Pattern: IConstantPatternOperation { Value.ConstantValue: { HasValue: true, Value: null } } } when value is Value.Slot:
                return new Value.NonNull(value);
        }
        ReadPattern(pattern.Pattern, value);
        // `x is var y` only gives a name.
        return pattern.Pattern is IDeclarationPatternOperation { MatchesNull: true } or IDiscardPatternOperation ? Value.Constant.True : Value.None;
    }

    /// <summary>Patterns call Deconstruct, property getters, Length and indexers.</summary>
    void ReadPattern(IPatternOperation pattern, Value value)
    {
        var work = new Stack<(IOperation Part, Value Input)>();
        work.Push((pattern, value));
        while (work.Count > 0)
        {
            var (next, input) = work.Pop();
            var inner = input;
            switch (next)
            {
                case IRecursivePatternOperation recursive:
                    if (recursive.DeclaredSymbol is ILocalSymbol named && Variable(named) is Value.Slot holds)
                        Emit(new AssignOp(Span(next), holds.Index, input));
                    if (recursive.DeconstructSymbol is IMethodSymbol deconstruct)
                        EmitCall(next, deconstruct, null, false, null, input, deconstruct.Parameters.Select(static _ => Value.None).ToImmutableArray(), NoOuts);
                    break;
                case IPropertySubpatternOperation { Member: IPropertyReferenceOperation property }:
                    inner = Value.None;
                    if (Getter(property.Property) is { } get && !AutoProperties.IsPlain(property.Property, get))
                        inner = EmitCall(property, get, null, true, null, input, ImmutableArray<Value>.Empty, NoOuts);
                    else
                        inner = PartOf(property, input);
                    break;
                case IPropertySubpatternOperation { Member: IFieldReferenceOperation field }:
                    inner = PartOf(field, input);
                    break;
                case IListPatternOperation list:
                    bool asksElements = list.Patterns.Any(static p => p is not ISlicePatternOperation and not IDiscardPatternOperation);
                    foreach (var symbol in new[] { list.LengthSymbol, asksElements ? list.IndexerSymbol : null })
                    {
                        if ((symbol as IPropertySymbol)?.GetMethod is { } accessor)
                            EmitCall(next, accessor, null, true, null, Value.None, accessor.Parameters.Select(static _ => Value.None).ToImmutableArray(), NoOuts);
                    }
                    break;
                case ISlicePatternOperation slice:
                    if (slice.SliceSymbol is IMethodSymbol cut)
                        EmitCall(slice, cut, null, true, null, Value.None, cut.Parameters.Select(static _ => Value.None).ToImmutableArray(), NoOuts);
                    else if (slice.SliceSymbol is null && slice.Pattern is not null and not IDiscardPatternOperation)
                        Managed(Span(slice), "array", "a slice of an array");
                    break;
                case IDeclarationPatternOperation { DeclaredSymbol: ILocalSymbol local }:
                    if (Variable(local) is { } slot && slot is Value.Slot s)
                        Emit(new AssignOp(Span(next), s.Index, input));
                    break;
            }
            foreach (var child in next.ChildOperations.Reverse())
            {
                if (child is IPatternOperation or IPropertySubpatternOperation)
                    work.Push((child, InputOf(next, child, inner)));
            }
        }
    }

    /// <summary>What a part of a pattern looks at: an element of a list, the list itself for a slice of it, nothing known after a deconstruction.</summary>
    static Value InputOf(IOperation pattern, IOperation part, Value input) => pattern switch
    {
        IListPatternOperation => part is ISlicePatternOperation ? input : new Value.Element(input),
        IRecursivePatternOperation => part is IPropertySubpatternOperation ? input : Value.None,
        _ => input,
    };

    Value _patternInput = Value.None;

    Value PartOf(IOperation member, Value of)
    {
        _patternInput = of;
        return Visit(member);
    }

    // ---- static initialisation

    /// <summary>
    /// The access may run a type initialiser: any access if the type has a static constructor, a field access if it only has
    /// initialisers. A type counts as initialised in its own members and in those of types derived from it.
    /// </summary>
    void StaticInitialisation(IOperation at, ISymbol member, bool fieldAccess)
    {
        if (member is IFieldSymbol { IsConst: true } || member.ContainingType?.OriginalDefinition is not { } type)
            return;
        for (var t = _context.Member.ContainingType; t is not null; t = t.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(t.OriginalDefinition, type))
                return;
        }
        if (!Symbols.IsSource(type))
        {
            // Its summary knows whether there is one, and of what kind. That of the framework runs once, as cold code.
            if (!ClassHierarchy.IsFramework(type.ContainingAssembly) && (fieldAccess || Symbols.RunsInitialiserAtCalls(type)))
                Initialise(at, type);
            return;
        }
        if (type.DeclaringSyntaxReferences.IsEmpty)
            return;
        if (_context.Member is INamedTypeSymbol own && SymbolEqualityComparer.Default.Equals(own, type))
            return;
        bool hasConstructor = type.StaticConstructors.Any(static c => !c.IsImplicitlyDeclared);
        if (!hasConstructor && !(fieldAccess && BodyFactory.StaticInitializers(type).Any()))
            return;
        Initialise(at, type);
    }

    void Initialise(IOperation at, INamedTypeSymbol type) => Emit(new CallOp(
        Span(at), new CallTarget.Exact(BodyFactory.TypeInitializerId(Symbols, type), ImmutableArray<string>.Empty), null, ImmutableArray<Value>.Empty, -1));
}
