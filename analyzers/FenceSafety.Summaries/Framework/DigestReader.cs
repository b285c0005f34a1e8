using System.Collections.Immutable;
using FenceSafety.Core.Facts;
using FenceSafety.Summaries.Metadata;

namespace FenceSafety.Summaries.Framework;

/// <summary>From the blocks of a body to its digest. Locks and waits of the framework's own do not count (rules, section 2).</summary>
sealed class DigestReader
{
    /// <summary>The bit of what comes from a place that this body does not show, such as a variable of the body around it.</summary>
    public const ulong Unseen = 1UL << 63;

    /// <summary>Assignments are followed this far.</summary>
    const int MaxDepth = 8;

    readonly MethodNode _method;
    readonly ImmutableArray<Block> _blocks;
    readonly string _id;
    readonly int _parameters;
    Dictionary<int, Value>? _slots;
    Dictionary<int, string>? _made;

    DigestReader(MethodNode method, ImmutableArray<Block> blocks)
    {
        _method = method;
        _blocks = blocks;
        _id = method.Id;
        _parameters = method.Signature.ParameterTypes.Length;
    }

    public static Digest Read(MethodNode method, ImmutableArray<Block> blocks) => new DigestReader(method, blocks).Read();

    Digest Read()
    {
        foreach (var block in _blocks)
        {
            foreach (var op in block.Ops)
            {
                if (op is AssignOp assign)
                    Assign(assign.Slot, assign.Value);
                else if (op is CallOp { Creates: { } type, Result: >= 0 } creation)
                    (_made ??= [])[creation.Result] = type;
                else if (op is CallOp { Target: CallTarget.Exact { Method: var read }, Result: >= 0, Arguments: [Value.Field field] } volatileRead
                    && read.StartsWith("M:System.Threading.Volatile.Read", StringComparison.Ordinal))
                    Assign(volatileRead.Result, field);
            }
        }
        var guards = LazyRegions.Find(_blocks, Resolve);
        bool growing = Growth.IsGrowing(_method), unknown = false;
        HashSet<(string Kind, ImmutableArray<LazyGuard> Guards)>? kinds = null;
        List<DigestCall>? calls = null;
        HashSet<DelegateRef>? invokes = null;
        HashSet<string>? stores = null, resets = null;
        bool ends = _method.IsConstructor || _method.Name is "Dispose" or "Close" or "Finalize" or "System.IDisposable.Dispose";
        for (int b = 0; b < _blocks.Length; b++)
        {
            var guarded = guards is null ? [] : guards[b];
            foreach (var op in _blocks[b].Ops)
            {
                switch (op)
                {
                    case EffectOp { Effect: EffectKind.ManagedAllocation } allocation:
                        (kinds ??= []).Add((growing && allocation.Detail == "array" ? "growth" : allocation.Detail, guarded));
                        break;
                    case EffectOp { Effect: EffectKind.Unknown }:
                        unknown = true;
                        break;
                    case StoreOp { Field.Class: var field } store when !ends:
                        if (store.Value is Value.Constant { Kind: ConstantKind.Null } or Value.Constant { Kind: ConstantKind.Boolean, Bits: 0 })
                            (resets ??= new(StringComparer.Ordinal)).Add(field);
                        else
                            (stores ??= new(StringComparer.Ordinal)).Add(field);
                        break;
                    case CallOp { Target: CallTarget.Invoke } invocation:
                        (invokes ??= []).Add(Root(invocation.Receiver));
                        break;
                    case CallOp call:
                        (calls ??= []).Add(new DigestCall(call.Target, Exact(call.Receiver), From(call.Receiver, 0), Arguments(call), guarded));
                        foreach (var argument in call.Arguments)
                        {
                            if (argument is Value.Field byReference && !ends)
                                (stores ??= new(StringComparer.Ordinal)).Add(byReference.Lock.Class);
                        }
                        break;
                }
            }
        }
        return new Digest(
            _method, kinds is null ? [] : [.. kinds.OrderBy(static k => k.Kind, StringComparer.Ordinal).Select(static k => new DigestKind(k.Kind, k.Guards))], unknown,
            calls is null ? [] : [.. calls], invokes is null ? [] : [.. invokes.OrderBy(static d => d.ToString(), StringComparer.Ordinal)],
            stores is null ? [] : [.. stores], resets is null ? [] : [.. resets]);
    }

    void Assign(int slot, Value value)
    {
        _slots ??= [];
        if (!_slots.TryGetValue(slot, out var old))
            _slots[slot] = value;
        else if (old is Value.AnyOf any)
            _slots[slot] = any.Values.Contains(value) || any.Values.Length > 16 ? any : new Value.AnyOf(any.Values.Add(value));
        else if (!old.Equals(value))
            _slots[slot] = new Value.AnyOf([old, value]);
    }

    bool IsParameter(Value.Slot slot) => slot.Owner == _id && slot.Index < _parameters;

    /// <summary>A value with slots that are assigned once replaced by what they hold.</summary>
    Value? Resolve(Value? value)
    {
        for (int i = 0; i < MaxDepth && value is Value.Slot slot && !IsParameter(slot); i++)
            value = _slots?.GetValueOrDefault(slot.Index);
        return value;
    }

    string? Exact(Value? receiver)
    {
        for (int i = 0; i < MaxDepth && receiver is Value.Slot slot; i++)
        {
            if (_made is not null && _made.TryGetValue(slot.Index, out string? type))
                return type;
            receiver = _slots?.GetValueOrDefault(slot.Index);
        }
        return null;
    }

    ImmutableArray<Passed> Arguments(CallOp call)
    {
        ImmutableArray<Passed>.Builder? result = null;
        for (int i = 0; i < call.Arguments.Length; i++)
        {
            if (call.Arguments[i] is not (Value.Delegate or Value.Slot or Value.Field))
                continue;
            var root = Root(call.Arguments[i]);
            ulong from = From(call.Arguments[i], 0);
            if (root.Origin != Origin.Elsewhere || from != 0)
                (result ??= ImmutableArray.CreateBuilder<Passed>()).Add(new Passed(i, root, from));
        }
        return result?.ToImmutable() ?? [];
    }

    /// <summary>Parameters of this body that a value may be, as bits.</summary>
    ulong From(Value? value, int depth)
    {
        if (depth > MaxDepth)
            return Unseen;
        switch (value)
        {
            case Value.Slot slot when slot.Owner != _id:
                return Unseen;
            case Value.Slot slot:
                ulong own = !IsParameter(slot) ? 0 : slot.Index < 63 ? 1UL << slot.Index : Unseen;
                return own | (_slots is not null && _slots.TryGetValue(slot.Index, out var held) ? From(held, depth + 1) : 0);
            case Value.AnyOf any:
                return any.Values.Aggregate(0UL, (bits, v) => bits | From(v, depth + 1));
            default:
                return 0;
        }
    }

    DelegateRef Root(Value? value)
    {
        for (int i = 0; i < MaxDepth; i++)
        {
            switch (value)
            {
                case Value.Delegate d:
                    return new DelegateRef(Origin.Method, -1, d.Method);
                case Value.Slot slot when IsParameter(slot) && _slots?.ContainsKey(slot.Index) != true:
                    return new DelegateRef(Origin.Parameter, slot.Index, "");
                case Value.Slot slot:
                    value = _slots?.GetValueOrDefault(slot.Index);
                    break;
                default:
                    return new DelegateRef(Origin.Elsewhere, -1, "");
            }
        }
        return new DelegateRef(Origin.Elsewhere, -1, "");
    }
}
