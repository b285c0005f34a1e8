using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Runtime.InteropServices;
using FenceSafety.Core.Facts;
using FenceSafety.Summaries.Metadata;
using FenceSafety.Summaries.Program;

namespace FenceSafety.Summaries.Bodies;

sealed partial class BodyReader
{
    static readonly ImmutableArray<(int, int)> NoOuts = [];

    Entry[] Take(int count)
    {
        var taken = count == 0 ? [] : count < _taken.Length ? _taken[count] ??= new Entry[count] : new Entry[count];
        if (_stack.Count < count)
            throw new BadImageFormatException("a call that takes more than there is");
        _stack.CopyTo(_stack.Count - count, taken, 0, count);
        _stack.RemoveRange(_stack.Count - count, count);
        return taken;
    }

    ImmutableArray<Value> Arguments(MethodUse method, Entry[] taken, out ImmutableArray<(int Parameter, int Slot)> outSlots)
    {
        outSlots = NoOuts;
        if (taken.Length == 0)
            return [];
        var values = new Value[taken.Length];
        ImmutableArray<(int, int)>.Builder? outs = null;
        for (int i = 0; i < taken.Length; i++)
        {
            values[i] = Converted(taken[i], method.Parameters[i]);
            if (method.Parameters[i] is ByRefType && taken[i].Value is Value.Slot slot && slot.Owner == _source.Id && !IsIn(method, i))
                (outs ??= ImmutableArray.CreateBuilder<(int, int)>()).Add((i, slot.Index));
        }
        if (outs is not null)
            outSlots = outs.ToImmutable();
        return ImmutableCollectionsMarshal.AsImmutableArray(values);
    }

    static bool IsIn(MethodUse method, int index) => (method.AttributesOf(index) & (ParameterAttributes.In | ParameterAttributes.Out)) == ParameterAttributes.In;

    static bool IsOut(MethodUse method, int index) => (method.AttributesOf(index) & ParameterAttributes.Out) != 0;

    void Call(MethodUse method, bool isVirtual)
    {
        var constrained = _constrained;
        var shape = method.Shape ??= CallShape.Of(method, _source);
        var taken = Take(method.Parameters.Length);
        var arguments = Arguments(method, taken, out var outSlots);
        var receiver = method.IsStatic ? Entry.Unknown : Pop();
        if ((shape.MayBeSpecial && Special(method, receiver, taken)) || (InMachine && Machine(method, receiver, taken)))
            return;
        if (receiver.Type is ByRefType && constrained is null or TypeParameter)
            receiver = receiver with { Type = receiver.Type?.WithoutReference };
        if (shape.MayBeLock && RecognizeLock(method, receiver, taken) is { } api)
        {
            Lock(method, api, receiver, taken, outSlots);
            return;
        }
        var result = NewSlot();
        if (shape.MayBeAnnotated)
        {
            if (DeclaredLock(method, receiver, arguments, outSlots, result, method.ReturnType))
            {
                if (!method.ReturnsVoid)
                    Push(result, method.ReturnType);
                return;
            }
            Requirements(method, receiver.Value, arguments);
            Converted(method.Node!, taken);
        }
        if (method.IsStatic)
            Initialise(method.Declaring.Definition, fieldAccess: false);
        if (shape.IsInvoke)
            Invoke(method, receiver, arguments, outSlots, result);
        else
            EmitCall(method, shape, isVirtual, constrained, receiver, arguments, outSlots, result);
    }

    static LockCall? RecognizeLock(MethodUse method, Entry receiver, Entry[] taken) => LockCalls.Recognize(
        method, receiver.Type, i => taken[i] is not ({ Note: Note.Number { Bits: 0 } } or { Value: Value.Field { Id: "F:System.TimeSpan.Zero" } }));

    /// <summary>A lambda that is passed to an annotated parameter.</summary>
    void Converted(MethodNode node, Entry[] arguments)
    {
        if (!Array.Exists(arguments, static a => a.Note is Note.Lambda))
            return;
        foreach (var (i, parameter) in node.Parameters)
        {
            if (i < arguments.Length && arguments[i].Note is Note.Lambda { Body: var function })
                Declarations.Convert(function, AttributeReader.Annotations(node.Type.Assembly, parameter.GetCustomAttributes()));
        }
    }

    void EmitCall(
        MethodUse method, CallShape shape, bool isVirtual, IlType? constrained, Entry receiver, ImmutableArray<Value> arguments, ImmutableArray<(int, int)> outSlots,
        Value.Slot result)
    {
        foreach (var argument in method.TypeArguments)
            Declarations.Remember(argument);
        var target = Target(method, shape, isVirtual, constrained, receiver);
        if (target is null)
        {
            if (!method.ReturnsVoid)
                Push(result, method.ReturnType);
            return;
        }
        var call = new CallOp(Span, target, method.IsStatic ? null : receiver.Value, arguments, method.ReturnsVoid ? -1 : result.Index)
        {
            OutSlots = outSlots,
            RefParameters = outSlots.IsEmpty ? [] : [.. outSlots.Where(o => !IsOut(method, o.Item1)).Select(static o => o.Item1)],
            IsDispose = shape.IsDispose,
            ResultIsDisposable = shape.ResultIsDisposable,
            ResultType = shape.ResultType,
            IsQuery = shape.IsQuery,
            Deferred = shape.Deferred,
        };
        Emit(call);
        foreach (int i in shape.Enumerated)
            Enumerates(arguments[i]);
        if (shape.MayBeIterator && _followsIterators)
            Emit(new AssignOp(Span, result.Index, new Value.Delegate(method.Id, method.IsStatic ? null : receiver.Value)));
        if (shape.AsksText && !Names.IsFramework(_source.Method.Type.Assembly.Name))
            AskText(method.TypeArguments[0]);
        // What a collection hands out through a parameter is an element of it, too.
        foreach (var (parameter, slot) in outSlots)
        {
            if (shape.IsCollection && IsOut(method, parameter) && receiver.Value is not Value.NoValue && method.Signature.ParameterTypes[parameter].WithoutReference is TypeParameter { OfMethod: false })
                Emit(new AssignOp(Span, slot, new Value.Element(receiver.Value)));
        }
        if (method.ReturnsVoid)
            return;
        if (shape.IsElement && receiver.Value is not Value.NoValue)
            Push(new Value.Element(receiver.Value), method.ReturnType);
        else if (shape.IsView && receiver.Value is not Value.NoValue)
            Push(receiver.Value, method.ReturnType);
        else
            Push(result, method.ReturnType, shape.MayBeIterator ? new Note.Iterator(call) : IsEnumeratorOf(method, receiver) ? receiver.Note : shape.IsComplete ? Note.NoWait.Instance : null);
    }

    static bool IsEnumeratorOf(MethodUse method, Entry receiver) => receiver.Note is Note.Iterator && method.Name is "GetEnumerator" or "GetAsyncEnumerator";

    /// <summary>Of a type of the framework the text is known to be no more than a string.</summary>
    void AskText(IlType type)
    {
        const string Text = "M:System.Object.ToString~System.String";
        CallTarget? target = type switch
        {
            TypeParameter parameter => new CallTarget.Constrained(parameter.EngineName, Text, "System.Object"),
            NamedType { Name: "System.Object" } => new CallTarget.Virtual(Text, "System.Object", []),
            NamedType { Definition: { } known } when Declarations.IsSource(known) => new CallTarget.Virtual(Text, type.DocName, []),
            _ => null,
        };
        if (target is not null)
            Emit(new CallOp(Span, target, Value.None, [], -1));
    }

    /// <summary>What is called, or null if the call is nothing that counts.</summary>
    CallTarget? Target(MethodUse method, CallShape shape, bool isVirtual, IlType? constrained, Entry receiver)
    {
        if (constrained is TypeParameter parameter)
            return new CallTarget.Constrained(parameter.EngineName, method.Id, method.Declaring.DocName);
        if (constrained is NamedType { Definition: { } exact } && IsValueType(constrained))
        {
            if (method.Node is { } member && Hierarchy.ImplementationIn(exact, member, method.Declaring) is { } found)
            {
                if (found.Type == exact)
                    return new CallTarget.Exact(found.Id, Through(method, (NamedType)constrained));
                // Inherited from object, ValueType or Enum: measured, the JIT knows the hash code of enums.
                if (!(exact.IsEnum && found.Name == "GetHashCode") && found.Type.DocName is "System.Object" or "System.ValueType" or "System.Enum")
                    Managed("boxing", Names.Of(constrained) + "." + found.Name);
                return new CallTarget.Exact(found.Id, []);
            }
            return shape.Exact;
        }
        var receiverType = constrained ?? receiver.Type?.WithoutReference;
        if (receiver.Type is ByRefType && constrained is NamedType)
            receiverType = constrained;
        bool dispatched = isVirtual && (method.Node is null ? IsInterfaceName(method) : method.Node is { IsVirtual: true, IsFinal: false } || method.Node.Type.IsInterface);
        if (!dispatched)
            return shape.Exact;
        // What `foreach` over an interface disposes belongs to the enumerator that is reported.
        if (method.Name is "Dispose" or "DisposeAsync" && (receiver.Note is Note.Enumerator
            || receiverType is NamedType { Name: "System.Collections.IEnumerator" or "System.Collections.Generic.IEnumerator`1" or "System.Collections.Generic.IAsyncEnumerator`1" }))
            return null;
        if (receiver.Note is Note.Iterator { Call: var made } && method.Name is "GetEnumerator" or "GetAsyncEnumerator")
            Emit(made with { Enumerates = true, Result = -1 });
        else if (method.Name is "GetEnumerator" or "GetAsyncEnumerator" && CallShape.IsEnumerable(method.Declaring))
            Enumerates(receiver.Value);
        if (receiverType is not NamedType { Definition: { } at } || at.DocName == "System.Object" || !Derives(at, method))
            receiverType = method.Declaring;
        return new CallTarget.Virtual(method.Id, receiverType.DocName, method.EngineTypeArguments)
        {
            DeclaredIn = method.Declaring.Arguments.IsEmpty ? "" : Declarations.Remember(method.Declaring),
        };
    }

    /// <summary>A value is enumerated here, whatever it is: what it was made by is followed.</summary>
    void Enumerates(Value value)
    {
        if (_followsIterators && value is Value.Slot or Value.Field)
            Emit(new CallOp(Span, new CallTarget.Invoke("", "the enumeration"), value, [], -1) { Enumerates = true });
    }

    static bool Derives(TypeNode at, MethodUse method) => at.Ancestors.Contains(method.TypeName);

    static bool IsInterfaceName(MethodUse method) => method.Declaring.Name[(method.Declaring.Name.LastIndexOf('.') + 1)..] is ['I', >= 'A' and <= 'Z', ..];

    static ImmutableArray<string> Through(MethodUse method, NamedType type) =>
        method.TypeArguments.Select(static (a, i) => "!!" + i + "=" + a.EngineName).Concat(type.Arguments.Select(static (a, i) => "!" + i + "=" + a.EngineName)).ToImmutableArray();

    // ---- delegates

    void Invoke(MethodUse method, Entry receiver, ImmutableArray<Value> arguments, ImmutableArray<(int, int)> outSlots, Value.Slot result)
    {
        string contractor = "T:" + method.TypeName;
        string display = receiver.Value switch
        {
            Value.Slot { Index: var i } when i < _parameters && receiver.Type is not null => ParameterName(i),
            Value.Field f => f.Lock.Display,
            _ => Names.Of(method.Declaring),
        };
        if (receiver.Value is Value.Slot { Index: var p } slot && slot.Owner == _source.Id && p < _parameters && HasContract(p))
            contractor = "parameter " + p + " of " + _source.Id;
        Emit(new CallOp(Span, new CallTarget.Invoke(contractor, display), receiver.Value, arguments, method.ReturnsVoid ? -1 : result.Index)
        {
            OutSlots = outSlots,
            ResultIsDisposable = method.ReturnType.Node?.IsDisposable == true,
            ResultType = method.Shape!.ResultType,
        });
        if (!method.ReturnsVoid)
            Push(result, method.ReturnType);
    }

    string ParameterName(int index)
    {
        foreach (var (i, p) in _source.Method.Parameters)
        {
            if (i == index)
                return _source.Method.Type.Assembly.Md.GetString(p.Name);
        }
        return "a parameter";
    }

    bool HasContract(int index) => _source.Method.Parameters.Any(p => p.Index == index
        && AttributeReader.Annotations(_source.Method.Type.Assembly, p.Parameter.GetCustomAttributes()).Length > 0);

    void Indirect()
    {
        var signature = _source.Assembly.Md.GetStandaloneSignature((StandaloneSignatureHandle)Token);
        _source.Assembly.Check(signature.Signature);
        var decoded = signature.DecodeMethodSignature(_source.Assembly.Provider, null);
        Pop();
        Take(decoded.ParameterTypes.Length + (decoded.Header.IsInstance && !decoded.Header.HasExplicitThis ? 1 : 0));
        Unknown("call", "a function pointer");
        if (!decoded.ReturnType.Is("System.Void"))
            Push(Value.None, decoded.ReturnType);
    }
}
