using System.Collections.Immutable;
using FenceSafety.Core.Facts;

namespace FenceSafety.Differential.Tests.Power;

using LockKind = FenceSafety.Core.Facts.LockKind;

/// <summary>Copies of bodies with something changed.</summary>
internal static class BodyEdits
{
    public static MethodFacts MapOps(MethodFacts facts, Func<IEnumerable<Op>, IEnumerable<Op>> map) =>
        MapBlocks(facts, block => block with { Ops = [.. map(block.Ops)] });

    public static MethodFacts MapBlocks(MethodFacts facts, Func<Block, Block> map) => facts with { Blocks = [.. facts.Blocks.Select(map)] };

    /// <summary>Loops are run through once.</summary>
    public static MethodFacts WithoutBackEdges(MethodFacts facts)
    {
        int index = 0;
        return MapBlocks(facts, block =>
        {
            int at = index++;
            int next = block.Next <= at && block.Next >= 0 ? -1 : block.Next;
            return block with { Next = next, Otherwise = block.Otherwise <= at && block.Otherwise >= 0 ? -1 : block.Otherwise };
        });
    }

    /// <summary>Behind a loop every lock of the body counts as given back.</summary>
    public static MethodFacts ReleasedAfterLoops(MethodFacts facts)
    {
        var behind = new HashSet<int>();
        for (int i = 0; i < facts.Blocks.Length; i++)
        {
            Block block = facts.Blocks[i];
            int head = block.Next <= i ? block.Next : block.Otherwise <= i ? block.Otherwise : -1;
            if (head < 0)
                continue;
            // The way out of the loop that its head takes, or the one that its end takes.
            behind.UnionWith(new[] { facts.Blocks[head].Otherwise, facts.Blocks[head].Next, block.Otherwise, block.Next }.Where(next => next > i));
        }

        var locks = facts.Blocks.SelectMany(b => b.Ops).OfType<AcquireOp>().Where(a => a.Mode.Kind is LockKind.Sleeping or LockKind.Spin).ToList();
        int index = 0;
        return behind.Count == 0 ? facts : MapBlocks(facts, block => behind.Contains(index++)
            ? block with { Ops = [.. locks.Select(a => new ReleaseOp(a.Span, a.Lock, a.Mode)), .. block.Ops] }
            : block);
    }

    /// <summary>A lock that the body gave back before counts as not taken again.</summary>
    public static MethodFacts WithoutRetakes(MethodFacts facts)
    {
        var released = facts.Blocks.SelectMany(b => b.Ops).OfType<ReleaseOp>().ToList();
        return MapOps(facts, ops => ops.Where(op => op is not AcquireOp acquire
            || !released.Exists(r => r.Span.CompareTo(acquire.Span) < 0 && r.Lock == acquire.Lock)));
    }

    /// <summary>A body that takes a lock for its caller counts as taking none.</summary>
    public static MethodFacts WithoutLocksForCallers(MethodFacts facts)
    {
        bool gives = facts.Blocks.SelectMany(b => b.Ops).Any(op => op is ReleaseOp or ScopeOp);
        return gives ? facts : MapOps(facts, ops => ops.Where(op => op is not AcquireOp { Guard: < 0, Mode.Kind: LockKind.Sleeping or LockKind.Spin }));
    }

    public static Value MapValue(Value value, Func<Value, Value> map) => map(value) switch
    {
        Value.Field { Base: { } parent } field => field with { Base = MapValue(parent, map) },
        Value.AnyOf any => new Value.AnyOf([.. any.Values.Select(v => MapValue(v, map))]),
        var mapped => mapped,
    };

    /// <summary>The op with its values changed.</summary>
    public static Op MapValues(Op op, Func<Value, Value> map) => op switch
    {
        AssignOp assign => assign with { Value = MapValue(assign.Value, map) },
        AcquireOp acquire => acquire with { Lock = MapValue(acquire.Lock, map) },
        ReleaseOp release => release with { Lock = MapValue(release.Lock, map) },
        CallOp call => call with { Arguments = [.. call.Arguments.Select(a => MapValue(a, map))] },
        _ => op,
    };
}
