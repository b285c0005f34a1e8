using FenceSafety.Runtime.Memory;
using FenceSafety.Runtime.Mmu;
using FenceSafety.Runtime.Simulation;

namespace FenceSafety.Runtime.Tests.Memory;

public class PraminTests
{
    private const ulong Size = 64UL << 20;

    public static TheoryData<GpuArchitecture> Families() => new(Enum.GetValues<GpuArchitecture>());

    [Theory]
    [MemberData(nameof(Families))]
    public void Bytes_at_any_address_and_words_in_little_endian(GpuArchitecture architecture)
    {
        using var gpu = new SimulatedGpu(architecture, Size);
        var pramin = new Pramin(gpu);
        using PraminWindow window = pramin.Window();
        for (byte i = 0; i < 4; i++)
            window.Write8(At(1u + i), (byte)(0xA0 + i));
        for (byte i = 0; i < 4; i++)
            Assert.Equal(0xA0 + i, window.Read8(At(1u + i)));

        window.Write32(At(0x10), 0xDEAD_BEEF);
        Assert.Equal([0xEF, 0xBE, 0xAD, 0xDE], new[] { window.Read8(At(0x10)), window.Read8(At(0x11)), window.Read8(At(0x12)), window.Read8(At(0x13)) });
        window.Write16(At(0x12), 0x1234);
        Assert.Equal(0x1234_BEEFu, window.Read32(At(0x10)));
        window.Write64(At(0x18), 0x1122_3344_5566_7788);
        Assert.Equal(0x3344, window.Read16(At(0x1C)));
        Assert.Equal(0x1122_3344_5566_7788UL, window.Read64(At(0x18)));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void The_window_moves_only_when_an_access_does_not_fit(GpuArchitecture architecture)
    {
        using var gpu = new SimulatedGpu(architecture, Size);
        var pramin = new Pramin(gpu);
        using (PraminWindow window = pramin.Window())
        {
            window.Write32(At(0), 1);
            window.Write32(At(2 << 20), 2);
            Assert.Equal(1u, window.Read32(At(0)));
            Assert.Equal(2u, window.Read32(At(2 << 20)));
            Assert.Equal(4, gpu.Counters.WindowMoves);

            // Everything in the megabyte from the base is reached without a move, the first byte behind it is not.
            window.Write64(At((3UL << 20) - 8), 3);
            window.Write8(At(2 << 20), 9);
            Assert.Equal(4, gpu.Counters.WindowMoves);
            window.Write64(At(3UL << 20), 4);
            window.Write64(At((3UL << 20) - 8), 3);
            Assert.Equal(6, gpu.Counters.WindowMoves);
        }

        Assert.Equal(4UL, gpu.PeekVram(3UL << 20));
        Assert.Equal(3UL, gpu.PeekVram((3UL << 20) - 8));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Going_down_moves_the_window_once_for_each_megabyte(GpuArchitecture architecture)
    {
        using var gpu = new SimulatedGpu(architecture, Size);
        var pramin = new Pramin(gpu);
        using PraminWindow window = pramin.Window();
        for (ulong page = 512; page-- > 0;)
            Assert.Equal(512, window.FillRun(At(page << 12), 512, page));
        Assert.Equal(2, gpu.Counters.WindowMoves);
        Assert.Equal(0UL, gpu.PeekVram(8));
        Assert.Equal(511UL, gpu.PeekVram((2 << 20) - 8));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_run_across_the_end_of_a_megabyte_is_one_access(GpuArchitecture architecture)
    {
        using var gpu = new SimulatedGpu(architecture, Size);
        var pramin = new Pramin(gpu);
        using PraminWindow window = pramin.Window();
        Assert.Equal(4, window.FillRun(At((1 << 20) - 16), 4, 7));
        Assert.Equal(1, gpu.Counters.WindowMoves);
        Assert.Equal(7UL, gpu.PeekVram((1 << 20) - 16));
        Assert.Equal(7UL, gpu.PeekVram((1 << 20) + 8));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void The_last_word_is_reached_and_nothing_behind_it(GpuArchitecture architecture)
    {
        using var gpu = new SimulatedGpu(architecture, Size);
        var pramin = new Pramin(gpu);
        Assert.Equal(At(Size), pramin.End);
        pramin.Window().Dispose();
        using (PraminWindow window = pramin.Window())
            window.Write32(At(Size - 4), 1);
        Refused<ArgumentOutOfRangeException>(pramin, w => w.Write32(At(Size), 1));
        Refused<ArgumentOutOfRangeException>(pramin, w => w.Read64(At(ulong.MaxValue & ~7UL)));
        Refused<ArgumentOutOfRangeException>(pramin, w => w.FillRun(At(Size - 8), 2, 0));
        Refused<ArgumentOutOfRangeException>(pramin, w => w.FillRun(At(0x8000), (1 << 20) / 8, 0));
        Refused<ArgumentOutOfRangeException>(pramin, w => w.FillRun(At(0), -1, 0), "count");
    }

    [Fact]
    public void Misaligned_words_are_refused()
    {
        using var gpu = new SimulatedGpu(GpuArchitecture.Turing, Size);
        var pramin = new Pramin(gpu);
        Refused<ArgumentException>(pramin, w => w.Read16(At(1)));
        Refused<ArgumentException>(pramin, w => w.Write32(At(2), 0));
        Refused<ArgumentException>(pramin, w => w.Read64(At(4)));
        Refused<ArgumentException>(pramin, w => w.ReadRun(At(4), new ulong[1]));
        using PraminWindow window = pramin.Window();
        Assert.Equal(0, window.Read16(At(2)));
        Assert.Equal(1, gpu.Counters.WindowMoves);
    }

    [Fact]
    public void A_failing_device_is_an_exception_for_one_word_and_a_count_for_a_run()
    {
        using var gpu = new SimulatedGpu(GpuArchitecture.Turing, Size);
        var pramin = new Pramin(gpu);
        gpu.Faults.FailRegisterWriteAfter(0);
        Refused<GpuAccessException>(pramin, w => w.Read64(At(0)));
        gpu.Faults.FailWriteAfter(0);
        Refused<GpuAccessException>(pramin, w => w.Write8(At(0), 1));
        gpu.Faults.FailReadAfter(0);
        Refused<GpuAccessException>(pramin, w => w.Read8(At(0)));

        using PraminWindow window = pramin.Window();
        gpu.Faults.FailWriteAfter(3);
        Assert.Equal(3, window.WriteRun(At(0x1000), new ulong[] { 1, 2, 3, 4, 5 }));
        var back = new ulong[5];
        Assert.Equal(5, window.ReadRun(At(0x1000), back));
        Assert.Equal([1UL, 2, 3, 0, 0], back);
        Assert.Equal(5, window.FillRun(At(0x1000), 5, 7));
        gpu.Faults.FailReadAfter(2);
        Assert.Equal(2, window.ReadRun(At(0x1000), back));
        gpu.Faults.FailWriteAfter(0);
        Assert.False(window.TryWrite64(At(0), 1));
        Assert.True(window.TryWrite64(At(0), 1));
        gpu.Faults.FailReadAfter(0);
        Assert.False(window.TryRead64(At(0), out _));
    }

    [Fact]
    public void After_a_failed_move_the_window_is_found_again()
    {
        using var gpu = new SimulatedGpu(GpuArchitecture.Hopper, Size);
        var pramin = new Pramin(gpu);
        using PraminWindow window = pramin.Window();
        window.Write64(At(0), 1);
        gpu.Faults.FailRegisterWriteAfter(0);
        Assert.False(window.TryWrite64(At(8 << 20), 2));
        window.Write64(At(8), 3);
        Assert.Equal(3UL, gpu.PeekVram(8));
        Assert.Equal(0UL, gpu.PeekVram(8 << 20));
    }

    [Theory]
    [InlineData(GpuArchitecture.Turing, 40)]
    [InlineData(GpuArchitecture.Hopper, 38)]
    [InlineData(GpuArchitecture.Blackwell, 39)]
    public void A_memory_larger_than_the_base_register_reaches_is_refused(GpuArchitecture architecture, int bits)
    {
        Assert.NotNull(new Pramin(new HugeDevice(architecture, 1UL << bits)));
        Assert.Throws<ArgumentException>("device", () => new Pramin(new HugeDevice(architecture, (1UL << bits) + 0x1_0000)));
        Assert.Throws<ArgumentNullException>("device", () => new Pramin(null!));
    }

    [Fact]
    public void The_window_is_held_by_one_thread_at_a_time_and_given_back()
    {
        using var gpu = new SimulatedGpu(GpuArchitecture.Turing, Size);
        var pramin = new Pramin(gpu);
        int inside = 0;
        int worst = 0;
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
        {
            for (int round = 0; round < 500; round++)
            {
                using PraminWindow window = pramin.Window();
                worst = Math.Max(worst, Interlocked.Increment(ref inside));
                var at = At((ulong)i * (2 << 20) + (ulong)round * 8);
                window.Write64(at, (ulong)round + 1);
                Interlocked.Decrement(ref inside);
            }
        });
        Assert.Equal(1, worst);
        for (ulong i = 0; i < 4; i++)
            Assert.Equal(500UL, gpu.PeekVram(i * (2 << 20) + 499 * 8));
    }

    [Fact]
    public void Accesses_allocate_nothing()
    {
        using var gpu = new SimulatedGpu(GpuArchitecture.Turing, Size);
        var pramin = new Pramin(gpu);
        Use();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Use();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Use()
        {
            using PraminWindow window = pramin.Window();
            Span<ulong> words = stackalloc ulong[512];
            window.ReadRun(At(0x1000), words);
            window.WriteRun(At(32 << 20), words);
            window.FillRun(At(0x2000), 512, 0);
            window.Write64(At(8), window.Read64(At(0)));
        }
    }

    private delegate void Access(PraminWindow window);

    private static void Refused<T>(Pramin pramin, Access access, string name = "address")
        where T : Exception
    {
        Exception thrown = Assert.Throws<T>(() =>
        {
            using PraminWindow window = pramin.Window();
            access(window);
        });
        if (thrown is ArgumentException argument)
            Assert.Equal(name, argument.ParamName);
    }

    private static VramAddress At(ulong raw) => new(raw);

    private sealed class HugeDevice(GpuArchitecture architecture, ulong size) : IGpuDevice
    {
        public GpuArchitecture Architecture => architecture;

        public ulong VramSize => size;

        public ulong TimerNanoseconds => 0;

        public void Delay(uint nanoseconds)
        {
        }

        public bool TryReadRegister(uint offset, out uint value) => throw new NotSupportedException();

        public bool TryWriteRegister(uint offset, uint value) => throw new NotSupportedException();

        public bool TryReadAperture(uint offset, int width, out ulong value) => throw new NotSupportedException();

        public bool TryWriteAperture(uint offset, int width, ulong value) => throw new NotSupportedException();

        public int ReadAperture64(uint offset, Span<ulong> words) => throw new NotSupportedException();

        public int WriteAperture64(uint offset, ReadOnlySpan<ulong> words) => throw new NotSupportedException();

        public int FillAperture64(uint offset, int count, ulong value) => throw new NotSupportedException();
    }
}
