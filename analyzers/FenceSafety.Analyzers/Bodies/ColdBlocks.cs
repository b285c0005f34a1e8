using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace FenceSafety.Analyzers.Bodies;

/// <summary>
/// Blocks from which a throw can be reached and no way out: they always end in a throw, or in a call that does not return. An endless
/// loop is not cold, and neither is code before a <c>try</c> whose throw is caught in the same body.
/// </summary>
static class ColdBlocks
{
    /// <param name="throws">The blocks that end in a throw themselves, or do not return.</param>
    public static bool[] Find(ControlFlowGraph cfg, bool includeThrowPaths, out bool[] throws)
    {
        throws = cfg.Blocks.Select(static b => Throws(b)).ToArray();
        var cold = new bool[cfg.Blocks.Length];
        if (includeThrowPaths)
            return cold;
        var never = cfg.Blocks.Select(static b => b.Operations.Any(NeverReturns) || (b.BranchValue is { } value && NeverReturns(value))).ToArray();
        // Most code never throws.
        for (int i = 0; i < never.Length; i++)
            throws[i] |= never[i];
        if (!throws.Contains(true))
            return cold;
        var leaves = Backwards(cfg, b => !never[b.Ordinal] && Branches(b).Any(static x =>
            x.Semantics is ControlFlowBranchSemantics.StructuredExceptionHandling or ControlFlowBranchSemantics.ProgramTermination
            || x.Destination is { Kind: BasicBlockKind.Exit }), never);
        bool[] ends = throws, reaches = Backwards(cfg, b => ends[b.Ordinal], never);
        for (int i = 0; i < cold.Length; i++)
            cold[i] = cfg.Blocks[i].Kind == BasicBlockKind.Block && reaches[i] && !leaves[i];
        return cold;
    }

    /// <summary>The blocks from which one that <paramref name="starts"/> can be reached.</summary>
    static bool[] Backwards(ControlFlowGraph cfg, Func<BasicBlock, bool> starts, bool[] never)
    {
        var result = new bool[cfg.Blocks.Length];
        var before = new List<int>[cfg.Blocks.Length];
        foreach (var block in cfg.Blocks.Where(b => !never[b.Ordinal]))
        {
            foreach (var next in Successors(cfg, block))
                (before[next.Ordinal] ??= new List<int>()).Add(block.Ordinal);
        }
        var work = new Stack<int>(cfg.Blocks.Where(starts).Select(static b => b.Ordinal));
        while (work.Count > 0)
        {
            int at = work.Pop();
            if (result[at])
                continue;
            result[at] = true;
            foreach (int b in before[at] ?? new List<int>())
                work.Push(b);
        }
        return result;
    }

    static bool Throws(BasicBlock block) =>
        block.FallThroughSuccessor?.Semantics is ControlFlowBranchSemantics.Throw or ControlFlowBranchSemantics.Rethrow
        || block.ConditionalSuccessor?.Semantics is ControlFlowBranchSemantics.Throw or ControlFlowBranchSemantics.Rethrow;

    static IEnumerable<ControlFlowBranch> Branches(BasicBlock block)
    {
        if (block.FallThroughSuccessor is { } fall)
            yield return fall;
        if (block.ConditionalSuccessor is { } conditional)
            yield return conditional;
    }

    /// <summary>Where control goes next: also to the handlers of a try that it enters.</summary>
    static IEnumerable<BasicBlock> Successors(ControlFlowGraph cfg, BasicBlock block)
    {
        foreach (var branch in Branches(block))
        {
            if (branch.Destination is not { } destination)
                continue;
            yield return destination;
            foreach (var handler in Catches(cfg, destination).Except(Catches(cfg, block)))
                yield return handler;
        }
    }

    /// <summary>The handlers that an exception of this block may end in.</summary>
    public static IEnumerable<BasicBlock> Catches(ControlFlowGraph cfg, BasicBlock block)
    {
        for (ControlFlowRegion? r = block.EnclosingRegion; r is not null and not { Kind: ControlFlowRegionKind.Root }; r = r.EnclosingRegion)
        {
            if (r is not { Kind: ControlFlowRegionKind.Try, EnclosingRegion: { Kind: ControlFlowRegionKind.TryAndCatch } around })
                continue;
            foreach (var handler in around.NestedRegions)
            {
                if (handler.Kind is ControlFlowRegionKind.Catch or ControlFlowRegionKind.FilterAndHandler)
                    yield return cfg.Blocks[handler.FirstBlockOrdinal];
            }
        }
    }

    static bool NeverReturns(IOperation operation)
    {
        foreach (var o in operation.DescendantsAndSelf())
        {
            if (o is IInvocationOperation call && call.TargetMethod.GetAttributes().Any(static a =>
                    a.AttributeClass is { Name: "DoesNotReturnAttribute", ContainingNamespace.Name: "CodeAnalysis" }))
                return true;
        }
        return false;
    }
}
