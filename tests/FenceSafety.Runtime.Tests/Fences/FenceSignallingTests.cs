using FenceSafety.Runtime.Fences;
using FenceSafety.Runtime.Locking;
using FenceSafety.Runtime.Tests.Locking;

namespace FenceSafety.Runtime.Tests.Fences;

public sealed class FenceSignallingTests
{
    [Fact]
    public void Nested_sections_end_with_the_outermost_one()
    {
        Assert.False(FenceSignalling.IsCritical);
        using (FenceSignallingScope outer = FenceSignalling.Begin())
        {
            using (FenceSignallingScope inner = FenceSignalling.Begin())
            {
                Assert.Equal((false, true), (outer.IsNested, inner.IsNested));
            }

            // The inner section's cookie kept it from ending the outer one.
            Assert.True(FenceSignalling.IsCritical);
        }

        Assert.False(FenceSignalling.IsCritical);
    }

    [Fact]
    public void Under_a_spin_lock_nothing_is_begun()
    {
        RawSpinLock spin = new("test.signalling.spin");
        using RawSpinLock.Guard guard = spin.Lock();
        using FenceSignallingScope section = FenceSignalling.Begin();
        Assert.True(section.IsNested);
        Assert.False(FenceSignalling.IsCritical);
    }

    [Fact]
    public void A_section_is_its_threads_own()
    {
        using FenceSignallingScope section = FenceSignalling.Begin();
        TestThread.Run(() => Assert.False(FenceSignalling.IsCritical));
    }

    [Fact]
    public void Beginning_orders_nothing_but_what_is_taken_inside_is_ordered_after_the_fence()
    {
        using LockdepSession lockdep = new();
        SleepingMutex before = new("test.before");
        SleepingMutex inside = new("test.inside");
        using (before.Lock())
        using (FenceSignalling.Begin())
        using (inside.Lock())
        {
        }

        string[] edges = [.. lockdep.Graph.Edges.Where(edge => !edge.IsPrimed).Select(edge => edge.ToString()).Order()];
        Assert.Equal(["fence -> test.inside", "test.before -> test.inside"], edges);
    }
}
