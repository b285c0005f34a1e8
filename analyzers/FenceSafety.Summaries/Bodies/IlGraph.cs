using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace FenceSafety.Summaries.Bodies;

enum Ending
{
    /// <summary>Goes on to the next block.</summary>
    Fall,
    Branch,

    /// <summary>Two ways: the branch's target, and the next block.</summary>
    Conditional,
    Switch,
    Leave,
    Return,
    Throw,

    /// <summary>The end of a finally, fault or filter.</summary>
    EndHandler,
}

/// <summary>A basic block of IL.</summary>
sealed class IlBlock(int index, int first, int last, Ending ending, int[] targets)
{
    public int Index { get; } = index;

    /// <summary>Instructions by index, the last one included.</summary>
    public int First { get; } = first;
    public int Last { get; } = last;
    public Ending Ending { get; } = ending;

    /// <summary>The blocks that it may go on to, without handlers. Of a conditional: the target, then the next block.</summary>
    public int[] Targets { get; } = targets;
}

/// <summary>The control-flow graph of a body.</summary>
sealed class IlGraph
{
    IlGraph(List<Instruction> code, ImmutableArray<ExceptionRegion> regions, IlBlock[] blocks)
    {
        Code = code;
        Regions = regions;
        Blocks = blocks;
    }

    public List<Instruction> Code { get; }
    public ImmutableArray<ExceptionRegion> Regions { get; }
    public IlBlock[] Blocks { get; }

    public int Offset(IlBlock block) => Code[block.First].Offset;

    /// <param name="endsHere">Calls after which nothing runs.</param>
    public static IlGraph Build(List<Instruction> code, ImmutableArray<ExceptionRegion> regions, Func<Instruction, bool> endsHere)
    {
        if (code.Count == 0)
            throw new BadImageFormatException("an empty body");
        var byOffset = new Dictionary<int, int>(code.Count);
        for (int i = 0; i < code.Count; i++)
            byOffset.Add(code[i].Offset, i);
        var leaders = new SortedSet<int> { 0 };
        var ends = new HashSet<int>();
        for (int i = 0; i < code.Count; i++)
        {
            var ending = EndingOf(code[i].Code);
            if (ending == Ending.Fall && !(code[i].Code is ILOpCode.Call or ILOpCode.Callvirt && endsHere(code[i])))
                continue;
            if (ending == Ending.Fall)
                ends.Add(i);
            if (i + 1 < code.Count)
                leaders.Add(i + 1);
            foreach (int target in TargetsOf(code[i]))
                leaders.Add(At(byOffset, target));
        }
        int length = code[^1].End;
        foreach (var region in regions)
        {
            foreach (int offset in new[] { region.TryOffset, region.TryOffset + region.TryLength, region.HandlerOffset, region.HandlerOffset + region.HandlerLength })
            {
                if (offset != length)
                    leaders.Add(At(byOffset, offset));
            }
            if (region.Kind == ExceptionRegionKind.Filter)
                leaders.Add(At(byOffset, region.FilterOffset));
        }
        var starts = leaders.ToArray();
        var blockOf = new Dictionary<int, int>();
        for (int b = 0; b < starts.Length; b++)
            blockOf.Add(starts[b], b);
        var blocks = new IlBlock[starts.Length];
        for (int b = 0; b < starts.Length; b++)
        {
            int last = (b + 1 < starts.Length ? starts[b + 1] : code.Count) - 1;
            var ending = ends.Contains(last) ? Ending.Throw : EndingOf(code[last].Code);
            bool falls = ending is Ending.Fall or Ending.Conditional or Ending.Switch;
            if (falls && last + 1 == code.Count)
                throw new BadImageFormatException("a body that runs over its end");
            var targets = (ending == Ending.Throw ? [] : TargetsOf(code[last])).Select(t => blockOf[At(byOffset, t)]).ToList();
            if (falls)
                targets.Add(b + 1);
            blocks[b] = new IlBlock(b, starts[b], last, ending, [.. targets]);
        }
        return new IlGraph(code, regions, blocks);
    }

    static int At(Dictionary<int, int> byOffset, int offset) =>
        byOffset.TryGetValue(offset, out int index) ? index : throw new BadImageFormatException("a branch to where no instruction begins");

    static IEnumerable<int> TargetsOf(Instruction i) =>
        i.Targets is not null ? i.Targets : EndingOf(i.Code) is Ending.Branch or Ending.Conditional or Ending.Leave ? [(int)i.Operand] : [];

    static Ending EndingOf(ILOpCode code) => code switch
    {
        ILOpCode.Br or ILOpCode.Br_s => Ending.Branch,
        ILOpCode.Leave or ILOpCode.Leave_s => Ending.Leave,
        ILOpCode.Ret or ILOpCode.Jmp => Ending.Return,
        ILOpCode.Throw or ILOpCode.Rethrow => Ending.Throw,
        ILOpCode.Endfinally or ILOpCode.Endfilter => Ending.EndHandler,
        ILOpCode.Switch => Ending.Switch,
        >= ILOpCode.Brfalse_s and <= ILOpCode.Blt_un_s or >= ILOpCode.Brfalse and <= ILOpCode.Blt_un => Ending.Conditional,
        _ => Ending.Fall,
    };

    // ---- exception handling

    /// <summary>The regions whose try, handler or filter a block is in, the innermost first.</summary>
    public IEnumerable<(ExceptionRegion Region, bool InTry)> Around(IlBlock block)
    {
        int at = Offset(block);
        return Regions.Select(r => (Region: r, Part: Part(r, at))).Where(static p => p.Part.Length >= 0)
            .OrderBy(static p => p.Part.Length).Select(static p => (p.Region, p.Part.InTry));
    }

    static (int Length, bool InTry) Part(ExceptionRegion r, int at)
    {
        if (at >= r.TryOffset && at < r.TryOffset + r.TryLength)
            return (r.TryLength, true);
        if (at >= r.HandlerOffset && at < r.HandlerOffset + r.HandlerLength)
            return (r.HandlerLength, false);
        return r.Kind == ExceptionRegionKind.Filter && at >= r.FilterOffset && at < r.HandlerOffset ? (r.HandlerOffset - r.FilterOffset, false) : (-1, false);
    }

    public int BlockAt(int offset)
    {
        int low = 0, high = Blocks.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            int here = Offset(Blocks[middle]);
            if (here == offset)
                return middle;
            if (here < offset)
                low = middle + 1;
            else
                high = middle - 1;
        }
        throw new BadImageFormatException("a handler that begins at no block");
    }

    /// <summary>The finally blocks that a <c>leave</c> runs, the innermost first.</summary>
    public IEnumerable<ExceptionRegion> FinallysLeft(IlBlock from, int target)
    {
        int to = Offset(Blocks[target]);
        return Around(from).Where(p => p is { InTry: true, Region.Kind: ExceptionRegionKind.Finally }
            && !(to >= p.Region.TryOffset && to < p.Region.TryOffset + p.Region.TryLength)).Select(static p => p.Region);
    }

    /// <summary>Catch blocks of this body in which an exception of a block may end, filters included.</summary>
    public IEnumerable<int> Catches(IlBlock block) =>
        Around(block).Where(static p => p is { InTry: true, Region.Kind: ExceptionRegionKind.Catch or ExceptionRegionKind.Filter })
            .SelectMany(p => Entries(p.Region));

    public IEnumerable<int> Entries(ExceptionRegion region)
    {
        if (region.Kind == ExceptionRegionKind.Filter)
            yield return BlockAt(region.FilterOffset);
        yield return BlockAt(region.HandlerOffset);
    }
}
