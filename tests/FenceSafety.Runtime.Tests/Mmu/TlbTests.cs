using FenceSafety.Runtime.Mmu;
using FenceSafety.Runtime.Simulation;

namespace FenceSafety.Runtime.Tests.Mmu;

public class TlbTests
{
    [Fact]
    public void The_command_word_and_the_root_registers()
    {
        using var gpu = new SimulatedGpu(GpuArchitecture.Turing, 1 << 20);
        var tlb = new Tlb(gpu);
        tlb.Flush(new VramAddress(0xAB12_3456_7000), TlbAck.Globally);
        Assert.Equal(0x8000_00C1u, gpu.LastTlbCommand);
        gpu.TryReadRegister(0xB8_30A0, out uint low);
        gpu.TryReadRegister(0xB8_30A4, out uint high);
        Assert.Equal(0x1234_5670u, low);
        Assert.Equal(0xABu, high);
        tlb.Flush(new VramAddress(0x1000), TlbAck.None);
        Assert.Equal(0x8000_0001u, gpu.LastTlbCommand);
        tlb.Flush(new VramAddress(0x1000), TlbAck.Intranode);
        Assert.Equal(0x8000_0141u, gpu.LastTlbCommand);
    }

    [Fact]
    public void A_slow_invalidation_is_waited_for()
    {
        using var gpu = new SimulatedGpu(GpuArchitecture.Ada, 1 << 20);
        gpu.Faults.TlbDelay = 1_900_000_000;
        ulong before = gpu.TimerNanoseconds;
        new Tlb(gpu).Flush(new VramAddress(0x1000), TlbAck.Globally);
        Assert.InRange(gpu.TimerNanoseconds - before, 1_900_000_000UL, 1_900_050_000UL);
    }

    [Fact]
    public void A_hang_times_out_after_two_seconds_of_device_time_and_the_next_flush_does_not_overwrite_its_root()
    {
        using var gpu = new SimulatedGpu(GpuArchitecture.Hopper, 1 << 20);
        var tlb = new Tlb(gpu);
        gpu.Faults.TlbHang = true;
        ulong before = gpu.TimerNanoseconds;
        Assert.Throws<GpuTimeoutException>(() => tlb.Flush(new VramAddress(0x1000), TlbAck.Globally));
        Assert.InRange(gpu.TimerNanoseconds - before, Tlb.TimeoutNanoseconds, Tlb.TimeoutNanoseconds + 50_000);
        Assert.Throws<GpuTimeoutException>(() => tlb.Flush(new VramAddress(0x2000), TlbAck.Globally));
        gpu.TryReadRegister(0xB8_30A0, out uint low);
        Assert.Equal(0x10u, low);
        Assert.Equal(1, gpu.Counters.TlbInvalidations);

        gpu.Faults.Clear();
        tlb.Flush(new VramAddress(0x2000), TlbAck.Globally);
        Assert.Equal(2, gpu.Counters.TlbInvalidations);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_register_that_cannot_be_written_is_reported(int failing)
    {
        using var gpu = new SimulatedGpu(GpuArchitecture.Ampere, 1 << 20);
        var tlb = new Tlb(gpu);
        gpu.Faults.FailRegisterWriteAfter(failing);
        Assert.Throws<GpuAccessException>(() => tlb.Flush(new VramAddress(0x1000), TlbAck.Globally));
        Assert.Equal(0, gpu.Counters.TlbInvalidations);
        tlb.Flush(new VramAddress(0x1000), TlbAck.Globally);
        Assert.Equal(1, gpu.Counters.TlbInvalidations);
    }

    [Fact]
    public void Bad_roots_and_acknowledgements_are_refused()
    {
        using var gpu = new SimulatedGpu(GpuArchitecture.Turing, 1 << 20);
        var tlb = new Tlb(gpu);
        Assert.Throws<ArgumentException>("root", () => tlb.Flush(new VramAddress(0x1800), TlbAck.None));
        Assert.Throws<ArgumentException>("root", () => tlb.Flush(new VramAddress(1UL << 48), TlbAck.None));
        Assert.Throws<ArgumentOutOfRangeException>("ack", () => tlb.Flush(default, (TlbAck)3));
        Assert.Throws<ArgumentNullException>("device", () => new Tlb(null!));
        Assert.Equal(0, gpu.Counters.RegisterWrites);
    }

    [Fact]
    public void A_flush_allocates_nothing()
    {
        using var gpu = new SimulatedGpu(GpuArchitecture.Turing, 1 << 20);
        var tlb = new Tlb(gpu);
        tlb.Flush(new VramAddress(0x1000), TlbAck.Globally);
        gpu.Faults.TlbDelay = 100_000;
        tlb.Flush(new VramAddress(0x1000), TlbAck.Globally);
        long before = GC.GetAllocatedBytesForCurrentThread();
        tlb.Flush(new VramAddress(0x1000), TlbAck.Globally);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
