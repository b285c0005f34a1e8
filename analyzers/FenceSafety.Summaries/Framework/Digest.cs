using System.Collections.Immutable;
using FenceSafety.Core.Facts;
using FenceSafety.Summaries.Metadata;

namespace FenceSafety.Summaries.Framework;

/// <summary>Where a delegate comes from that a body calls or hands on.</summary>
enum Origin
{
    /// <summary>A parameter of the body.</summary>
    Parameter,

    /// <summary>A method or lambda.</summary>
    Method,

    /// <summary>Anything else: a field, a result.</summary>
    Elsewhere,
}

readonly record struct DelegateRef(Origin Origin, int Parameter, string Method);

/// <summary>A call in a body, as far as effects are concerned.</summary>
/// <param name="Exact">The type that the receiver is known to be, or null.</param>
/// <param name="Delegates">What is passed for parameters that are delegates, by parameter.</param>
sealed record DigestCall(CallTarget Target, string? Exact, ImmutableArray<(int Parameter, DelegateRef Value)> Delegates);

/// <summary>What one body does by itself: its own allocations, what it calls, which delegates it invokes.</summary>
sealed record Digest(MethodNode Method, ImmutableArray<string> Kinds, bool Unknown, ImmutableArray<DigestCall> Calls, ImmutableArray<DelegateRef> Invokes)
{
    /// <summary>Reads the blocks that are no throw paths; locks and waits of the framework's own do not count (rules, section 2).</summary>
    public static Digest Of(MethodNode method, MethodFacts facts)
    {
        var kinds = new SortedSet<string>(StringComparer.Ordinal);
        bool unknown = false, growing = Growth.IsGrowing(method);
        var calls = ImmutableArray.CreateBuilder<DigestCall>();
        var invokes = new HashSet<DelegateRef>();
        var slots = new Dictionary<int, Value>();
        var made = new Dictionary<int, string>();
        foreach (var block in facts.Blocks)
        {
            foreach (var op in block.Ops)
            {
                if (op is AssignOp assign)
                    slots[assign.Slot] = slots.TryGetValue(assign.Slot, out var old) && !old.Equals(assign.Value) ? Value.None : assign.Value;
                else if (op is CallOp { Creates: { } type, Result: >= 0 } creation)
                    made[creation.Result] = type;
            }
        }
        foreach (var block in facts.Blocks)
        {
            foreach (var op in block.Ops)
            {
                switch (op)
                {
                    case EffectOp { Effect: EffectKind.ManagedAllocation } allocation:
                        kinds.Add(growing && allocation.Detail == "array" ? "growth" : allocation.Detail);
                        break;
                    case EffectOp { Effect: EffectKind.Unknown }:
                        unknown = true;
                        break;
                    case CallOp { Target: CallTarget.Invoke } invocation:
                        invokes.Add(Root(invocation.Receiver, slots, facts));
                        break;
                    case CallOp call:
                        calls.Add(new DigestCall(call.Target, Exact(call.Receiver, slots, made), Delegates(call, slots, facts)));
                        break;
                }
            }
        }
        return new Digest(method, [.. kinds], unknown, calls.ToImmutable(), [.. invokes.OrderBy(static d => d.ToString(), StringComparer.Ordinal)]);
    }

    static string? Exact(Value? receiver, Dictionary<int, Value> slots, Dictionary<int, string> made)
    {
        for (int i = 0; i < 8 && receiver is Value.Slot slot; i++)
        {
            if (made.TryGetValue(slot.Index, out string? type))
                return type;
            receiver = slots.GetValueOrDefault(slot.Index);
        }
        return null;
    }

    static ImmutableArray<(int, DelegateRef)> Delegates(CallOp call, Dictionary<int, Value> slots, MethodFacts facts)
    {
        ImmutableArray<(int, DelegateRef)>.Builder? result = null;
        for (int i = 0; i < call.Arguments.Length; i++)
        {
            if (call.Arguments[i] is Value.Delegate or Value.Slot or Value.Field && Root(call.Arguments[i], slots, facts) is { Origin: not Origin.Elsewhere } root)
                (result ??= ImmutableArray.CreateBuilder<(int, DelegateRef)>()).Add((i, root));
        }
        return result?.ToImmutable() ?? [];
    }

    static DelegateRef Root(Value? value, Dictionary<int, Value> slots, MethodFacts facts)
    {
        for (int i = 0; i < 8; i++)
        {
            switch (value)
            {
                case Value.Delegate d:
                    return new DelegateRef(Origin.Method, -1, d.Method);
                case Value.Slot slot when slot.Owner == facts.Id && slot.Index < facts.ParameterSlots.Length && !slots.ContainsKey(slot.Index):
                    return new DelegateRef(Origin.Parameter, slot.Index, "");
                case Value.Slot slot:
                    value = slots.GetValueOrDefault(slot.Index);
                    break;
                default:
                    return new DelegateRef(Origin.Elsewhere, -1, "");
            }
        }
        return new DelegateRef(Origin.Elsewhere, -1, "");
    }
}

/// <summary>Allocations that only enlarge a collection's own store.</summary>
static class Growth
{
    static readonly string[] Names = ["Grow", "Resize", "EnsureCapacity", "Expand", "SetCapacity", "GrowForInsertion", "ExpandByABlock", "EnsureArrayCapacity", "GrowTable"];

    /// <summary>By name: the framework calls them like this, everywhere.</summary>
    public static bool IsGrowing(MethodNode method)
    {
        string name = method.Name is ['<', ..] ? "" : method.Name;
        return Names.Contains(name) || name.StartsWith("Grow", StringComparison.Ordinal) || name == "set_Capacity";
    }
}
