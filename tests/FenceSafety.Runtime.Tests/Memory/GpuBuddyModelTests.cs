using FsCheck;
using FsCheck.Fluent;

namespace FenceSafety.Runtime.Tests.Memory;

public sealed class GpuBuddyModelTests
{
    /// <summary>Random operations on heaps of random size, against the naive model; seeds are fixed: a failure comes again.</summary>
    [Theory]
    [InlineData(1ul)]
    [InlineData(2ul)]
    [InlineData(3ul)]
    public void Random_operations_agree_with_a_bitmap(ulong seed)
    {
        int succeeded = 0;
        int failed = 0;
        Gen<(int Pages, BuddyOperation[] Operations)> runs =
            from pages in Gen.Choose(1, 200)
            from count in Gen.Choose(1, 120)
            from operations in BuddyOperation.Generator.ArrayOf(count)
            select (pages, operations);
        Config config = Config.QuickThrowOnFailure.WithMaxTest(150).WithReplay(seed, 1);
        Prop.ForAll(runs.ToArbitrary(), run =>
        {
            BuddyModelRun model = new(run.Pages);
            model.Run(run.Operations);
            succeeded += model.Outcomes.Succeeded;
            failed += model.Outcomes.Failed;
        }).Check(config);

        // The runs are worth something only if both outcomes are common.
        Assert.True(succeeded > 1000 && failed > 500, $"{succeeded} succeeded, {failed} failed.");
    }
}
