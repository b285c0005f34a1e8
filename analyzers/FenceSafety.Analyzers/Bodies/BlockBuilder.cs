using System.Collections.Immutable;
using FenceSafety.Core.Facts;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace FenceSafety.Analyzers.Bodies;

/// <summary>
/// From Roslyn's control-flow graph to blocks of facts. A finally block is copied for each way through it, so that a lock released
/// there is released on that way only; code that always ends in a throw is left out.
/// </summary>
sealed class BlockBuilder
{
    /// <summary>One activation of a finally block: where it goes on.</summary>
    sealed class Path(Path? outer, ImmutableArray<ControlFlowRegion> rest, BasicBlock? destination, ImmutableArray<int> handlers)
    {
        public Path? Outer { get; } = outer;
        public ImmutableArray<ControlFlowRegion> Rest { get; } = rest;
        public BasicBlock? Destination { get; } = destination;
        public ImmutableArray<int> Handlers { get; } = handlers;
        public Dictionary<string, Path> Inner { get; } = new(StringComparer.Ordinal);
    }

    sealed class Draft
    {
        public List<Op> Ops = new();
        public Condition? Condition;
        public int Next = -1;
        public int Otherwise = -1;
        public ImmutableArray<int> Handlers = ImmutableArray<int>.Empty;
        public ImmutableArray<int> Rethrows = ImmutableArray<int>.Empty;
        public bool IsExit;
    }

    readonly ControlFlowGraph _cfg;
    readonly OperationReader _reader;
    readonly bool[] _cold;
    readonly bool[] _throws;
    readonly HashSet<ControlFlowRegion> _finallysWithWay = new();
    readonly List<Draft> _blocks;
    readonly Dictionary<(Path?, int), int> _index = new();
    readonly Queue<(Path? Path, BasicBlock Block, int Index)> _work = new();
    readonly int _exit;

    BlockBuilder(ControlFlowGraph cfg, OperationReader reader, List<Draft> blocks, int exit)
    {
        _cfg = cfg;
        _reader = reader;
        _blocks = blocks;
        _exit = exit;
        _cold = ColdBlocks.Find(cfg, reader.IncludeThrowPaths, out _throws);
        foreach (var block in cfg.Blocks)
        {
            foreach (var branch in new[] { block.FallThroughSuccessor, block.ConditionalSuccessor })
            {
                if (branch is not null && block.IsReachable)
                    _finallysWithWay.UnionWith(branch.FinallyRegions);
            }
        }
    }

    /// <summary>One body out of several graphs that run one after the other (initialisers, then the constructor).</summary>
    public static ImmutableArray<Block> Build(IEnumerable<(ControlFlowGraph? Graph, Action<OperationReader>? Extra)> parts, OperationReader reader)
    {
        var blocks = new List<Draft> { new() };
        int last = 0;
        foreach (var (graph, extra) in parts)
        {
            int end = blocks.Count;
            blocks.Add(new Draft());
            if (extra is not null)
            {
                reader.Begin();
                extra(reader);
                blocks[end].Ops.AddRange(reader.Take());
                blocks[last].Next = end;
                last = end;
            }
            if (graph is null)
                continue;
            if (extra is not null)
            {
                end = blocks.Count;
                blocks.Add(new Draft());
            }
            reader.Enter(graph);
            var builder = new BlockBuilder(graph, reader, blocks, end);
            blocks[last].Next = builder.Run();
            last = end;
        }
        blocks[last].IsExit = true;
        return blocks.Select(static d => new Block
        {
            Ops = d.Ops.ToImmutableArray(),
            Condition = d.Condition,
            Next = d.Next,
            Otherwise = d.Otherwise,
            Handlers = d.Handlers,
            Rethrows = d.Rethrows,
            IsExit = d.IsExit,
        }).ToImmutableArray();
    }

    int Run()
    {
        int entry = IndexOf(null, _cfg.Blocks[0]);
        while (_work.Count > 0)
        {
            _reader.Cancel.ThrowIfCancellationRequested();
            var (path, block, index) = _work.Dequeue();
            Fill(path, block, _blocks[index]);
        }
        return entry;
    }

    int IndexOf(Path? path, BasicBlock block)
    {
        if (block.Kind == BasicBlockKind.Exit)
            return _exit;
        if (!_index.TryGetValue((path, block.Ordinal), out int index))
        {
            index = _blocks.Count;
            _blocks.Add(new Draft());
            _index.Add((path, block.Ordinal), index);
            _work.Enqueue((path, block, index));
        }
        return index;
    }

    void Fill(Path? path, BasicBlock block, Draft draft)
    {
        draft.Handlers = Handlers(path, block.EnclosingRegion);
        // An explicit throw is a path to the handlers of this body.
        if (_throws[block.Ordinal])
            draft.Rethrows = draft.Handlers;
        if (_cold[block.Ordinal])
        {
            // Caught in this body, it is no way out of it: what is done before the throw counts, the exception itself does not.
            if (!ColdBlocks.Catches(_cfg, block).Any(c => !_cold[c.Ordinal]))
                return;
            _reader.Begin();
            foreach (var operation in block.Operations)
                _reader.Statement(operation);
            if (block.ConditionKind != ControlFlowConditionKind.None && block.BranchValue is { } test)
                draft.Condition = _reader.Condition(test);
            draft.Ops.AddRange(_reader.Take());
            Continue(path, block, draft);
            return;
        }
        _reader.Begin();
        foreach (var operation in block.Operations)
            _reader.Statement(operation);
        var fall = block.FallThroughSuccessor;
        if (block.BranchValue is { } value)
        {
            if (block.ConditionKind != ControlFlowConditionKind.None)
            {
                draft.Condition = _reader.Condition(value);
            }
            else if (fall?.Semantics is ControlFlowBranchSemantics.Return)
            {
                _reader.Return(value);
            }
            else
            {
                _reader.Statement(value);
            }
        }
        draft.Ops.AddRange(_reader.Take());
        Continue(path, block, draft);
        if (fall?.Semantics == ControlFlowBranchSemantics.StructuredExceptionHandling && path is not null && path.Destination is null)
            draft.Rethrows = path.Handlers;
    }

    void Continue(Path? path, BasicBlock block, Draft draft)
    {
        int next = Follow(path, block.FallThroughSuccessor);
        if (draft.Condition is null)
        {
            draft.Next = next;
            return;
        }
        int other = Follow(path, block.ConditionalSuccessor);
        (draft.Next, draft.Otherwise) = block.ConditionKind == ControlFlowConditionKind.WhenTrue ? (other, next) : (next, other);
    }

    /// <summary>The block that a branch leads to, through copies of the finally blocks on its way; -1 if it leaves by throwing.</summary>
    int Follow(Path? path, ControlFlowBranch? branch)
    {
        if (branch is null)
            return -1;
        if (branch.Semantics == ControlFlowBranchSemantics.StructuredExceptionHandling)
        {
            // The end of a finally block or of a filter.
            if (path is null || path.Destination is null)
                return -1;
            return Through(path.Outer, path.Rest, path.Destination);
        }
        if (branch.Destination is null)
            return -1;
        return Through(path, branch.FinallyRegions, branch.Destination);
    }

    int Through(Path? path, ImmutableArray<ControlFlowRegion> regions, BasicBlock destination)
    {
        if (regions.IsEmpty)
            return IndexOf(path, destination);
        var region = regions[0];
        string key = destination.Ordinal + ":" + string.Join(",", regions.Select(static r => r.FirstBlockOrdinal));
        var inner = Inner(path, key, () => new Path(path, regions.RemoveAt(0), destination, ImmutableArray<int>.Empty));
        return IndexOf(inner, _cfg.Blocks[region.FirstBlockOrdinal]);
    }

    readonly Dictionary<string, Path> _top = new(StringComparer.Ordinal);

    Path Inner(Path? path, string key, Func<Path> make)
    {
        var map = path?.Inner ?? _top;
        if (!map.TryGetValue(key, out var inner))
            map.Add(key, inner = make());
        return inner;
    }

    /// <summary>Where an exception in this region may be caught in the same body.</summary>
    ImmutableArray<int> Handlers(Path? path, ControlFlowRegion region)
    {
        for (ControlFlowRegion? r = region; r is not null and not { Kind: ControlFlowRegionKind.Root }; r = r.EnclosingRegion)
        {
            // What a finally block throws itself is no path; what passes through it goes on from its end.
            if (r.Kind == ControlFlowRegionKind.Finally)
                return ImmutableArray<int>.Empty;
            if (r.Kind != ControlFlowRegionKind.Try || r.EnclosingRegion is not { } around)
                continue;
            if (around.Kind == ControlFlowRegionKind.TryAndCatch)
            {
                var own = around.NestedRegions.Where(static n => n.Kind is ControlFlowRegionKind.Catch or ControlFlowRegionKind.FilterAndHandler)
                    .Select(n => IndexOf(path, _cfg.Blocks[n.FirstBlockOrdinal])).ToImmutableArray();
                bool all = around.NestedRegions.Any(static n => n.Kind == ControlFlowRegionKind.Catch && CatchesAll(n));
                return all ? own : own.AddRange(around.EnclosingRegion is null ? ImmutableArray<int>.Empty : Handlers(path, around.EnclosingRegion));
            }
            if (around.Kind == ControlFlowRegionKind.TryAndFinally)
            {
                var outer = around.EnclosingRegion is null ? ImmutableArray<int>.Empty : Handlers(path, around.EnclosingRegion);
                var last = around.NestedRegions[around.NestedRegions.Length - 1];
                if (outer.IsEmpty && _finallysWithWay.Contains(last))
                    return outer;
                var inner = Inner(path, "throw:" + last.FirstBlockOrdinal, () => new Path(path, ImmutableArray<ControlFlowRegion>.Empty, null, outer));
                return ImmutableArray.Create(IndexOf(inner, _cfg.Blocks[last.FirstBlockOrdinal]));
            }
        }
        return ImmutableArray<int>.Empty;
    }

    static bool CatchesAll(ControlFlowRegion region) =>
        region.ExceptionType is null or { SpecialType: Microsoft.CodeAnalysis.SpecialType.System_Object } || region.ExceptionType.Name == "Exception";
}
