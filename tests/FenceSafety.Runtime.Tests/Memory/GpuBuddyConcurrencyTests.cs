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
        using GpuBuddy heap = Heap(M);
        for (int round = 0; round < 200; round++)
        {
            AllocatedBlocks blocks = heap.AllocBlocks(Simple, 12 * K);
            int freed = 0;
            using Barrier together = new(3);
            TestThread[] threads = [.. Enumerable.Range(0, 3).Select(index => TestThread.Start(() =>
            {
                together.SignalAndWait();
                try
                {
                    if (index == 0)
                    {
                        blocks.FreeDeferred();
                    }
                    else
                    {
                        blocks.Free();
                    }

                    Interlocked.Increment(ref freed);
                }
                catch (ObjectDisposedException)
                {
                    // Another thread was first.
                }
            }))];
            Array.ForEach(threads, thread => thread.Join());
            Assert.Equal(1, freed);
            heap.DrainDeferred();
            Assert.Equal(M, heap.Avail);
        }

        Finish(heap);
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
