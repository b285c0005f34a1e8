using FenceSafety.Runtime.Simulation;

namespace FenceSafety.Runtime.Tests.Simulation;

public class ReservedMemoryTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_quarter_tebibyte_reads_as_zero_and_keeps_what_is_written_anywhere(bool trackCommits)
    {
        using var memory = new ReservedMemory(SimulatedGpu.MaxVramSize, trackCommits);
        foreach (ulong at in new ulong[] { 0, 1 << 16, (128UL << 30) + 8, SimulatedGpu.MaxVramSize - 8 })
        {
            Assert.Equal(0UL, memory.Read(at, 8));
            memory.Write(at, 8, at ^ 0xDEAD_BEEF_0BAD_F00D);
            Assert.Equal(at ^ 0xDEAD_BEEF_0BAD_F00D, memory.Read(at, 8));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Words_and_narrow_accesses_see_the_same_little_endian_bytes(bool trackCommits)
    {
        using var memory = new ReservedMemory(1 << 20, trackCommits);
        memory.WordsForWrite(0x1_0008, 1)[0] = 0x8877_6655_4433_2211;
        Assert.Equal(0x11UL, memory.Read(0x1_0008, 1));
        Assert.Equal(0x4433UL, memory.Read(0x1_000A, 2));
        Assert.Equal(0x8877_6655UL, memory.Read(0x1_000C, 4));
        memory.Write(0x1_000F, 1, 0xEE);
        var words = new ulong[2];
        memory.ReadWords(0x1_0008, words);
        Assert.Equal([0xEE77_6655_4433_2211, 0UL], words);
    }

    [Fact]
    public void Only_touched_pages_cost_memory_and_a_write_takes_nothing_from_the_managed_heap()
    {
        using var memory = new ReservedMemory(SimulatedGpu.MaxVramSize);
        memory.Write(0, 8, 1);
        long resident = Environment.WorkingSet;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (ulong i = 0; i < 256; i++)
            memory.Write(i << 30, 8, i + 1);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.InRange(Environment.WorkingSet - resident, long.MinValue, 512L << 20);
    }

    [Theory]
    [InlineData(0x1_0000, 8)]
    [InlineData(0xFFF9, 8)]
    [InlineData(0xFFFF, 2)]
    public void Outside_is_refused(ulong offset, int width)
    {
        using var memory = new ReservedMemory(1 << 16);
        Assert.Throws<ArgumentOutOfRangeException>("offset", () => memory.Write(offset, width, 0));
    }

    [Fact]
    public void Disposed_is_refused()
    {
        var memory = new ReservedMemory(1 << 16);
        memory.Dispose();
        memory.Dispose();
        Assert.Throws<ObjectDisposedException>(() => memory.Read(0, 8));
    }
}
