using FenceSafety.Runtime.Mmu;

namespace FenceSafety.Runtime.Tests.Mmu;

public class MmuLayoutTests
{
    [Theory]
    [InlineData(GpuArchitecture.Turing, MmuVersion.V2)]
    [InlineData(GpuArchitecture.Ampere, MmuVersion.V2)]
    [InlineData(GpuArchitecture.Ada, MmuVersion.V2)]
    [InlineData(GpuArchitecture.Hopper, MmuVersion.V3)]
    [InlineData(GpuArchitecture.Blackwell, MmuVersion.V3)]
    public void Format_of_each_family(GpuArchitecture architecture, MmuVersion version) =>
        Assert.Equal(version, architecture.MmuVersion());

    // Bits of the virtual address that index each level, as in the manual.
    [Theory]
    [InlineData(MmuVersion.V2, PageTableLevel.Pdb, 48, 47)]
    [InlineData(MmuVersion.V2, PageTableLevel.L1, 46, 38)]
    [InlineData(MmuVersion.V2, PageTableLevel.L2, 37, 29)]
    [InlineData(MmuVersion.V2, PageTableLevel.L3, 28, 21)]
    [InlineData(MmuVersion.V2, PageTableLevel.L4, 20, 12)]
    [InlineData(MmuVersion.V3, PageTableLevel.Pdb, 56, 56)]
    [InlineData(MmuVersion.V3, PageTableLevel.L1, 55, 47)]
    [InlineData(MmuVersion.V3, PageTableLevel.L2, 46, 38)]
    [InlineData(MmuVersion.V3, PageTableLevel.L3, 37, 29)]
    [InlineData(MmuVersion.V3, PageTableLevel.L4, 28, 21)]
    [InlineData(MmuVersion.V3, PageTableLevel.L5, 20, 12)]
    public void Index_bits(MmuVersion version, PageTableLevel level, int high, int low)
    {
        ulong mask = (ulong.MaxValue >> (63 - (high - low))) << low;
        Assert.Equal(1 << (high - low + 1), version.EntriesPerTable(level));
        Assert.Equal((1 << (high - low + 1)) - 1, version.Index(level, new VirtualAddress(mask).Vfn));
        Assert.Equal(0, version.Index(level, new VirtualAddress(~mask & ((1UL << version.AddressBits()) - 1)).Vfn));
        Assert.Equal(low - 12, version.EntryShift(level));
        Assert.Equal(level == version.DualLevel() ? 16 : 8, version.EntrySize(level));
    }

    // Seed: uniform 9-bit slices. From 512 MiB on its dual index leaves the 4 KiB table.
    [Theory]
    [InlineData(MmuVersion.V2)]
    [InlineData(MmuVersion.V3)]
    public void Unlike_the_seed_every_slot_lies_inside_its_table(MmuVersion version)
    {
        var at512Mib = new VirtualAddress(512UL << 20);
        int seedIndex = (int)(at512Mib.Raw >> 21 & 511);
        Assert.True(seedIndex * 16 >= 4096);
        for (PageTableLevel level = PageTableLevel.Pdb; level <= version.PteLevel(); level++)
        {
            int last = version.Index(level, new Vfn(version.AddressSpacePages() - 1));
            Assert.True((last + 1) * version.EntrySize(level) <= 4096);
            Assert.True(version.Index(level, at512Mib.Vfn) * version.EntrySize(level) < 4096);
        }
    }

    // Two pages across a boundary. The seed's formula counts pages only and says 5 (V2) or 6 (V3), root included, for all of them.
    [Theory]
    [InlineData(MmuVersion.V2, 0x1FFUL, 5)]
    [InlineData(MmuVersion.V2, 0x1FFFFUL, 6)]
    [InlineData(MmuVersion.V2, 0x3FFFFFFUL, 7)]
    [InlineData(MmuVersion.V2, 0x7FFFFFFFFUL, 8)]
    [InlineData(MmuVersion.V3, 0x1FFUL, 6)]
    [InlineData(MmuVersion.V3, 0x1FFFFUL, 7)]
    [InlineData(MmuVersion.V3, 0x3FFFFFFUL, 8)]
    [InlineData(MmuVersion.V3, 0x7FFFFFFFFUL, 9)]
    [InlineData(MmuVersion.V3, 0xFFFFFFFFFFFUL, 10)]
    public void Exact_number_of_tables_across_a_boundary(MmuVersion version, ulong first, int tables) =>
        Assert.Equal((ulong)tables, version.TablesFor(new Vfn(first), 2));

    [Theory]
    [InlineData(MmuVersion.V2)]
    [InlineData(MmuVersion.V3)]
    public void Number_of_tables_agrees_with_counting_page_by_page(MmuVersion version)
    {
        var random = new Random(20_261_121);
        for (int round = 0; round < 300; round++)
        {
            ulong boundary = 1UL << random.Next(9, version.AddressBits() - 12);
            ulong first = boundary - (ulong)random.Next(1, 400);
            ulong pages = (ulong)random.Next(1, 900);
            if (boundary < 400 || first + pages > version.AddressSpacePages())
                continue;
            var tables = new HashSet<(PageTableLevel, ulong)>();
            for (ulong vfn = first; vfn < first + pages; vfn++)
            {
                for (PageTableLevel level = PageTableLevel.Pdb; level < version.PteLevel(); level++)
                    tables.Add((level, vfn >> version.EntryShift(level)));
            }

            Assert.Equal((ulong)tables.Count, version.TablesFor(new Vfn(first), pages));
        }
    }

    [Fact]
    public void Ranges_and_levels_that_cannot_be_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("pages", () => MmuVersion.V2.TablesFor(new Vfn(0), 0));
        Assert.Throws<ArgumentOutOfRangeException>("pages", () => MmuVersion.V2.TablesFor(new Vfn((1UL << 37) - 1), 2));
        Assert.Throws<OverflowException>(() => MmuVersion.V3.TablesFor(new Vfn(ulong.MaxValue), 2));
        Assert.Throws<ArgumentOutOfRangeException>("level", () => MmuVersion.V2.EntryShift(PageTableLevel.L5));
        Assert.Throws<ArgumentOutOfRangeException>("level", () => MmuVersion.V3.EntryShift((PageTableLevel)(-1)));
    }
}
