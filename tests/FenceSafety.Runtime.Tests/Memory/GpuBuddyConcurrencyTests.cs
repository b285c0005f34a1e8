using FenceSafety.Runtime.Memory;
using FenceSafety.Runtime.Tests.Locking;

namespace FenceSafety.Runtime.Tests.Memory;

public sealed class GpuBuddyConcurrencyTests : BuddyTestBase
{
    [Fact]
    public void Threads_share_one_heap()
    {
        using GpuBuddy heap = Heap(65 * M);
        AllocatedBlocks[][] kept = new AllocatedBlocks[4][];
        TestThread[] threads = [.. Enumerable.Range(0, 4).Select(index => TestThread.Start(() => kept[index] = Work(heap, index)))];
        foreach (TestThread thread in threads)
        {
            thread.Join();
        }

        // What is not free is what the threads kept, and no byte is anyone's twice.
        heap.DrainDeferred();
        HeapAudit.Check(heap);
        AllocatedBlocks[] live = [.. kept.SelectMany(blocks => blocks)];
        Assert.Equal(heap.Size - heap.Avail, live.Aggregate(0ul, (sum, blocks) => sum + blocks.Size));
        ulong end = 0;
        foreach (AllocatedBlock block in live.SelectMany(blocks => blocks).OrderBy(block => block.Offset))
        {
            Assert.True(block.Offset >= end);
            end = block.Offset + block.Size;
        }

        Array.ForEach(live, blocks => blocks.Dispose());
        Finish(heap);
    }

    [Fact]
    public void One_allocation_is_freed_once_however_many_threads_try()
    {
        const int Rounds = 20_000;
        using GpuBuddy heap = Heap(M);
        AllocatedBlocks blocks = heap.AllocBlocks(Simple, 12 * K);
        int arrived = 0;
        int[] freed = new int[2];

        // Both threads spin to the start of each round, so that they free at the same moment.
        TestThread[] threads = [.. Enumerable.Range(0, 2).Select(index => TestThread.Start(() =>
        {
            Random jitter = new(index);
            for (int round = 0; round < Rounds; round++)
            {
                Meet(ref arrived, (4 * round) + 2);
                Thread.SpinWait(jitter.Next(12));
                try
                {
                    if (index == 0 && round % 2 == 0)
                    {
                        blocks.Free();
                    }
                    else
                    {
                        blocks.FreeDeferred();
                    }

                    freed[index]++;
                }
                catch (ObjectDisposedException)
                {
                    // The other thread was first.
                }

                Meet(ref arrived, (4 * round) + 4);
                if (index == 0)
                {
                    Assert.Equal(round + 1, freed[0] + freed[1]);
                    heap.DrainDeferred();
                    blocks = heap.AllocBlocks(Simple, 12 * K);
                }
            }
        }))];
        Array.ForEach(threads, thread => thread.Join());
        Assert.Equal(Rounds, freed[0] + freed[1]);
        blocks.Free();
        Finish(heap);
    }

    private static void Meet(ref int arrived, int count)
    {
        Interlocked.Increment(ref arrived);
        SpinWait spinner = default;
        long start = Environment.TickCount64;
        while (Volatile.Read(ref arrived) < count)
        {
            spinner.SpinOnce(sleep1Threshold: -1);
            Assert.True(Environment.TickCount64 - start < TestThread.Bound.TotalMilliseconds, "The other thread is gone.");
        }
    }

    private static AllocatedBlocks[] Work(GpuBuddy heap, int seed)
    {
        Random random = new(seed);
        AllocatedBlocks[] live = new AllocatedBlocks[64];
        for (int i = 0; i < 20_000; i++)
        {
            ref AllocatedBlocks slot = ref live[random.Next(live.Length)];
            switch (random.Next(4))
            {
                case 0:
                    slot.FreeDeferred();
                    break;
                case 1 when !slot.IsEmpty:
                    slot.Free(Cleared);
                    break;
                default:
                    slot.Dispose();
                    break;
            }

            slot = default;
            if (heap.TryAllocBlocks(
                random.Next(3) == 0 ? TopDown : Simple, Page * (ulong)random.Next(1, 40), 0, random.Next(2) == 0 ? Clear : None,
                out AllocatedBlocks blocks))
            {
                slot = blocks;
            }

            if (i % 100 == 0)
            {
                heap.DrainDeferred();
            }
        }

        return [.. live.Where(blocks => !blocks.IsEmpty)];
    }
}
