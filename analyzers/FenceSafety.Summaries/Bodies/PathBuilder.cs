using System.Collections.Immutable;
using System.Reflection.Metadata;
using FenceSafety.Core.Facts;

namespace FenceSafety.Summaries.Bodies;

/// <summary>
/// From blocks of IL to blocks of facts. A finally block is copied for each way through it, so that a lock released there is released
/// on that way only; code that always ends in a throw is left out.
/// </summary>
sealed class PathBuilder
{
    /// <summary>Copies of finally blocks in finally blocks multiply; a body with more blocks than this is not followed.</summary>
    const int MaxBlocks = 50_000;

    /// <summary>One activation of a finally block: where it goes on. Without a destination an exception passes through it.</summary>
    sealed class Path(Path? outer, ImmutableArray<ExceptionRegion> rest, int destination, ImmutableArray<int> handlers)
    {
        public Path? Outer { get; } = outer;
        public ImmutableArray<ExceptionRegion> Rest { get; } = rest;
        public int Destination { get; } = destination;
        public ImmutableArray<int> Handlers { get; } = handlers;
        public Dictionary<(int, int, int), Path> Inner { get; } = [];
    }

    sealed class Draft
    {
        public ImmutableArray<Op> Ops = [];
        public Condition? Condition;
        public int Next = -1;
        public int Otherwise = -1;
        public ImmutableArray<int> Handlers = [];
        public ImmutableArray<int> Rethrows = [];
        public bool IsExit;
    }

    readonly IlGraph _graph;
    readonly ReadBlock?[] _read;
    readonly bool[] _cold;
    readonly Op? _epilogue;
    readonly Func<ExceptionRegion, bool> _catchesAll;
    readonly List<Draft> _drafts = [];
    readonly int[] _outside;
    readonly Dictionary<(Path, int), int> _inside = [];
    readonly Queue<(Path? Path, IlBlock Block, int Index)> _work = new();
    readonly Dictionary<(int, int, int), Path> _top = [];
    readonly HashSet<ExceptionRegion>? _finallysWithWay;

    PathBuilder(IlGraph graph, ReadBlock?[] read, bool[] cold, Op? epilogue, Func<ExceptionRegion, bool> catchesAll)
    {
        _graph = graph;
        _read = read;
        _cold = cold;
        _epilogue = epilogue;
        _catchesAll = catchesAll;
        _outside = new int[graph.Blocks.Length];
        Array.Fill(_outside, -1);
        if (graph.Regions.IsEmpty)
            return;
        _finallysWithWay = [];
        foreach (var block in graph.Blocks)
        {
            if (block.Ending == Ending.Leave && read[block.Index] is not null)
                _finallysWithWay.UnionWith(graph.FinallysLeft(block, block.Targets[0]));
        }
    }

    /// <param name="catchesAll">The type that is caught is object or Exception.</param>
    public static ImmutableArray<Block> Build(
        IlGraph graph, ReadBlock?[] read, bool[] cold, ImmutableArray<Op> prologue, Op? epilogue, Func<ExceptionRegion, bool> catchesAll)
    {
        var builder = new PathBuilder(graph, read, cold, epilogue, catchesAll);
        builder._drafts.Add(new Draft { Ops = prologue });
        builder._drafts[0].Next = builder.IndexOf(null, 0);
        while (builder._work.Count > 0)
        {
            var (path, block, index) = builder._work.Dequeue();
            builder.Fill(path, block, builder._drafts[index]);
        }
        var blocks = ImmutableArray.CreateBuilder<Block>(builder._drafts.Count);
        foreach (var d in builder._drafts)
        {
            blocks.Add(new Block
            {
                Ops = d.Ops,
                Condition = d.Condition,
                Next = d.Next,
                Otherwise = d.Otherwise,
                Handlers = d.Handlers,
                Rethrows = d.Rethrows,
                IsExit = d.IsExit,
            });
        }
        return blocks.MoveToImmutable();
    }

    int IndexOf(Path? path, int block)
    {
        if (path is null)
            return _outside[block] >= 0 ? _outside[block] : _outside[block] = Enqueue(null, block);
        if (!_inside.TryGetValue((path, block), out int index))
            _inside.Add((path, block), index = Enqueue(path, block));
        return index;
    }

    int Enqueue(Path? path, int block)
    {
        int index = Add();
        _work.Enqueue((path, _graph.Blocks[block], index));
        return index;
    }

    int Add()
    {
        if (_drafts.Count >= MaxBlocks)
            throw new BadImageFormatException("a body with too many paths");
        _drafts.Add(new Draft());
        return _drafts.Count - 1;
    }

    void Fill(Path? path, IlBlock block, Draft draft)
    {
        draft.Handlers = Handlers(path, block);
        // An explicit throw is a path to the handlers of this body.
        if (_cold[block.Index] || block.Ending == Ending.Throw)
            draft.Rethrows = draft.Handlers;
        if (_read[block.Index] is not { } read)
            return;
        draft.Ops = read.Ops;
        switch (block.Ending)
        {
            case Ending.Return:
                draft.IsExit = true;
                if (_epilogue is not null)
                    draft.Ops = draft.Ops.Add(_epilogue);
                break;
            case Ending.Throw:
                break;
            case Ending.EndHandler when _graph.Code[block.Last].Code == ILOpCode.Endfilter:
                break;
            case Ending.EndHandler:
                if (path is { Destination: >= 0 })
                    draft.Next = Through(path.Outer, path.Rest, path.Destination);
                else if (path is not null)
                    draft.Rethrows = path.Handlers;
                break;
            case Ending.Leave:
                draft.Next = Through(path, _graph.FinallysLeft(block, block.Targets[0]).ToImmutableArray(), block.Targets[0]);
                break;
            default:
                if (read.Taken >= 0)
                    draft.Next = IndexOf(path, read.Taken);
                else if (block.Ending == Ending.Conditional)
                    Conditional(path, block, read, draft);
                else if (block.Ending == Ending.Switch)
                    Switch(path, block, draft);
                else if (Constant(block) is { } returned)
                    (draft.Ops, draft.IsExit) = (draft.Ops.Add(returned), true);
                else
                    draft.Next = IndexOf(path, block.Targets[0]);
                break;
        }
    }

    void Conditional(Path? path, IlBlock block, ReadBlock read, Draft draft)
    {
        draft.Condition = read.Condition;
        draft.Next = IndexOf(path, block.Targets[0]);
        draft.Otherwise = IndexOf(path, block.Targets[1]);
    }

    /// <summary>A row of two-way blocks.</summary>
    void Switch(Path? path, IlBlock block, Draft draft)
    {
        var targets = block.Targets.Distinct().ToArray();
        for (int i = 0; i < targets.Length; i++)
        {
            if (i == targets.Length - 1)
            {
                draft.Next = IndexOf(path, targets[i]);
                break;
            }
            draft.Condition = new Condition(Value.None, false);
            draft.Next = IndexOf(path, targets[i]);
            draft.Otherwise = Add();
            draft = _drafts[draft.Otherwise];
        }
    }

    /// <summary>
    /// Unoptimised code stores a constant in a local and jumps to where that local is returned: the constant is what this way returns.
    /// </summary>
    ReturnOp? Constant(IlBlock block)
    {
        if (_epilogue is not null || _read[block.Index]!.Ops is not [.., AssignOp { Value: Value.Constant constant } last])
            return null;
        int target = block.Targets[0];
        for (int i = 0; i < 4; i++)
        {
            var at = _graph.Blocks[target];
            if (_read[target] is not { } read)
                return null;
            if (at.Ending == Ending.Return)
                return read.Ops is [ReturnOp { Value: Value.Slot slot } ret] && slot.Index == last.Slot ? ret with { Value = constant } : null;
            if (at.Ending is not (Ending.Fall or Ending.Branch) || !read.Ops.IsEmpty)
                return null;
            target = at.Targets[0];
        }
        return null;
    }

    int Through(Path? path, ImmutableArray<ExceptionRegion> regions, int destination)
    {
        if (regions.IsEmpty)
            return IndexOf(path, destination);
        var region = regions[0];
        var inner = Inner(path, (destination, region.HandlerOffset, regions.Length), () => new Path(path, regions.RemoveAt(0), destination, []));
        return IndexOf(inner, _graph.BlockAt(region.HandlerOffset));
    }

    Path Inner(Path? path, (int, int, int) key, Func<Path> make)
    {
        var map = path?.Inner ?? _top;
        if (!map.TryGetValue(key, out var inner))
            map.Add(key, inner = make());
        return inner;
    }

    /// <summary>Where an exception in this block may be caught, or passed through, in the same body.</summary>
    ImmutableArray<int> Handlers(Path? path, IlBlock block) => _graph.Regions.IsEmpty ? [] : Handlers(path, [.. _graph.Around(block)], 0);

    ImmutableArray<int> Handlers(Path? path, (ExceptionRegion Region, bool InTry)[] around, int from)
    {
        for (int i = from; i < around.Length; i++)
        {
            var (region, inTry) = around[i];
            // What a finally block throws itself is no path; what passes through it goes on from its end.
            if (!inTry && region.Kind is ExceptionRegionKind.Finally or ExceptionRegionKind.Fault)
                return [];
            if (!inTry)
                continue;
            if (region.Kind is ExceptionRegionKind.Catch or ExceptionRegionKind.Filter)
            {
                var own = ImmutableArray.CreateBuilder<int>();
                int next = i;
                bool all = false;
                for (; next < around.Length && around[next] is { InTry: true, Region: var sibling } && sibling.TryOffset == region.TryOffset && sibling.TryLength == region.TryLength
                    && sibling.Kind is ExceptionRegionKind.Catch or ExceptionRegionKind.Filter; next++)
                {
                    own.AddRange(_graph.Entries(around[next].Region).Select(e => IndexOf(path, e)));
                    all |= around[next].Region.Kind == ExceptionRegionKind.Catch && CatchesAll(around[next].Region);
                }
                return all ? own.ToImmutable() : own.ToImmutable().AddRange(Handlers(path, around, next));
            }
            var outer = Handlers(path, around, i + 1);
            if (outer.IsEmpty && _finallysWithWay!.Contains(region))
                return outer;
            var inner = Inner(path, (-1, region.HandlerOffset, 0), () => new Path(path, [], -1, outer));
            return [IndexOf(inner, _graph.BlockAt(region.HandlerOffset))];
        }
        return [];
    }

    bool CatchesAll(ExceptionRegion region) => _catchesAll(region);
}
