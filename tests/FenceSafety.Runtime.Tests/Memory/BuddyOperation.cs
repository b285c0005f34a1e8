using FenceSafety.Runtime.Memory;
using FsCheck;
using FsCheck.Fluent;

namespace FenceSafety.Runtime.Tests.Memory;

/// <summary>One step of a random run. Numbers are reduced to the heap at hand when it runs, so that any of them makes sense.</summary>
/// <param name="Kind">What to do.</param>
/// <param name="Mode">0 simple, 1 from the top, 2 range, 3 exact range.</param>
/// <param name="Start">The start of a range, in pages.</param>
/// <param name="Length">The length of a range, in pages.</param>
/// <param name="Size">The size, in pages.</param>
/// <param name="MinOrder">The smallest block.</param>
/// <param name="Flags">How to allocate.</param>
/// <param name="Slot">Which of the live allocations is meant.</param>
/// <param name="IsClear">Whether memory is freed as cleared.</param>
public sealed record BuddyOperation(
    BuddyOperationKind Kind, int Mode, int Start, int Length, int Size, int MinOrder, GpuBuddyAllocFlags Flags, int Slot, bool IsClear)
{
    public static Gen<BuddyOperation> Generator { get; } =
        from kind in Gen.Frequency(
            (8, Gen.Constant(BuddyOperationKind.Allocate)),
            (5, Gen.Constant(BuddyOperationKind.Free)),
            (2, Gen.Constant(BuddyOperationKind.FreeDeferred)),
            (1, Gen.Constant(BuddyOperationKind.Drain)),
            (2, Gen.Constant(BuddyOperationKind.Trim)),
            (1, Gen.Constant(BuddyOperationKind.ResetClear)))
        from mode in Gen.Choose(0, 3)
        from start in Gen.Choose(0, 1000)
        from length in Gen.Choose(0, 1000)
        from size in Gen.Frequency((3, Gen.Choose(1, 8)), (1, Gen.Choose(1, 1000)))
        from minOrder in Gen.Frequency((2, Gen.Constant(0)), (2, Gen.Choose(0, 5)))
        from flags in Gen.Choose(0, 7)
        from slot in Gen.Choose(0, 1000)
        from isClear in Gen.Elements(true, false)
        select new BuddyOperation(kind, mode, start, length, size, minOrder, (GpuBuddyAllocFlags)flags, slot, isClear);
}
