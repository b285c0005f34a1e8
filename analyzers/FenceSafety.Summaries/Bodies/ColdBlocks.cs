namespace FenceSafety.Summaries.Bodies;

/// <summary>
/// Blocks from which a throw can be reached and no way out. An endless loop is not cold, and neither is code before a <c>try</c>
/// whose throw is caught in the same body.
/// </summary>
static class ColdBlocks
{
    public static bool[] Find(IlGraph graph)
    {
        var cold = new bool[graph.Blocks.Length];
        if (!Array.Exists(graph.Blocks, static b => b.Ending == Ending.Throw))
            return cold;
        var before = new List<int>?[graph.Blocks.Length];
        foreach (var block in graph.Blocks)
        {
            if (block.Ending == Ending.Throw)
                continue;
            int[] own = graph.Catches(block);
            foreach (int target in block.Targets)
            {
                (before[target] ??= []).Add(block.Index);
                foreach (int handler in graph.Catches(graph.Blocks[target]))
                {
                    if (!own.Contains(handler))
                        (before[handler] ??= []).Add(block.Index);
                }
            }
        }
        var leaves = Backwards(graph, before, static b => b.Ending is Ending.Return or Ending.EndHandler);
        var throws = Backwards(graph, before, static b => b.Ending == Ending.Throw);
        for (int i = 0; i < cold.Length; i++)
            cold[i] = throws[i] && !leaves[i];
        return cold;
    }

    static bool[] Backwards(IlGraph graph, List<int>?[] before, Func<IlBlock, bool> starts)
    {
        var result = new bool[graph.Blocks.Length];
        var work = new Stack<int>();
        foreach (var block in graph.Blocks)
        {
            if (starts(block))
                work.Push(block.Index);
        }
        while (work.TryPop(out int at))
        {
            if (result[at])
                continue;
            result[at] = true;
            foreach (int b in before[at] ?? [])
                work.Push(b);
        }
        return result;
    }
}
