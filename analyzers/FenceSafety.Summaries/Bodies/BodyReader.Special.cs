using System.Collections.Immutable;
using System.Reflection.Metadata;
using FenceSafety.Core.Facts;
using FenceSafety.Summaries.Metadata;
using FenceSafety.Summaries.Program;

namespace FenceSafety.Summaries.Bodies;

/// <summary>Calls that stand for something else: those that compilers write for await, typeof and the like.</summary>
sealed partial class BodyReader
{
    bool Special(MethodUse method, Entry receiver, Entry[] arguments)
    {
        switch (method.TypeName, method.Name)
        {
            case ("System.Type", "GetTypeFromHandle") when arguments is [{ Note: Note.Token token }]:
                Push(new Value.TypeOf(token.Type.EngineName, Names.Of(token.Type)), method.ReturnType);
                return true;
            case ("System.Object", ".ctor"):
                return true;
            case ("System.Enum", "HasFlag"):
                foreach (var e in arguments.Append(receiver))
                {
                    // Measured: the JIT removes both boxes.
                    if (e.Note is Note.Boxed boxed)
                        Unbox(boxed);
                }
                Push(NewSlot(), method.ReturnType);
                return true;
            case ("System.Activator", "CreateInstance") when method is { TypeArguments: [var made], Parameters.IsEmpty: true }:
                if (made is TypeParameter)
                    Emit(new CallOp(Span, new CallTarget.Constrained(made.EngineName, null, ""), null, [], -1));
                else
                    Managed("object", "new " + Names.Of(made));
                Push(Value.None, made);
                return true;
            case ("System.Collections.IEnumerator" or "System.Collections.Generic.IEnumerator`1", "MoveNext" or "get_Current"):
                EnumeratesAgain(method, receiver);
                // What an interface's enumerator does belongs to the allocation that is reported for it.
                Push(method.Name == "MoveNext" ? Value.None : new Value.Element(receiver.Value), method.ReturnType);
                return true;
            case ("System.Collections.Generic.IAsyncEnumerator`1", "MoveNextAsync" or "get_Current"):
                EnumeratesAgain(method, receiver);
                Push(method.Name == "MoveNextAsync" ? Value.None : new Value.Element(receiver.Value), method.ReturnType);
                return true;
            case ("System.Threading.Tasks.Task" or "System.Threading.Tasks.Task`1" or "System.Threading.Tasks.ValueTask" or "System.Threading.Tasks.ValueTask`1",
                "ConfigureAwait"):
                Push(receiver with { Type = method.ReturnType });
                return true;
        }
        return false;
    }

    /// <summary>The body of an iterator runs at each step: what it leaves held at one is held at the next.</summary>
    void EnumeratesAgain(MethodUse method, Entry enumerator)
    {
        if (_followsIterators && method.Name != "get_Current" && enumerator.Note is Note.Iterator { Call: var made })
            Emit(made with { Enumerates = true, Result = -1 });
    }

    /// <summary>What the compiler calls in a state machine.</summary>
    bool Machine(MethodUse method, Entry receiver, Entry[] arguments)
    {
        if (receiver.Note is Note.Machine)
            return PassOver(method);
        bool builder = method.TypeName.StartsWith("System.Runtime.CompilerServices.", StringComparison.Ordinal) && method.TypeName.Contains("MethodBuilder", StringComparison.Ordinal);
        if (builder)
        {
            if (method.Name == "SetResult" && !Returns())
                Emit(new ReturnOp(Span, arguments.Length > 0 ? Converted(arguments[0], Awaited(_source.Method.Signature.ReturnType)) : Value.None));
            return PassOver(method);
        }
        if (!IsAsync || !IsFrameworkAwait(method.Declaring))
            return false;
        switch (method.Name)
        {
            case "GetAwaiter":
                Push(receiver with { Type = method.ReturnType });
                return true;
            case "get_IsCompleted":
                // The way through a suspension ends where this one begins.
                Push(Value.None, method.ReturnType, new Note.Number(1, IsState: true));
                return true;
            case "GetResult":
                if (receiver.Note is not Note.NoWait)
                    Emit(new EffectOp(Span, EffectKind.BlockingWait, "await", "await"));
                if (!method.ReturnsVoid)
                    Push(receiver.Value, method.ReturnType);
                return true;
            default:
                return false;
        }
    }

    bool Returns() => _source.Method.Signature.ReturnType.Is("System.Void") || _source.Kind == StateMachine.AsyncIterator;

    static IlType Awaited(IlType type) => type is NamedType { Arguments: [var only] } ? only : type;

    bool PassOver(MethodUse method)
    {
        if (!method.ReturnsVoid)
            Push(Value.None, method.ReturnType);
        return true;
    }

    static bool IsFrameworkAwait(NamedType type) => type.Name is "System.Threading.Tasks.Task" or "System.Threading.Tasks.Task`1"
        or "System.Threading.Tasks.ValueTask" or "System.Threading.Tasks.ValueTask`1"
        || (type.Name.StartsWith("System.Runtime.CompilerServices.", StringComparison.Ordinal)
            && (type.Name.Contains("Awaiter", StringComparison.Ordinal) || type.Name.Contains("Awaitable", StringComparison.Ordinal)));

    // ---- locks

    void Lock(MethodUse method, LockCall api, Entry receiver, Entry[] arguments, ImmutableArray<(int Parameter, int Slot)> outSlots)
    {
        var operand = api.FromArgument && arguments.Length > 0 ? arguments[0] : receiver;
        var target = LockValue(operand);
        if (!api.IsAcquire || api.Waits)
            Emit(new ReleaseOp(Span, target, api.Mode));
        var result = NewSlot();
        if (api.Waits)
            Emit(new EffectOp(Span, EffectKind.BlockingWait, "blocking", "Monitor.Wait"));
        if (api.IsAcquire)
        {
            int taken = -1;
            if (api.TakenParameter >= 0)
                taken = outSlots.Where(o => o.Parameter == api.TakenParameter).Select(static o => o.Slot).DefaultIfEmpty(-1).First();
            else if (api.ReturnsTaken)
                taken = result.Index;
            Emit(new AcquireOp(Span, target, api.Mode, taken, api.ReturnsGuard ? result.Index : -1, method.Name)
            {
                Certain = api.TakenParameter >= 0 && method.Name == "Enter",
            });
        }
        if (!method.ReturnsVoid)
            Push(result, method.ReturnType, method.Name == "WaitAsync" ? Note.NoWait.Instance : null);
    }

    Value LockValue(Entry operand)
    {
        if (operand.Value is not Value.This)
            return operand.Value;
        var type = operand.Type?.WithoutReference.Node ?? _source.Method.Type;
        return Declarations.ThisLock(type);
    }

    /// <summary>A call of a member that is declared to take or give locks, or to begin or end a region.</summary>
    bool DeclaredLock(
        MethodUse method, Entry receiver, ImmutableArray<Value> arguments, ImmutableArray<(int Parameter, int Slot)> outSlots, Value.Slot result,
        IlType resultType)
    {
        if (method.Node is not { } node)
            return false;
        bool any = false;
        foreach (var a in node.Annotations.Concat(node.Property?.Annotations ?? []))
        {
            switch (a.Name)
            {
                case "AcquiresLockAttribute":
                    any = true;
                    var (locked, mode) = Declared(a, node, receiver.Value, arguments);
                    bool tries = a.Flag("Try");
                    int taken = tries && node.Signature.ReturnType.Is("System.Boolean") ? result.Index : -1;
                    Emit(new AcquireOp(
                        Span, locked, mode with { Shared = a.Flag("Shared"), NonBlocking = tries }, taken, GuardSlot(method, resultType, result.Index, outSlots), node.Name));
                    break;
                case "ReleasesLockAttribute":
                    any = true;
                    Emit(node.IsDispose
                        ? new GuardDisposeOp(Span, receiver.Value, Declared(a, node, receiver.Value, arguments).Lock)
                        : new ReleaseOp(Span, Declared(a, node, receiver.Value, arguments).Lock, LockMode.Monitor));
                    break;
                case "BeginsFenceCriticalAttribute":
                    any = true;
                    Emit(new AcquireOp(Span, Value.None, LockMode.Region, -1, resultType.Node?.IsDisposable == true ? result.Index : -1, node.Name));
                    break;
                case "EndsFenceCriticalAttribute":
                    any = true;
                    Emit(new ReleaseOp(Span, Value.None, LockMode.Region));
                    break;
            }
        }
        return any;
    }

    static int GuardSlot(MethodUse method, IlType resultType, int result, ImmutableArray<(int Parameter, int Slot)> outSlots)
    {
        if (method.Name == ".ctor" || resultType.Node?.IsDisposable == true)
            return result;
        foreach (var (parameter, slot) in outSlots)
        {
            if (IsOut(method, parameter) && method.Parameters[parameter].WithoutReference.Node?.IsDisposable == true)
                return slot;
        }
        return -1;
    }

    (Value Lock, LockMode Mode) Declared(Annotation a, MethodNode method, Value receiver, ImmutableArray<Value> arguments)
    {
        if (a.Text(0) is not { Length: > 0 } name)
            return (receiver is Value.This ? Declarations.ThisLock(method.Type) : receiver, Declarations.ModeOf(method.Type.Open));
        if (method.ParameterNamed(name) is >= 0 and var parameter && parameter < arguments.Length)
            return (arguments[parameter], Declarations.ModeOf(method.Signature.ParameterTypes[parameter].WithoutReference));
        if (Declarations.Member(method.Type, name) is { } field)
        {
            var (id, info) = Declarations.Lock(field);
            bool isStatic = (field.Attributes & System.Reflection.FieldAttributes.Static) != 0;
            return (new Value.Field(isStatic ? null : receiver, id, info), Declarations.ModeOf(field.Type));
        }
        return (Value.None, LockMode.Monitor);
    }

    void Requirements(MethodUse method, Value receiver, ImmutableArray<Value> arguments)
    {
        foreach (var a in method.Node?.Annotations ?? [])
        {
            if (a.Name == "RequiresLockAttribute" && Declared(a, method.Node!, receiver, arguments).Lock is not Value.NoValue and { } needed)
                Emit(new RequireOp(Span, needed, MethodNode.DocumentationId(method.Id)));
        }
    }

    /// <summary>What is held, allocated and taken when the body begins.</summary>
    public ImmutableArray<Op> Prologue()
    {
        _ops.Clear();
        var method = _source.Method;
        foreach (var a in method.Annotations)
        {
            if (a.Name is not ("RequiresLockAttribute" or "ReleasesLockAttribute") || a.Text(0) is not { Length: > 0 })
                continue;
            var (held, mode) = Declared(a, method, Value.This.Instance, [.. Enumerable.Range(0, _parameters).Select(i => Variable(ParameterSlot(i)))]);
            if (held is not Value.NoValue)
                Emit(new HeldOnEntryOp(Span, held, mode));
        }
        if (method.IsSynchronized)
            Emit(new AcquireOp(Span, SynchronizedOn(), LockMode.Monitor, -1, -1, "Synchronized"));
        if (_source.Kind == StateMachine.Async)
            Managed("async", "an async state machine");
        else if (InMachine)
            Managed("iterator", "an iterator");
        return [.. _ops];
    }

    Value SynchronizedOn() => _source.Method.IsStatic
        ? new Value.TypeOf(_source.Method.Type.DocName, _source.Method.Type.Display)
        : Declarations.ThisLock(_source.Method.Type);

    public Op? Epilogue() => _source.Method.IsSynchronized ? new ReleaseOp(Span, SynchronizedOn(), LockMode.Monitor) : null;
}
