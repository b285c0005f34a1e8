using System.Collections.Immutable;
using FenceSafety.Core.Facts;

namespace FenceSafety.Summaries.Framework;

/// <summary>
/// Blocks that run only while a field is empty: <c>_field ??= Make()</c>, <c>if (s_field == null) { … }</c>. Whether they fill the field, and
/// whether it is ever emptied again, decides if that is once.
/// </summary>
static class LazyRegions
{
    /// <summary>The guards of each block; null if no block has one.</summary>
    /// <param name="resolve">What a slot holds.</param>
    public static ImmutableArray<LazyGuard>[]? Find(ImmutableArray<Block> blocks, Func<Value?, Value?> resolve)
    {
        ImmutableArray<LazyGuard>[]? result = null;
        int[]? predecessors = null;
        for (int b = 0; b < blocks.Length; b++)
        {
            if (blocks[b].Condition is not { Compares: null } condition || Tested(condition, resolve) is not var (field, holdsIfEmpty))
                continue;
            int entry = holdsIfEmpty ? blocks[b].Next : blocks[b].Otherwise;
            predecessors ??= Predecessors(blocks);
            if (entry < 0 || blocks[b].Next == blocks[b].Otherwise || predecessors[entry] != 1)
                continue;
            var region = Dominated(blocks, predecessors, entry);
            string name = field.Lock.Class;
            bool stored = region.Any(r => blocks[r].Ops.Any(op => op is StoreOp { Field: { } to } && to.Class == name
                || op is CallOp call && call.Arguments.Any(a => a is Value.Field f && f.Lock.Class == name)));
            var guard = new LazyGuard(name, field.Base is not null, stored);
            if (result is null)
                Array.Fill(result = new ImmutableArray<LazyGuard>[blocks.Length], []);
            foreach (int r in region)
                result[r] = result[r].Add(guard);
        }
        return result;
    }

    static (Value.Field Field, bool HoldsIfEmpty)? Tested(Condition condition, Func<Value?, Value?> resolve)
    {
        bool negated = condition.Value is Value.Not;
        var value = resolve(condition.Value is Value.Not not ? not.Operand : condition.Value);
        if (value is not Value.Field field)
            return null;
        // A flag is false before; only of statics it says that what follows runs once.
        if (!condition.IsNull)
            return field.Base is null ? (field, negated) : null;
        return (field, !negated);
    }

    static int[] Predecessors(ImmutableArray<Block> blocks)
    {
        var count = new int[blocks.Length];
        if (count.Length > 0)
            count[0] = 1;
        foreach (var block in blocks)
        {
            foreach (int s in Successors(block))
                count[s]++;
        }
        return count;
    }

    static IEnumerable<int> Successors(Block block)
    {
        if (block.Next >= 0)
            yield return block.Next;
        if (block.Otherwise >= 0 && block.Otherwise != block.Next)
            yield return block.Otherwise;
        foreach (int h in block.Handlers)
            yield return h;
        foreach (int r in block.Rethrows)
            yield return r;
    }

    /// <summary>The blocks that can only be reached through <paramref name="entry"/>; a loop inside is left out, which only reports more.</summary>
    static List<int> Dominated(ImmutableArray<Block> blocks, int[] predecessors, int entry)
    {
        var region = new List<int> { entry };
        var seen = new Dictionary<int, int>();
        for (int i = 0; i < region.Count; i++)
        {
            foreach (int s in Successors(blocks[region[i]]))
            {
                int met = seen[s] = seen.GetValueOrDefault(s) + 1;
                if (met == predecessors[s])
                    region.Add(s);
            }
        }
        return region;
    }
}
