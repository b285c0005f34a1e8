using System.Collections.Immutable;
using FenceSafety.Analyzers.Program;
using FenceSafety.Core.Facts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace FenceSafety.Analyzers.Bodies;

/// <summary>
/// Reads the operations of one body in evaluation order and says what they do. The operations are those of the control-flow graph:
/// <c>lock</c>, <c>using</c>, <c>foreach</c> and conditions are lowered already.
/// </summary>
sealed partial class OperationReader
{
    readonly BodyContext _context;
    readonly string _bodyId;
    readonly IMethodSymbol? _method;
    readonly Dictionary<CaptureId, int> _captures = new();
    readonly Dictionary<CaptureId, IOperation> _captured = new();

    /// <summary>Temporaries that several branches fill: none of their operations is what they are.</summary>
    readonly HashSet<CaptureId> _chosen = new();
    List<Op> _ops = new();

    public OperationReader(BodyContext context, string bodyId, IMethodSymbol? method, ControlFlowGraph? graph, CancellationToken cancel)
    {
        _context = context;
        _bodyId = bodyId;
        _method = method;
        Graph = graph;
        Cancel = cancel;
    }

    /// <summary>The graph that is being read; nested bodies are found through it.</summary>
    public ControlFlowGraph? Graph { get; private set; }

    /// <summary>Goes on to another graph of the same body.</summary>
    public void Enter(ControlFlowGraph graph)
    {
        Graph = graph;
        _captures.Clear();
        _captured.Clear();
        _chosen.Clear();
        var captured = new HashSet<CaptureId>();
        foreach (var capture in graph.Blocks.SelectMany(static b => b.Operations).OfType<IFlowCaptureOperation>())
        {
            if (!captured.Add(capture.Id))
                _chosen.Add(capture.Id);
        }
        FindLexicalLocks(graph);
        LocalFunctions();
    }

    public CancellationToken Cancel { get; }

    public bool IncludeThrowPaths => _context.IncludeThrowPaths;

    SymbolTable Symbols => _context.Symbols;

    public void Begin() => _ops = new List<Op>();

    public List<Op> Take() => _ops;

    public void Statement(IOperation operation)
    {
        EnterScopes(operation.Syntax);
        NoteScope(operation);
        if (!LexicalLock(operation))
            Visit(operation);
        Pins(operation);
    }

    /// <summary><c>fixed</c> asks an object of the user's for what is pinned; the graph does not show the call.</summary>
    void Pins(IOperation operation)
    {
        if (operation.Syntax is not VariableDeclaratorSyntax { Parent.Parent: FixedStatementSyntax, Initializer.Value: { } pinned }
            || _context.ModelOf(pinned).GetTypeInfo(pinned).Type is not INamedTypeSymbol type || !Symbols.IsSource(type))
            return;
        if (type.GetMembers("GetPinnableReference").OfType<IMethodSymbol>().FirstOrDefault(static m => m.Parameters.IsEmpty && !m.IsStatic) is { } pin)
            EmitCall(operation, pin, null, true, null, Value.None, ImmutableArray<Value>.Empty, NoOuts);
    }

    public void Return(IOperation value)
    {
        NoteScope(value);
        Emit(new ReturnOp(Span(value), Visit(value)));
    }

    public Condition Condition(IOperation value)
    {
        NoteScope(value);
        value = Unwrap(value);
        switch (value)
        {
            case IIsNullOperation isNull:
                return new Condition(Visit(isNull.Operand), true);
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals, OperatorMethod: null } b
                when NullTest(b) is { } operand:
                var tested = Visit(operand);
                return b.OperatorKind == BinaryOperatorKind.Equals ? new Condition(tested, true) : new Condition(new Value.Not(tested), true);
            case IIsPatternOperation { Pattern: IConstantPatternOperation { Value.ConstantValue: { HasValue: true, Value: null } } } p:
                return new Condition(Visit(p.Value), true);
            case IIsPatternOperation { Pattern: INegatedPatternOperation { Pattern: IConstantPatternOperation { Value.ConstantValue: { HasValue: true, Value: null } } } } p:
                return new Condition(new Value.Not(Visit(p.Value)), true);
            case IIsPatternOperation p when IsAnyObject(p):
                var found = Visit(p.Value);
                ReadPattern(p.Pattern, found);
                return new Condition(new Value.Not(found), true);
            default:
                return Test(Visit(value));
        }
    }

    /// <summary><c>x is { } y</c>, and <c>x is T y</c> where x is a T: a test for null.</summary>
    static bool IsAnyObject(IIsPatternOperation test) => test.Pattern switch
    {
        IRecursivePatternOperation { DeconstructSymbol: null, DeconstructionSubpatterns.IsEmpty: true, PropertySubpatterns.IsEmpty: true } any =>
            SymbolEqualityComparer.Default.Equals(any.MatchedType, test.Value.Type),
        IDeclarationPatternOperation { MatchesNull: false } typed => SymbolEqualityComparer.Default.Equals(typed.MatchedType, test.Value.Type),
        _ => false,
    };

    static IOperation? NullTest(IBinaryOperation b) =>
        b.RightOperand.ConstantValue is { HasValue: true, Value: null } ? Unwrap(b.LeftOperand)
        : b.LeftOperand.ConstantValue is { HasValue: true, Value: null } ? Unwrap(b.RightOperand) : null;

    static IOperation Unwrap(IOperation operation)
    {
        while (true)
        {
            switch (operation)
            {
                case IParenthesizedOperation p:
                    operation = p.Operand;
                    break;
                case IConversionOperation { OperatorMethod: null, Conversion: { IsIdentity: true } or { IsReference: true } } c:
                    operation = c.Operand;
                    break;
                default:
                    return operation;
            }
        }
    }

    SourceSpan Span(IOperation operation) => Symbols.Spans.Of(operation switch
    {
        // What `using var x = e` does at its end is said of the resource, e.
        { IsImplicit: true, Syntax: VariableDeclaratorSyntax { Initializer.Value: { } resource } } => resource,
        { IsImplicit: true, Syntax: VariableDeclarationSyntax { Variables: { Count: 1 } variables } } when variables[0].Initializer is { } initializer => initializer.Value,
        // What foreach calls to fill its variable is said of the collection.
        { IsImplicit: true, Syntax: TypeSyntax { Parent: ForEachStatementSyntax each } type } when each.Type == type => each.Expression,
        { IsImplicit: true, Syntax: ExpressionSyntax { Parent: ForEachVariableStatementSyntax each } variable } when each.Variable == variable => each.Expression,
        _ => operation.Syntax,
    });

    Value.Slot NewSlot() => new(_bodyId, _context.NewSlot());

    void Emit(Op op)
    {
        _ops.Add(op);
        var consumed = op switch
        {
            ConsumeOp consume => consume.Value,
            StoreOp store => store.Value,
            ReturnOp ret => ret.Value,
            GuardDisposeOp dispose => dispose.Guard,
            CallOp { IsDispose: true } dispose => dispose.Receiver,
            _ => null,
        };
        if (consumed is Value.Slot slot && slot.Owner != _bodyId)
            _context.ConsumedElsewhere.Add(slot.Index);
    }

    void Managed(SourceSpan span, string kind, string sink) => Emit(new EffectOp(span, EffectKind.ManagedAllocation, kind, sink));

    void Unknown(SourceSpan span, string kind, string sink) => Emit(new EffectOp(span, EffectKind.Unknown, kind, sink));

    /// <summary>Evaluates an operation: its effects in order, then what it is.</summary>
    public Value Visit(IOperation? operation)
    {
        Cancel.ThrowIfCancellationRequested();
        if (operation is null)
            return Value.None;
        if (operation.ConstantValue is { HasValue: true } constant)
            return Constant(constant.Value);
        NoteLockCopy(operation);
        switch (operation)
        {
            case ILocalReferenceOperation local:
                return Variable(local.Local);
            case IParameterReferenceOperation parameter:
                return Parameter(parameter.Parameter);
            case IFlowCaptureReferenceOperation reference:
                return new Value.Slot(_bodyId, CaptureSlot(reference.Id));
            case IFlowCaptureOperation capture:
                return Capture(capture);
            case IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.PatternInput }:
                return _patternInput;
            case IInstanceReferenceOperation:
                return Value.This.Instance;
            case IFieldReferenceOperation field:
                return Found(operation, Field(field));
            case IPropertyReferenceOperation property:
                return Found(operation, Property(property, isWrite: false, Value.None));
            case IEventReferenceOperation e:
                return e.Instance is null ? new Value.Field(null, Symbols.Id(e.Event), Symbols.Lock(e.Event))
                    : new Value.Field(Visit(e.Instance), Symbols.Id(e.Event), Symbols.Lock(e.Event));
            case IArrayElementReferenceOperation element:
                var array = Visit(element.ArrayReference);
                foreach (var i in element.Indices)
                    Visit(i);
                if (element.Indices.Length == 1 && element.Indices[0].Type?.Name == "Range")
                    Managed(Span(operation), "array", "a range of an array");
                return Found(operation, new Value.Element(array));
            case IImplicitIndexerReferenceOperation implicitIndexer:
                return ImplicitIndexer(implicitIndexer);
            case ITypeOfOperation type:
                return new Value.TypeOf(Symbols.TypeId(type.TypeOperand), SymbolNames.Display(type.TypeOperand));
            case ISimpleAssignmentOperation assignment:
                return Assignment(assignment);
            case ICompoundAssignmentOperation compound:
                return Compound(compound);
            case IIncrementOrDecrementOperation increment:
                return Increment(increment);
            case IDeconstructionAssignmentOperation deconstruction:
                return Deconstruction(deconstruction);
            case IEventAssignmentOperation e:
                return EventAssignment(e);
            case IInvocationOperation call:
                return Found(operation, Invocation(call));
            case IFunctionPointerInvocationOperation pointer:
                VisitAll(pointer.ChildOperations);
                Unknown(Span(pointer), "function pointer", "a function pointer");
                return Value.None;
            case IObjectCreationOperation creation:
                return Creation(creation);
            case ITypeParameterObjectCreationOperation creation:
                return ConstrainedCreation(creation);
            case IDelegateCreationOperation creation:
                return DelegateCreation(creation);
            case IFlowAnonymousFunctionOperation lambda:
                return new Value.Delegate(NestedBody(lambda), Value.This.Instance);
            case IConversionOperation conversion:
                return Conversion(conversion);
            case IParenthesizedOperation parenthesized:
                return Visit(parenthesized.Operand);
            case IBinaryOperation binary:
                return Binary(binary);
            case IUnaryOperation unary:
                return Unary(unary);
            case IAwaitOperation await:
                return Await(await);
            case IIsPatternOperation pattern:
                return IsPattern(pattern);
            case IVariableDeclaratorOperation or IVariableInitializerOperation or IExpressionStatementOperation or IArgumentOperation:
                return VisitAll(operation.ChildOperations);
            case IReturnOperation { ReturnedValue: { } returned } when operation.Kind == OperationKind.YieldReturn:
                Emit(new StoreOp(Span(returned), null, null, Visit(returned)));
                return Value.None;
            case IMethodReferenceOperation method:
                Visit(method.Instance);
                return Value.None;
            case INameOfOperation or ISizeOfOperation or ILiteralOperation or IDefaultValueOperation:
                return Value.None;
            case IInvalidOperation:
                VisitAll(operation.ChildOperations);
                return Value.None;
            default:
                return Allocating(operation);
        }
    }

    Value VisitAll(IOperation.OperationList children)
    {
        Value last = Value.None;
        foreach (var child in children)
            last = Visit(child);
        return last;
    }

    static Value Constant(object? value) => value switch
    {
        null => Value.Constant.Null,
        bool b => b ? Value.Constant.True : Value.Constant.False,
        _ => Annotations.ContractReader.Bits(value) is { } bits ? new Value.Constant(ConstantKind.Bits, bits) : Value.None,
    };

    Value Variable(ILocalSymbol local) => _context.Read(local, _bodyId, _context.OwnerOf(local));

    Value Parameter(IParameterSymbol parameter)
    {
        // The parameter of an extension block is the receiver of its members.
        if (parameter.ContainingSymbol is INamedTypeSymbol { TypeKind: not (TypeKind.Delegate or TypeKind.Unknown) })
            return Value.This.Instance;
        // A primary constructor's parameter is a hidden field for every other member.
        if (parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Constructor } constructor
            && !SymbolEqualityComparer.Default.Equals(constructor, _context.Member))
        {
            string id = Symbols.Id(constructor.ContainingType) + "." + parameter.Name;
            Symbols.Effects.HiddenFields[id] = Symbols.Id(constructor);
            return new Value.Field(Value.This.Instance, id, Symbols.Lock(parameter));
        }
        return _context.Read(parameter, _bodyId, _context.OwnerOf(parameter));
    }

    int CaptureSlot(CaptureId id)
    {
        if (!_captures.TryGetValue(id, out int slot))
            _captures.Add(id, slot = _context.NewSlot());
        return slot;
    }

    Value Capture(IFlowCaptureOperation capture)
    {
        var value = Visit(capture.Value);
        _captured[capture.Id] = capture.Value;
        Emit(new AssignOp(Span(capture), CaptureSlot(capture.Id), value));
        return value;
    }

    Value Field(IFieldReferenceOperation field)
    {
        var owner = Visit(field.Instance);
        // What is in a tuple is not followed: it is no class of its own.
        if (field.Field.ContainingType is { IsTupleType: true })
            return Symbols.Opaque(field.Type);
        if (field.Field.IsStatic)
            StaticInitialisation(field, field.Field, fieldAccess: true);
        return new Value.Field(field.Field.IsStatic ? null : owner, Symbols.Id(field.Field), Symbols.Lock(field.Field));
    }
}
