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
    /// <summary>A call of a known lock API is its acquisition or release and nothing else.</summary>
    Value LockCall(
        IInvocationOperation call, LockCallInfo api, Value receiver, ImmutableArray<Value> arguments, ImmutableArray<(int Parameter, int Slot)> outSlots)
    {
        var operand = api.FromArgument ? call.Arguments.FirstOrDefault(static a => a.Parameter?.Ordinal == 0)?.Value : call.Instance;
        if (Unconverted(operand) is null or IInvalidOperation or { Type.TypeKind: TypeKind.Error })
            return Value.None;
        var target = LockValue(operand, api.FromArgument ? arguments[0] : receiver);
        if (!api.IsAcquire || api.Waits)
            Emit(new ReleaseOp(Span(call), target, api.Mode) { Exactly = api.ReleasesExactly });
        if (!api.IsAcquire)
            return Value.None;
        if (api.Waits)
            Emit(new EffectOp(Span(call), EffectKind.BlockingWait, "blocking", "Monitor.Wait"));
        int taken = -1;
        var result = NewSlot();
        if (api.TakenParameter >= 0)
            taken = outSlots.Where(o => o.Parameter == api.TakenParameter).Select(static o => o.Slot).DefaultIfEmpty(-1).First();
        else if (api.ReturnsTaken)
            taken = result.Index;
        Emit(new BlocksOnOp(Span(call), target));
        Emit(new AcquireOp(Span(call), target, api.Mode, taken, api.ReturnsGuard ? result.Index : -1, call.TargetMethod.Name)
        {
            Certain = api.TakenParameter >= 0 && call.TargetMethod.Name == "Enter",
        });
        return result;
    }

    /// <summary>An expression as a lock: <c>this</c>, and a parameter whose class is declared, have names of their own.</summary>
    Value LockValue(IOperation? operand, Value value)
    {
        while (operand is IConversionOperation { OperatorMethod: null } conversion)
            operand = conversion.Operand;
        while (operand is IFlowCaptureReferenceOperation r && !_chosen.Contains(r.Id) && _captured.TryGetValue(r.Id, out var captured))
        {
            operand = captured;
            while (operand is IConversionOperation { OperatorMethod: null } conversion)
                operand = conversion.Operand;
        }
        if (operand is IInstanceReferenceOperation && operand.Type is { } type)
            return ThisLock(type);
        return value;
    }

    Value ThisLock(ITypeSymbol type)
    {
        var opaque = Symbols.Opaque(type.OriginalDefinition);
        var named = _context.Annotations.Find(type, Attributes.LockClass);
        bool safe = _context.Annotations.Has(type, Attributes.FenceSafeLock);
        var info = named?.Text(0) is { Length: > 0 } name
            ? new LockInfo(LockClasses.Named(named, name), name, safe)
            : new LockInfo("this of " + opaque.TypeId, "this of " + opaque.Display, safe);
        return new Value.Field(Value.This.Instance, "this", info);
    }

    /// <summary>A call of a member that is declared to take or give locks, or to begin or end a region; null if it is not.</summary>
    Value? DeclaredLock(
        SourceSpan span, IMethodSymbol method, Value receiver, ImmutableArray<Value> arguments, ImmutableArray<(int Parameter, int Slot)> outSlots,
        ITypeSymbol? resultType)
    {
        var list = _context.Annotations.Of(method);
        if (list.IsEmpty)
            return null;
        bool any = false;
        var result = NewSlot();
        foreach (var a in list)
        {
            switch (a.Name)
            {
                case Attributes.AcquiresLock:
                    any = true;
                    var (locked, mode) = Declared(span, a, method, receiver, arguments);
                    bool tries = a.Flag("Try");
                    int guard = GuardSlot(method, resultType, result.Index, outSlots);
                    int taken = tries && method.ReturnType.SpecialType == SpecialType.System_Boolean ? result.Index : -1;
                    if (!tries)
                        Emit(new BlocksOnOp(span, locked));
                    Emit(new AcquireOp(span, locked, mode with { Shared = a.Flag("Shared"), NonBlocking = tries }, taken, guard, method.Name));
                    break;
                case Attributes.ReleasesLock:
                    any = true;
                    // Disposing a guard that this body took is seen through the guard.
                    if (IsDispose(method))
                        Emit(new GuardDisposeOp(span, receiver, Declared(span, a, method, receiver, arguments).Lock));
                    else
                        Emit(new ReleaseOp(span, Declared(span, a, method, receiver, arguments).Lock, LockMode.Monitor));
                    break;
                case Attributes.BeginsFenceCritical:
                    any = true;
                    Emit(new AcquireOp(
                        span, Value.None, LockMode.Region, -1, Disposables.IsDisposable(method.ReturnType) ? result.Index : -1, method.Name));
                    break;
                case Attributes.EndsFenceCritical:
                    any = true;
                    Emit(new ReleaseOp(span, Value.None, LockMode.Region));
                    break;
            }
        }
        return any ? result : null;
    }

    static int GuardSlot(IMethodSymbol method, ITypeSymbol? resultType, int result, ImmutableArray<(int Parameter, int Slot)> outSlots)
    {
        if (method.MethodKind == MethodKind.Constructor || Disposables.IsDisposable(resultType))
            return result;
        foreach (var (parameter, slot) in outSlots)
        {
            if (method.Parameters[parameter] is { RefKind: RefKind.Out } p && Disposables.IsDisposable(p.Type))
                return slot;
        }
        return -1;
    }

    /// <summary>The lock that an annotation names, seen from a call, and how it behaves.</summary>
    (Value Lock, LockMode Mode) Declared(SourceSpan span, Annotation a, IMethodSymbol method, Value receiver, ImmutableArray<Value> arguments)
    {
        if (a.Text(0) is not { Length: > 0 } name)
            return (receiver, ModeOf(method.ContainingType));
        if (LockMembers.Extended(method.ContainingType) is { } extended && extended.Identifier.ValueText == name)
            return (receiver, ModeOf(extended.Type is { } type ? _context.ModelOf(type).GetTypeInfo(type).Type : null));
        if (method.Parameters.FirstOrDefault(p => p.Name == name) is { } parameter && parameter.Ordinal < arguments.Length)
            return (arguments[parameter.Ordinal], ModeOf(parameter.Type));
        if (LockMembers.Find(method.ContainingType, name) is { } member)
        {
            if (member is IPropertySymbol property && Behind(span, property, receiver) is { } behind)
                return (behind, ModeOf(property.Type));
            return (new Value.Field(member.IsStatic ? null : receiver, Symbols.Id(member), Symbols.Lock(member)), ModeOf(LockClasses.TypeOf(member)));
        }
        return (Hidden(method.ContainingType, name, method.IsStatic ? null : receiver), LockMode.Monitor);
    }

    /// <summary>A property that returns another lock is that lock's class: the getter is asked, though not called.</summary>
    Value? Behind(SourceSpan span, IPropertySymbol property, Value receiver)
    {
        if (!Symbols.IsSource(property) || Getter(property) is not { } get || AutoProperties.IsPlain(property, get) || _context.Annotations.Has(property, Attributes.LockClass))
            return null;
        var result = NewSlot();
        Emit(new CallOp(span, Target(get, null, true, null), property.IsStatic ? null : receiver, ImmutableArray<Value>.Empty, result.Index)
        {
            IsLookUp = true,
            ResultType = ResultType(get),
        });
        return result;
    }

    /// <summary>A private field of a reference, which the compiler does not show: its class is its name all the same.</summary>
    Value Hidden(INamedTypeSymbol? type, string name, Value? owner)
    {
        if (type is null || Symbols.IsSource(type) || !SyntaxFacts.IsValidIdentifier(name))
            return Value.None;
        string lockClass = Symbols.Id(type).Substring(2) + "." + name;
        return new Value.Field(owner, "F:" + lockClass, new LockInfo(lockClass, SymbolNames.Display(type.OriginalDefinition) + "." + name));
    }

    LockMode ModeOf(ITypeSymbol? type)
    {
        if (type is null)
            return LockMode.Monitor;
        if (_context.Annotations.Find(type, Attributes.LockPrimitive) is { } primitive)
        {
            bool spin = primitive.Arguments.FirstOrDefault() is 1;
            return new LockMode(spin ? LockKind.Spin : LockKind.Sleeping, primitive.Flag("Recursive"));
        }
        return type.Name switch
        {
            "SpinLock" => LockMode.Spin,
            "SemaphoreSlim" or "Semaphore" or "ReaderWriterLockSlim" => LockMode.Sleeping,
            _ => LockMode.Monitor,
        };
    }

    void Requirements(SourceSpan span, IMethodSymbol method, Value receiver, ImmutableArray<Value> arguments)
    {
        foreach (var a in _context.Annotations.Of(method))
        {
            if (a.Name == Attributes.RequiresLock && Declared(span, a, method, receiver, arguments).Lock is not Value.NoValue and { } needed)
                Emit(new RequireOp(span, needed, SymbolNames.Display(method)));
        }
    }

    /// <summary>What the body's own annotations say is held when it begins.</summary>
    public void HeldOnEntry(IMethodSymbol method, SourceSpan name)
    {
        var parameters = method.Parameters.Select(p => (Value)_context.Read(p, _bodyId, _bodyId)).ToImmutableArray();
        foreach (var a in _context.Annotations.Of(method))
        {
            if (a.Name is not (Attributes.RequiresLock or Attributes.ReleasesLock) || a.Text(0) is not { Length: > 0 })
                continue;
            var (held, mode) = Declared(name, a, method, Value.This.Instance, parameters);
            if (held is not Value.NoValue)
                Emit(new HeldOnEntryOp(name, held, mode));
        }
        if (IsSynchronized(method))
            Emit(new AcquireOp(name, SynchronizedOn(method), LockMode.Monitor, -1, -1, "Synchronized"));
    }

    public void ReleasedAtEnd(IMethodSymbol method, SourceSpan name)
    {
        if (IsSynchronized(method))
            Emit(new ReleaseOp(name, SynchronizedOn(method), LockMode.Monitor));
    }

    public static bool IsSynchronized(IMethodSymbol method) =>
        (method.MethodImplementationFlags & System.Reflection.MethodImplAttributes.Synchronized) != 0;

    Value SynchronizedOn(IMethodSymbol method) => method.IsStatic
        ? new Value.TypeOf(Symbols.TypeId(method.ContainingType), SymbolNames.Display((ITypeSymbol)method.ContainingType))
        : ThisLock(method.ContainingType);
}

/// <summary>Fields and properties by the names that annotations use.</summary>
static class LockMembers
{
    /// <summary>The parameter of an extension block, which is the receiver of its members.</summary>
    public static ParameterSyntax? Extended(INamedTypeSymbol? type) =>
        type is { Name: "", DeclaringSyntaxReferences: { IsEmpty: false } declared } && declared[0].GetSyntax() is TypeDeclarationSyntax { ParameterList.Parameters: { Count: 1 } parameters }
            ? parameters[0]
            : null;

    public static ISymbol? Find(INamedTypeSymbol? type, string name)
    {
        for (var t = type; t is not null; t = t.BaseType)
        {
            foreach (var member in t.GetMembers(name))
            {
                if (member is IFieldSymbol or IPropertySymbol)
                    return member;
            }
        }
        return null;
    }
}
