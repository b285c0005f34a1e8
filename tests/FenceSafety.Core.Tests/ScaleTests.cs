using FenceSafety.Core.Facts;

namespace FenceSafety.Core.Tests;

/// <summary>Adversarial depth: nothing recurses on the .NET stack, and no limit turns into silence.</summary>
public sealed class ScaleTests
{
    const int Many = 100_000;

    [Fact]
    public void Reports_an_allocation_at_the_end_of_a_chain_of_100_000_methods()
    {
        var program = new FakeProgram().WithAllocator();
        for (int i = 0; i < Many; i++)
            program.Body("M" + i, program.Call(i + 1 < Many ? "M" + (i + 1) : "Alloc"));
        program.SeedIds.Clear();
        program.Body("Run", program.Call("M0")).Declare("Run", c => c with { Critical = true });

        var finding = Assert.Single(program.Findings());

        Assert.Equal("FENCE001", finding.Rule);
        Assert.Equal(Many, finding.Hops.Length);
        Assert.StartsWith("Fence-critical code makes a blocking allocation in Alloc: Run → M0 → M1 →", finding.Message, StringComparison.Ordinal);
        Assert.EndsWith("→ M99999 → Alloc", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Silent_about_a_chain_of_100_000_methods_that_allocates_nothing()
    {
        var program = new FakeProgram().WithAllocator();
        for (int i = 0; i < Many; i++)
            program.Body("M" + i, i + 1 < Many ? [program.Call("M" + (i + 1))] : []);
        program.SeedIds.Clear();
        program.Body("Run", program.Call("M0")).Declare("Run", c => c with { Critical = true });

        Assert.Empty(program.Findings());
    }

    [Fact]
    public void Reports_the_shortest_chain_through_a_cycle_of_100_000_methods()
    {
        var program = new FakeProgram().WithAllocator();
        for (int i = 0; i < Many; i++)
        {
            var next = program.Call("M" + ((i + 1) % Many));
            program.Body("M" + i, i == 3 ? [next, program.Call("Alloc")] : [next]);
        }
        program.SeedIds.Clear();
        program.Body("Run", program.Call("M0")).Declare("Run", c => c with { Critical = true });

        var finding = Assert.Single(program.Findings());

        Assert.EndsWith(": Run → M0 → M1 → M2 → M3 → Alloc", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reports_both_ends_of_an_order_of_2_000_locks()
    {
        const int locks = 2_000;
        var program = new FakeProgram().WithAllocator();
        for (int i = 0; i + 1 < locks; i++)
        {
            var (a, b) = (FakeProgram.Lock("L" + i), FakeProgram.Lock("L" + (i + 1)));
            program.Body("Edge" + i, program.Take(a), program.Take(b), program.Give(b), program.Give(a));
        }
        var last = FakeProgram.Lock("L" + (locks - 1));
        program.Body("Grow", program.Take(last), program.Call("Alloc"), program.Give(last));
        var first = FakeProgram.Lock("L0");
        program.Body("Run", program.Take(first), program.Give(first)).Declare("Run", c => c with { Critical = true });

        Assert.Equal(["FENCE002", "FENCE004"], program.Findings().Select(f => f.Rule).Order());
    }
}
