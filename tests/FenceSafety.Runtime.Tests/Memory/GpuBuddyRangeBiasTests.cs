using FenceSafety.Runtime.Memory;

namespace FenceSafety.Runtime.Tests.Memory;

/// <summary>A range as a bias: larger than what is wanted of it.</summary>
public sealed class GpuBuddyRangeBiasTests : BuddyTestBase
{
    private const ulong Bias = M;

    [Theory]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(16)]
    public void Requests_inside_each_bias(int chunkLog)
    {
        ulong page = 1ul << chunkLog;
        using GpuBuddy heap = Heap((8 * M) - 1, page);
        int[] order = [.. Enumerable.Range(0, (int)(heap.Size / Bias))];
        new Random(38).Shuffle(order);
        List<AllocatedBlocks> kept = [];
        foreach (int index in order)
        {
            ulong start = (ulong)index * Bias;
            ulong end = start + Bias;

            // Too large; too small a bias; no aligned place.
            Assert.Null(Try(heap, Range(start, end), Bias + page, page));
            Assert.Null(Try(heap, Range(start, end - page), Bias, page));
            Assert.Null(Try(heap, Range(start + page, end), Bias, page));
            Assert.Null(Try(heap, Range(start + page, end - page), Bias / 2, Bias / 2));

            using (AllocatedBlocks whole = Take(heap, Range(start, end), Bias, Bias))
            {
                Assert.Equal([(start, Bias)], Shape(whole));
            }

            using (AllocatedBlocks rounded = Take(heap, Range(start, end), page, Bias))
            {
                Assert.Equal(start, rounded.First.Offset);
            }

            // Leave something, so that the next request can be larger than what is left.
            kept.Add(Take(heap, Range(start, end), Bias / 2, page));
            Assert.Null(Try(heap, Range(start, end), (Bias / 2) + page, page));
            kept.Add(Take(heap, Range(start, end), Bias / 2, page));
            Assert.Null(Try(heap, Range(start, end), page, page));
        }

        kept.ForEach(blocks => blocks.Dispose());
        Finish(heap);
    }

    [Fact]
    public void A_growing_bias_is_filled_exactly()
    {
        using GpuBuddy heap = Heap((8 * M) - 1);
        Random random = new(40);
        ulong pages = heap.Size / Page;
        ulong start = Page * (ulong)random.NextInt64(1, (long)pages - 2);
        ulong end = start + (2 * Page);
        List<AllocatedBlocks> taken = [];
        ulong left = end - start;
        while (true)
        {
            ulong size = Math.Max(left / Page / 2, 1) * Page;
            if (end - start != size)
            {
                taken.Add(Take(heap, Range(start, end), size, Page));
                left -= size;
            }

            if (left == 0)
            {
                Assert.Null(Try(heap, Range(start, end), Page));
                if (start == 0 && end == heap.Size)
                {
                    break;
                }

                ulong down = Math.Min(start, Page * (ulong)random.Next(1, 200));
                ulong up = Math.Min(heap.Size - end, Page * (ulong)random.Next(1, 200));
                start -= down;
                end += up;
                left = down + up;
            }
        }

        Assert.Equal(0ul, heap.Avail);
        Assert.Equal(heap.Size, taken.Aggregate(0ul, (sum, blocks) => sum + blocks.Size));
        taken.ForEach(blocks => blocks.Dispose());
        Finish(heap);
    }
}
