using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using FenceSafety.Summaries.Metadata;

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

    /// <param name="assembly">What the tokens in the code are of.</param>
    public static IlGraph Build(List<Instruction> code, ImmutableArray<ExceptionRegion> regions, ManagedAssembly assembly)
    {
        if (code.Count == 0)
            throw new BadImageFormatException("an empty body");
        // By instruction: 1 where a block begins, and then the number of the block that it is in.
        var blockOf = new int[code.Count];
        var ends = new bool[code.Count];
        blockOf[0] = 1;
        for (int i = 0; i < code.Count; i++)
        {
            var ending = EndingOf(code[i].Code);
            ends[i] = ending == Ending.Fall && code[i].Code is ILOpCode.Call or ILOpCode.Callvirt && EndsHere(assembly, code[i]);
            if (ending == Ending.Fall && !ends[i])
                continue;
            if (i + 1 < code.Count)
                blockOf[i + 1] = 1;
            if (Branches(ending))
                blockOf[At(code, (int)code[i].Operand)] = 1;
            foreach (int target in code[i].Targets ?? [])
                blockOf[At(code, target)] = 1;
        }
        foreach (var region in regions)
        {
            Begin(region.TryOffset);
            Begin(region.TryOffset + region.TryLength);
            Begin(region.HandlerOffset);
            Begin(region.HandlerOffset + region.HandlerLength);
            if (region.Kind == ExceptionRegionKind.Filter)
                blockOf[At(code, region.FilterOffset)] = 1;
        }
        int count = 0;
        for (int i = 0; i < blockOf.Length; i++)
            blockOf[i] = (count += blockOf[i]) - 1;
        var blocks = new IlBlock[count];
        for (int first = 0, b = 0; b < count; b++)
        {
            int last = first;
            while (last + 1 < code.Count && blockOf[last + 1] == b)
                last++;
            blocks[b] = Block(b, first, last);
            first = last + 1;
        }
        return new IlGraph(code, regions, blocks);

        void Begin(int offset)
        {
            if (offset != code[^1].End)
                blockOf[At(code, offset)] = 1;
        }

        IlBlock Block(int b, int first, int last)
        {
            var ending = ends[last] ? Ending.Throw : EndingOf(code[last].Code);
            bool falls = ending is Ending.Fall or Ending.Conditional or Ending.Switch;
            if (falls && last + 1 == code.Count)
                throw new BadImageFormatException("a body that runs over its end");
            int branches = ending == Ending.Switch ? code[last].Targets!.Length : Branches(ending) ? 1 : 0;
            int[] targets = branches == 0 && !falls ? [] : new int[branches + (falls ? 1 : 0)];
            for (int i = 0; i < branches; i++)
                targets[i] = blockOf[At(code, ending == Ending.Switch ? code[last].Targets![i] : (int)code[last].Operand)];
            if (falls)
                targets[branches] = b + 1;
            return new IlBlock(b, first, last, ending, targets);
        }
    }

    /// <summary>Members that never return: declared so, or where an async method puts its exception.</summary>
    static bool EndsHere(ManagedAssembly assembly, Instruction i)
    {
        var use = assembly.Uses.Method(MetadataTokens.EntityHandle((int)i.Operand));
        return use.Node?.DoesNotReturn == true
            || (use.Name == "SetException" && (use.TypeName == "System.Threading.Tasks.Sources.ManualResetValueTaskSourceCore`1" || use.TypeName.StartsWith("System.Runtime.CompilerServices.", StringComparison.Ordinal)));
    }

    /// <summary>The instruction at an offset.</summary>
    static int At(List<Instruction> code, int offset)
    {
        int low = 0, high = code.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2, here = code[middle].Offset;
            if (here == offset)
                return middle;
            if (here < offset)
                low = middle + 1;
            else
                high = middle - 1;
        }
        throw new BadImageFormatException("a branch to where no instruction begins");
    }

    /// <summary>The operand says where to.</summary>
    static bool Branches(Ending ending) => ending is Ending.Branch or Ending.Conditional or Ending.Leave;

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
    public (ExceptionRegion Region, bool InTry)[] Around(IlBlock block) => Regions.IsEmpty ? [] : (_around ??= new (ExceptionRegion, bool)[Blocks.Length][])[block.Index] ??= FindAround(block);

    (ExceptionRegion Region, bool InTry)[]?[]? _around;

    (ExceptionRegion Region, bool InTry)[] FindAround(IlBlock block)
    {
        int at = Offset(block), count = 0;
        foreach (var region in Regions)
            count += Part(region, at).Length >= 0 ? 1 : 0;
        if (count == 0)
            return [];
        var found = new (ExceptionRegion Region, bool InTry)[count];
        var lengths = new int[count];
        count = 0;
        foreach (var region in Regions)
        {
            var (length, inTry) = Part(region, at);
            if (length < 0)
                continue;
            int place = count++;
            for (; place > 0 && lengths[place - 1] > length; place--)
                (found[place], lengths[place]) = (found[place - 1], lengths[place - 1]);
            (found[place], lengths[place]) = ((region, inTry), length);
        }
        return found;
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
    public int[] Catches(IlBlock block) => Regions.IsEmpty ? [] : (_catches ??= new int[Blocks.Length][])[block.Index] ??=
        [.. Around(block).Where(static p => p is { InTry: true, Region.Kind: ExceptionRegionKind.Catch or ExceptionRegionKind.Filter }).SelectMany(p => Entries(p.Region))];

    int[]?[]? _catches;

    public int[] Entries(ExceptionRegion region) =>
        region.Kind == ExceptionRegionKind.Filter ? [BlockAt(region.FilterOffset), BlockAt(region.HandlerOffset)] : [BlockAt(region.HandlerOffset)];
}
