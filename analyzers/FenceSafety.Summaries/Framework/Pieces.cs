using System.Collections.Concurrent;

namespace FenceSafety.Summaries.Framework;

/// <summary>Numbers in stretches, on all cores.</summary>
static class Pieces
{
    const int Size = 1024;

    public static void ForEach(int count, Action<int> action)
    {
        if (count == 0)
            return;
        Parallel.ForEach(Partitioner.Create(0, count, Size), piece =>
        {
            for (int i = piece.Item1; i < piece.Item2; i++)
                action(i);
        });
    }
}
