using FenceSafety.Runtime.Mmu;
using FsCheck;
using FsCheck.Fluent;

namespace FenceSafety.Runtime.Tests.Mmu;

/// <summary>
/// For every field of every entry: what is put in comes out, only the bits named in the manual change, and a value that is one too large is
/// refused. The bit positions are written here once more, independently of the types.
/// </summary>
public class EntryFieldProperties
{
    public static TheoryData<string, int, int> Fields()
    {
        var data = new TheoryData<string, int, int>();
        foreach (Field field in All)
            data.Add(field.Name, field.High, field.Low);
        return data;
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public void Round_trip_in_exactly_the_bits_of_the_manual(string name, int high, int low)
    {
        Field field = All.Single(f => f.Name == name);
        ulong largest = ulong.MaxValue >> (63 - (high - low));
        ulong mask = largest << low;
        Prop.ForAll<ulong, ulong>((raw, wide) =>
        {
            ulong value = wide & largest;
            ulong changed = field.Put(raw, value);
            return changed == ((raw & ~mask) | (value << low)) && field.Get(changed) == value;
        }).Check(Fixed);

        Assert.Equal(mask, field.Put(0, largest));
        if (high != low)
            Assert.Throws<ArgumentOutOfRangeException>(() => field.Put(0, largest + 1));
    }

    [Theory]
    [InlineData(MmuVersion.V2)]
    [InlineData(MmuVersion.V3)]
    public void Pages_and_tables_of_either_format_come_back(MmuVersion version)
    {
        Prop.ForAll<ulong, bool, bool>((wide, writable, privileged) =>
        {
            var frame = new Pfn(wide & version.MaxVramPfn().Raw);
            var attributes = new PageAttributes(writable, PteKind.Generic, privileged);
            Pte pte = Pte.Vram(version, frame, attributes);
            Pde pde = Pde.Vram(version, frame.Address);
            var dual = new DualPde(version, DualPde.BigHalf(version, frame.Address), DualPde.SmallHalf(version, frame.Address));
            return pte.IsValid && !pte.IsSparse && pte.Frame == frame && pte.Attributes == attributes
                && pte.Aperture == PteAperture.VideoMemory
                && pde is { IsPte: false, IsValidVram: true } && pde.Table == frame.Address
                && dual is { HasBig: true, HasSmall: true } && dual.BigTable == frame.Address && dual.SmallTable == frame.Address;
        }).Check(Fixed);
    }

    [Theory]
    [InlineData(MmuVersion.V2)]
    [InlineData(MmuVersion.V3)]
    public void A_retired_entry_is_plainly_invalid_and_comes_back_as_it_was(MmuVersion version)
    {
        int parking = Pte.Parking(version);
        Prop.ForAll<ulong, bool, bool>((wide, writable, privileged) =>
        {
            var attributes = new PageAttributes(writable, PteKind.Generic, privileged);
            ulong valid = Pte.Vram(version, new Pfn(wide & version.MaxVramPfn().Raw), attributes).Raw;
            var retired = new Pte(version, Pte.Retire(valid, parking));
            return !retired.IsValid && !retired.IsSparse && (retired.Raw & 0xF9) == 0 && Pte.Revive(retired.Raw, parking) == valid;
        }).Check(Fixed);
    }

    internal static Config Fixed => Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(20_261_121, 5);

    private sealed record Field(string Name, int High, int Low, Func<ulong, ulong> Get, Func<ulong, ulong, ulong> Put);

    private static readonly Field[] All =
    [
        new("PteV2.IsValid", 0, 0, r => Bit(new PteV2(r).IsValid), (r, v) => (new PteV2(r) with { IsValid = v != 0 }).Raw),
        new("PteV2.Aperture", 2, 1, r => (ulong)new PteV2(r).Aperture, (r, v) => (new PteV2(r) with { Aperture = (PteAperture)v }).Raw),
        new("PteV2.IsVolatile", 3, 3, r => Bit(new PteV2(r).IsVolatile), (r, v) => (new PteV2(r) with { IsVolatile = v != 0 }).Raw),
        new("PteV2.IsEncrypted", 4, 4, r => Bit(new PteV2(r).IsEncrypted), (r, v) => (new PteV2(r) with { IsEncrypted = v != 0 }).Raw),
        new("PteV2.IsPrivileged", 5, 5, r => Bit(new PteV2(r).IsPrivileged), (r, v) => (new PteV2(r) with { IsPrivileged = v != 0 }).Raw),
        new("PteV2.IsReadOnly", 6, 6, r => Bit(new PteV2(r).IsReadOnly), (r, v) => (new PteV2(r) with { IsReadOnly = v != 0 }).Raw),
        new("PteV2.AtomicDisabled", 7, 7, r => Bit(new PteV2(r).AtomicDisabled), (r, v) => (new PteV2(r) with { AtomicDisabled = v != 0 }).Raw),
        new("PteV2.VideoFrame", 32, 8, r => new PteV2(r).VideoFrame.Raw, (r, v) => (new PteV2(r) with { VideoFrame = new Pfn(v) }).Raw),
        new("PteV2.SystemFrame", 53, 8, r => new PteV2(r).SystemFrame, (r, v) => (new PteV2(r) with { SystemFrame = v }).Raw),
        new("PteV2.PeerId", 35, 33, r => (ulong)new PteV2(r).PeerId, (r, v) => (new PteV2(r) with { PeerId = (int)v }).Raw),
        new("PteV2.CompressionTagLine", 55, 36, r => (ulong)new PteV2(r).CompressionTagLine, (r, v) => (new PteV2(r) with { CompressionTagLine = (int)v }).Raw),
        new("PteV2.Kind", 63, 56, r => (ulong)new PteV2(r).Kind, (r, v) => (new PteV2(r) with { Kind = (PteKind)v }).Raw),
        new("PdeV2.IsPte", 0, 0, r => Bit(new PdeV2(r).IsPte), (r, v) => (new PdeV2(r) with { IsPte = v != 0 }).Raw),
        new("PdeV2.Aperture", 2, 1, r => (ulong)new PdeV2(r).Aperture, (r, v) => (new PdeV2(r) with { Aperture = (PdeAperture)v }).Raw),
        new("PdeV2.IsVolatile", 3, 3, r => Bit(new PdeV2(r).IsVolatile), (r, v) => (new PdeV2(r) with { IsVolatile = v != 0 }).Raw),
        new("PdeV2.NoAts", 5, 5, r => Bit(new PdeV2(r).NoAts), (r, v) => (new PdeV2(r) with { NoAts = v != 0 }).Raw),
        new("PdeV2.VideoFrame", 32, 8, r => new PdeV2(r).VideoFrame.Raw, (r, v) => (new PdeV2(r) with { VideoFrame = new Pfn(v) }).Raw),
        new("PdeV2.SystemFrame", 53, 8, r => new PdeV2(r).SystemFrame, (r, v) => (new PdeV2(r) with { SystemFrame = v }).Raw),
        new("PdeV2.PeerId", 35, 33, r => (ulong)new PdeV2(r).PeerId, (r, v) => (new PdeV2(r) with { PeerId = (int)v }).Raw),
        new("BigPdeV2.IsPte", 0, 0, r => Bit(new BigPdeV2(r).IsPte), (r, v) => (new BigPdeV2(r) with { IsPte = v != 0 }).Raw),
        new("BigPdeV2.Aperture", 2, 1, r => (ulong)new BigPdeV2(r).Aperture, (r, v) => (new BigPdeV2(r) with { Aperture = (PdeAperture)v }).Raw),
        new("BigPdeV2.IsVolatile", 3, 3, r => Bit(new BigPdeV2(r).IsVolatile), (r, v) => (new BigPdeV2(r) with { IsVolatile = v != 0 }).Raw),
        new("BigPdeV2.NoAts", 5, 5, r => Bit(new BigPdeV2(r).NoAts), (r, v) => (new BigPdeV2(r) with { NoAts = v != 0 }).Raw),
        new("BigPdeV2.VideoUnit", 32, 4, r => new BigPdeV2(r).VideoUnit, (r, v) => (new BigPdeV2(r) with { VideoUnit = v }).Raw),
        new("BigPdeV2.SystemUnit", 53, 4, r => new BigPdeV2(r).SystemUnit, (r, v) => (new BigPdeV2(r) with { SystemUnit = v }).Raw),
        new("BigPdeV2.PeerId", 35, 33, r => (ulong)new BigPdeV2(r).PeerId, (r, v) => (new BigPdeV2(r) with { PeerId = (int)v }).Raw),
        new("PteV3.IsValid", 0, 0, r => Bit(new PteV3(r).IsValid), (r, v) => (new PteV3(r) with { IsValid = v != 0 }).Raw),
        new("PteV3.Aperture", 2, 1, r => (ulong)new PteV3(r).Aperture, (r, v) => (new PteV3(r) with { Aperture = (PteAperture)v }).Raw),
        new("PteV3.Pcf", 7, 3, r => (ulong)new PteV3(r).Pcf, (r, v) => (new PteV3(r) with { Pcf = (PtePcf)v }).Raw),
        new("PteV3.Kind", 11, 8, r => (ulong)new PteV3(r).Kind, (r, v) => (new PteV3(r) with { Kind = (PteKind)v }).Raw),
        new("PteV3.Frame", 51, 12, r => new PteV3(r).Frame.Raw, (r, v) => (new PteV3(r) with { Frame = new Pfn(v) }).Raw),
        new("PteV3.PeerId", 63, 61, r => (ulong)new PteV3(r).PeerId, (r, v) => (new PteV3(r) with { PeerId = (int)v }).Raw),
        new("PdeV3.IsPte", 0, 0, r => Bit(new PdeV3(r).IsPte), (r, v) => (new PdeV3(r) with { IsPte = v != 0 }).Raw),
        new("PdeV3.Aperture", 2, 1, r => (ulong)new PdeV3(r).Aperture, (r, v) => (new PdeV3(r) with { Aperture = (PdeAperture)v }).Raw),
        new("PdeV3.Pcf", 5, 3, r => (ulong)new PdeV3(r).Pcf, (r, v) => (new PdeV3(r) with { Pcf = (PdePcf)v }).Raw),
        new("PdeV3.Frame", 51, 12, r => new PdeV3(r).Frame.Raw, (r, v) => (new PdeV3(r) with { Frame = new Pfn(v) }).Raw),
        new("BigPdeV3.IsPte", 0, 0, r => Bit(new BigPdeV3(r).IsPte), (r, v) => (new BigPdeV3(r) with { IsPte = v != 0 }).Raw),
        new("BigPdeV3.Aperture", 2, 1, r => (ulong)new BigPdeV3(r).Aperture, (r, v) => (new BigPdeV3(r) with { Aperture = (PdeAperture)v }).Raw),
        new("BigPdeV3.Pcf", 5, 3, r => (ulong)new BigPdeV3(r).Pcf, (r, v) => (new BigPdeV3(r) with { Pcf = (PdePcf)v }).Raw),
        new("BigPdeV3.Unit", 51, 8, r => new BigPdeV3(r).Unit, (r, v) => (new BigPdeV3(r) with { Unit = v }).Raw),
    ];

    private static ulong Bit(bool value) => value ? 1UL : 0;
}
