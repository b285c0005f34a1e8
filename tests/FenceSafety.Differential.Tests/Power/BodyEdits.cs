using System.Collections.Immutable;
using FenceSafety.Core.Facts;

namespace FenceSafety.Differential.Tests.Power;

using LockKind = FenceSafety.Core.Facts.LockKind;

/// <summary>Copies of bodies with something changed.</summary>
internal static class BodyEdits
{
    public static MethodFacts MapOps(MethodFacts facts, Func<IEnumerable<Op>, IEnumerable<Op>> map) =>
        MapBlocks(facts, block => Copy(block, [.. map(block.Ops)], block.Next, block.Otherwise, block.Handlers));

    public static MethodFacts MapBlocks(MethodFacts facts, Func<Block, Block> map) => new()
    {
        Id = facts.Id,
        Display = facts.Display,
        Name = facts.Name,
        Member = facts.Member,
        Blocks = [.. facts.Blocks.Select(map)],
        ParameterSlots = facts.ParameterSlots,
        ParameterDefaults = facts.ParameterDefaults,
        ReceiverDefault = facts.ReceiverDefault,
        Parent = facts.Parent,
        Nested = facts.Nested,
        OutParameters = facts.OutParameters,
        ReturnsDisposable = facts.ReturnsDisposable,
        IsConstructor = facts.IsConstructor,
        IsOfDisposable = facts.IsOfDisposable,
        IsDispose = facts.IsDispose,
        IsIterator = facts.IsIterator,
        IsVisibleOutside = facts.IsVisibleOutside,
        CallName = facts.CallName,
        WrittenElsewhere = facts.WrittenElsewhere,
        CapturedSlots = facts.CapturedSlots,
    };

    public static Block Copy(Block block, ImmutableArray<Op> ops, int next, int otherwise, ImmutableArray<int> handlers) => new()
    {
        Ops = ops,
        Condition = block.Condition,
        Next = next,
        Otherwise = otherwise,
        Handlers = handlers,
        Rethrows = block.Rethrows,
        IsExit = block.IsExit,
    };

    /// <summary>Loops are run through once.</summary>
    public static MethodFacts WithoutBackEdges(MethodFacts facts)
    {
        int index = 0;
        return MapBlocks(facts, block =>
        {
            int at = index++;
            int next = block.Next <= at && block.Next >= 0 ? -1 : block.Next;
            return Copy(block, block.Ops, next, block.Otherwise <= at && block.Otherwise >= 0 ? -1 : block.Otherwise, block.Handlers);
        });
    }

    /// <summary>Exceptions lead nowhere.</summary>
    public static MethodFacts WithoutHandlers(MethodFacts facts) =>
        MapBlocks(facts, block => Copy(block, block.Ops, block.Next, block.Otherwise, []));

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
            ? Copy(block, [.. locks.Select(a => new ReleaseOp(a.Span, a.Lock, a.Mode)), .. block.Ops], block.Next, block.Otherwise, block.Handlers)
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
