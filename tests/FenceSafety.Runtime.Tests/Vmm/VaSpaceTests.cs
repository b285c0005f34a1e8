using FenceSafety.Runtime.VirtualMemory;

namespace FenceSafety.Runtime.Tests.VirtualMemory;

public class VaSpaceTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_reservations_agree_with_an_array_of_flags(int seed)
    {
        const int limit = 400;
        var random = new Random(seed);
        var space = new VaSpace(limit);
        var model = new bool[limit];
        var ranges = new List<VaRange>();
        for (int step = 0; step < 8000; step++)
        {
            if (random.Next(5) < 2 && ranges.Count != 0)
            {
                int which = random.Next(ranges.Count);
                VaRange released = ranges[which];
                ranges.RemoveAt(which);
                space.Release(released);
                Array.Clear(model, (int)released.First, (int)released.Pages);
                Assert.False(released.IsReserved);
            }
            else
            {
                int pages = random.Next(1, 24);
                int alignment = 1 << random.Next(5);
                int lowest = LowestGap(model, pages, alignment);
                Assert.Equal(lowest >= 0, space.TryFindGap((ulong)pages, (ulong)alignment, out ulong found));
                if (lowest >= 0)
                    Assert.Equal((ulong)lowest, found);
                int first = random.Next(3) == 0 ? random.Next(limit) : lowest;
                if (first < 0)
                    continue;
                bool free = first + pages <= limit && !model.AsSpan(first, pages).Contains(true);
                Assert.Equal(
                    first + pages <= limit && !free, first + pages <= limit && space.Overlaps((ulong)first, (ulong)(first + pages)));
                var range = new VaRange();
                Assert.Equal(free, space.TryReserve(range, (ulong)first, (ulong)pages));
                if (!free)
                    continue;
                ranges.Add(range);
                model.AsSpan(first, pages).Fill(true);
            }

            Assert.Equal(ranges.Count, space.Count);
            Assert.Equal((ulong)model.Count(b => b), space.ReservedPages);
        }

        var inOrder = new List<ulong>();
        for (VaRange? range = space.First(); range is not null; range = space.After(range))
            inOrder.Add(range.First);
        Assert.Equal(ranges.Select(r => r.First).Order(), inOrder);
    }

    [Fact]
    public void Ten_thousand_ranges_stay_shallow_and_reserving_again_takes_no_memory()
    {
        var space = new VaSpace(1UL << 45);
        VaRange[] ranges = [.. Enumerable.Range(0, 10_000).Select(_ => new VaRange())];
        for (int i = 0; i < ranges.Length; i++)
            Assert.True(space.TryReserve(ranges[i], (ulong)i * 10, 5));
        Assert.InRange(Depth(space), 14, 60);
        space.Release(ranges[5000]);
        Assert.True(space.TryFindGap(15, 1, out ulong gap) && gap == 49_995);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            space.TryFindGap(15, 1, out gap);
            space.TryReserve(ranges[5000], gap, 15);
            space.Release(ranges[5000]);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void The_ends_of_the_space()
    {
        var space = new VaSpace(100);
        Assert.False(space.TryReserve(new VaRange(), 0, 0));
        Assert.False(space.TryReserve(new VaRange(), 0, 101));
        Assert.False(space.TryReserve(new VaRange(), 100, 1));
        Assert.False(space.TryReserve(new VaRange(), ulong.MaxValue, 2));
        var all = new VaRange();
        Assert.True(space.TryReserve(all, 0, 100));
        Assert.False(space.TryFindGap(1, 1, out _));
        space.Release(all);
        space.Release(all);
        Assert.Equal(0UL, space.ReservedPages);
        Assert.False(space.TryFindGap(1, 128, out ulong first) && first != 0);
        Assert.False(space.TryFindGap(101, 1, out _));
    }

    private static int LowestGap(bool[] model, int pages, int alignment)
    {
        for (int first = 0; first + pages <= model.Length; first += alignment)
        {
            if (!model.AsSpan(first, pages).Contains(true))
                return first;
        }

        return -1;
    }

    private static int Depth(VaSpace space)
    {
        VaRange? first = space.First();
        Assert.NotNull(first);
        return DepthOf(space.Top);
    }

    private static int DepthOf(VaRange? range) => range is null ? 0 : 1 + Math.Max(DepthOf(range.Left), DepthOf(range.Right));
}
