using FenceSafety.Runtime.Mmu;

namespace FenceSafety.Runtime.Tests.Mmu;

public class AddressTests
{
    [Fact]
    public void Frames_drop_the_offset_and_addresses_of_frames_have_none()
    {
        Assert.Equal(new Vfn(0x12345), new VirtualAddress(0x1234_5ABC).Vfn);
        Assert.Equal(0xABCu, new VirtualAddress(0x1234_5ABC).PageOffset);
        Assert.Equal(new VirtualAddress(0x1234_5000), new Vfn(0x12345).Address);
        Assert.Equal(new Pfn(0x12345), new VramAddress(0x1234_5ABC).Pfn);
        Assert.Equal(new VramAddress(0x1234_5000), new Pfn(0x12345).Address);
    }

    [Fact]
    public void Video_memory_addresses_add_subtract_align_and_compare()
    {
        var address = new VramAddress(0x1_2345);
        Assert.Equal(new VramAddress(0x1_2000), address.AlignDown(0x1000));
        Assert.Equal(new VramAddress(0x1_3000), address.AlignUp(0x1000));
        Assert.Equal(new VramAddress(0x1_2000), new VramAddress(0x1_2000).AlignUp(0x1000));
        Assert.Equal(0x345UL, address - new VramAddress(0x1_2000));
        var same = new VramAddress(0x1_2345);
        Assert.True(address + 1 > address && address < address + 1 && address >= same && address <= same);
        Assert.False(address > same || address < same);
        Assert.True(address.CompareTo(VramAddress.Zero) > 0);
        Assert.True(new VramAddress(0x1_2000).IsAligned(0x2000));
    }

    [Fact]
    public void Overflow_is_never_silent()
    {
        var last = new VramAddress(ulong.MaxValue);
        Assert.False(last.TryAdd(1, out _));
        Assert.True(last.TryAdd(0, out VramAddress same) && same == last);
        Assert.Throws<OverflowException>(() => last + 1);
        Assert.Throws<OverflowException>(() => VramAddress.Zero - last);
        Assert.Throws<OverflowException>(() => last.AlignUp(2));
        Assert.Throws<OverflowException>(() => new Pfn(1UL << 52).Address);
        Assert.Throws<OverflowException>(() => new Vfn(1UL << 52).Address);
        Assert.Throws<OverflowException>(() => new Vfn(ulong.MaxValue) + 1);
        Assert.Throws<OverflowException>(() => new Pfn(ulong.MaxValue) + 1);
        Assert.Throws<ArgumentOutOfRangeException>("alignment", () => last.AlignDown(3));
    }
}
