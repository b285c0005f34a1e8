using FenceSafety.Runtime.Mmu;

namespace FenceSafety.Runtime.Tests.Mmu;

/// <summary>Whole entries as 64-bit constants, worked out by hand from the manuals.</summary>
public class GoldenEntryTests
{
    [Theory]
    [InlineData(MmuVersion.V2, true, 0x0000_0000_0123_4501UL)]
    [InlineData(MmuVersion.V2, false, 0x0000_0000_0123_4541UL)]
    [InlineData(MmuVersion.V3, true, 0x0000_0000_1234_5041UL)]
    [InlineData(MmuVersion.V3, false, 0x0000_0000_1234_5061UL)]
    public void Small_page(MmuVersion version, bool writable, ulong expected) =>
        Assert.Equal(expected, Pte.Vram(version, new Pfn(0x12345), new PageAttributes(writable)).Raw);

    [Theory]
    [InlineData(MmuVersion.V2, 0x0600_0000_0123_4521UL)]
    [InlineData(MmuVersion.V3, 0x0000_0000_1234_5651UL)]
    public void Privileged_generic_page(MmuVersion version, ulong expected) =>
        Assert.Equal(expected, Pte.Vram(version, new Pfn(0x12345), new PageAttributes(true, PteKind.Generic, Privileged: true)).Raw);

    [Theory]
    [InlineData(MmuVersion.V2, 0x0000_0000_0002_0302UL)]
    [InlineData(MmuVersion.V3, 0x0000_0000_0020_3002UL)]
    public void Directory_entry(MmuVersion version, ulong expected)
    {
        Assert.Equal(expected, Pde.Vram(version, new VramAddress(0x20_3000)).Raw);
        Assert.Equal(expected, DualPde.SmallHalf(version, new VramAddress(0x20_3000)));
    }

    [Theory]
    [InlineData(MmuVersion.V2, 0x0000_0000_0002_0352UL)]
    [InlineData(MmuVersion.V3, 0x0000_0000_0020_3502UL)]
    public void Big_half_is_in_units_of_256_bytes(MmuVersion version, ulong expected) =>
        Assert.Equal(expected, DualPde.BigHalf(version, new VramAddress(0x20_3500)));

    [Theory]
    [InlineData(MmuVersion.V2, 0x20UL)]
    [InlineData(MmuVersion.V3, 0x18UL)]
    public void Invalid_sparse_and_no_small_pages(MmuVersion version, ulong noSmallPages)
    {
        Assert.Equal(0UL, Pte.Invalid(version).Raw);
        Assert.Equal(0UL, Pde.Invalid(version).Raw);
        Assert.Equal(8UL, Pte.Sparse(version).Raw);
        Assert.Equal(8UL, Pde.Sparse(version).Raw);
        Assert.Equal(noSmallPages, Pte.NoSmallPages(version).Raw);
        Assert.True(Pte.Sparse(version).IsSparse);
        Assert.True(Pde.Sparse(version).IsSparse);
        Assert.False(Pte.NoSmallPages(version).IsSparse);
        Assert.True(new DualPde(version, 8, 0).IsSparse);
        Assert.False(new DualPde(version, 8, Pde.Vram(version, new VramAddress(0x1000)).Raw).IsSparse);
    }

    [Fact]
    public void Control_bits_of_V3_follow_the_hardware_header_and_not_nova()
    {
        Assert.Equal(0x10UL, new PteV3(0) { Pcf = PtePcf.Privileged }.Raw);
        Assert.Equal(0x80UL, new PteV3(0) { Pcf = PtePcf.AccessCountingDisabled }.Raw);
        Assert.Equal(7, (int)PteKind.Invalid);
    }

    [Theory]
    [InlineData(MmuVersion.V2, 0x1FF_FFFFUL)]
    [InlineData(MmuVersion.V3, 0xFF_FFFF_FFFFUL)]
    public void The_last_frame_fits_and_the_next_does_not(MmuVersion version, ulong last)
    {
        Assert.Equal(new Pfn(last), version.MaxVramPfn());
        Assert.Equal(new Pfn(last), Pte.Vram(version, new Pfn(last), PageAttributes.ReadWrite).Frame);
        Assert.Throws<ArgumentOutOfRangeException>(() => Pte.Vram(version, new Pfn(last + 1), PageAttributes.ReadWrite));
        Assert.Throws<ArgumentOutOfRangeException>(() => Pde.Vram(version, new Pfn(last + 1).Address));
        Assert.Throws<ArgumentOutOfRangeException>(() => DualPde.BigHalf(version, new Pfn(last + 1).Address));
    }

    [Theory]
    [InlineData(MmuVersion.V2)]
    [InlineData(MmuVersion.V3)]
    public void Misaligned_tables_are_refused(MmuVersion version)
    {
        Assert.Throws<ArgumentException>("table", () => Pde.Vram(version, new VramAddress(0x1800)));
        Assert.Throws<ArgumentException>("table", () => DualPde.BigHalf(version, new VramAddress(0x1080)));
    }

    [Theory]
    [InlineData(MmuVersion.V2)]
    [InlineData(MmuVersion.V3)]
    public void A_huge_page_is_no_table(MmuVersion version)
    {
        ulong page = Pte.Vram(version, new Pfn(0x200), PageAttributes.ReadWrite).Raw;
        var dual = new DualPde(version, page, Pde.Vram(version, new VramAddress(0x5000)).Raw);
        Assert.True(dual.IsPte);
        Assert.False(dual.HasSmall);
        Assert.False(dual.HasBig);

        // Aperture code 1 is peer memory in a page and video memory in a table: nova, not looking at bit 0, would follow it.
        Assert.False(new Pde(version, page | 2).IsValidVram);
    }

    [Fact]
    public void A_table_in_system_memory_is_valid_but_not_ours_to_follow()
    {
        var v2 = new Pde(MmuVersion.V2, new PdeV2(0) { Aperture = PdeAperture.SystemCoherent, SystemFrame = 0x3FFF_FFFF_FFFF }.Raw);
        Assert.True(v2.IsValid);
        Assert.False(v2.IsValidVram);
        Assert.Equal(0x003F_FFFF_FFFF_FF04UL, v2.Raw);
    }
}
