using FenceSafety.Core.Facts;

namespace FenceSafety.Core.Tests;

/// <summary>The lock-order graph: FENCE002, 004, 005, 006, 007, 016 on hand-written facts.</summary>
public sealed class LockTests
{
    static readonly Value A = FakeProgram.Lock("A"), B = FakeProgram.Lock("B"), G = FakeProgram.Lock("G");

    static FakeProgram Program()
    {
        var program = new FakeProgram().WithAllocator();
        return program.Declare("Run", c => c with { Critical = true }).Declare("Scan", c => c with { RunsInReclaim = true });
    }

    static List<string> Rules(FakeProgram program, EngineOptions? options = null) => program.Findings(options).Select(f => f.Rule).Order().ToList();

    [Fact]
    public void Reports_both_ends_of_a_lock_held_while_allocating()
    {
        var program = Program();
        program.Body("Grow", program.Take(A), program.Call("Alloc"), program.Give(A)).Body("Run", program.Take(A), program.Give(A));

        Assert.Equal(["FENCE002", "FENCE004"], Rules(program));
    }

    [Fact]
    public void Silent_if_the_lock_is_released_first()
    {
        var program = Program();
        program.Body("Grow", program.Take(A), program.Give(A), program.Call("Alloc")).Body("Run", program.Take(A), program.Give(A));

        Assert.Empty(Rules(program));
    }

    [Fact]
    public void Follows_the_order_of_locks_and_its_direction()
    {
        var program = Program();
        program.Body("Edge", program.Take(A), program.Take(B), program.Give(B), program.Give(A));
        program.Body("Grow", program.Take(B), program.Call("Alloc"), program.Give(B));
        program.Body("Run", program.Take(A), program.Give(A));
        Assert.Equal(["FENCE002", "FENCE004"], Rules(program));

        var reverse = Program();
        reverse.Body("Edge", reverse.Take(B), reverse.Take(A), reverse.Give(A), reverse.Give(B));
        reverse.Body("Grow", reverse.Take(B), reverse.Call("Alloc"), reverse.Give(B));
        reverse.Body("Run", reverse.Take(A), reverse.Give(A));
        Assert.Empty(Rules(reverse));
    }

    [Fact]
    public void Reclaim_that_does_not_wait_for_fences_leaves_only_direct_reports()
    {
        var program = Program();
        program.Body("Grow", program.Take(A), program.Call("Alloc"), program.Give(A));
        program.Body("Run", program.Take(A), program.Give(A), program.Call("Alloc"));

        Assert.Equal(["FENCE001"], Rules(program, new EngineOptions(ReclaimWaitsForFences: false)));
    }

    [Fact]
    public void A_lock_parameter_is_substituted_at_each_call()
    {
        var program = Program();
        program.Body("Under", 1, new Block
        {
            Ops = [program.Take(FakeProgram.Parameter("Under", 0)), program.Call("Alloc"), program.Give(FakeProgram.Parameter("Under", 0))],
            IsExit = true,
        });
        program.Body("Grow", program.Call("Under", A)).NotSeed("Grow");
        program.Body("Run", program.Take(A), program.Give(A));

        Assert.Equal(["FENCE002", "FENCE004"], Rules(program));
    }

    [Fact]
    public void Reports_an_inversion_unless_a_gate_orders_it()
    {
        var program = Program();
        program.Body("X", program.Take(A), program.Take(B), program.Give(B), program.Give(A));
        program.Body("Y", program.Take(B), program.Take(A), program.Give(A), program.Give(B));
        Assert.Equal(["FENCE005", "FENCE005"], Rules(program));

        var gated = Program();
        gated.Body("X", gated.Take(G), gated.Take(A), gated.Take(B), gated.Give(B), gated.Give(A), gated.Give(G));
        gated.Body("Y", gated.Take(G), gated.Take(B), gated.Take(A), gated.Give(A), gated.Give(B), gated.Give(G));
        Assert.Empty(Rules(gated));
    }

    [Fact]
    public void A_monitor_may_be_taken_again_and_a_semaphore_may_not()
    {
        var monitor = Program();
        monitor.Body("X", monitor.Take(A), monitor.Take(A), monitor.Give(A), monitor.Give(A));
        Assert.Empty(Rules(monitor));

        var semaphore = Program();
        semaphore.Body("X", semaphore.Take(A, LockMode.Sleeping), semaphore.Take(A, LockMode.Sleeping), semaphore.Give(A), semaphore.Give(A));
        Assert.Equal(["FENCE005"], Rules(semaphore));
    }

    [Fact]
    public void A_try_that_cannot_wait_makes_no_edge_into_its_lock()
    {
        var program = Program();
        program.Body("Grow", program.Take(A), program.Call("Alloc"), program.Give(A));
        program.Body("Run", program.Take(A, LockMode.Monitor with { NonBlocking = true }), program.Give(A));

        Assert.Empty(Rules(program));
    }

    [Fact]
    public void Reports_sleeping_under_a_spin_lock_and_in_reclaim()
    {
        var program = Program();
        program.Body("X", program.Take(A, LockMode.Spin), program.Call("Alloc"), program.Take(B), program.Give(B), program.Give(A));
        program.Body("Scan", program.Call("Alloc"));

        Assert.Equal(["FENCE006", "FENCE006", "FENCE007"], Rules(program));
    }

    [Fact]
    public void Reports_a_leak_on_one_of_two_paths_only()
    {
        var program = Program();
        program.Body("X", 0,
            new Block { Ops = [program.Take(A)], Condition = new Condition(Value.None, false), Next = 1, Otherwise = 2 },
            new Block { IsExit = true },
            new Block { Ops = [program.Give(A)], IsExit = true });
        program.Body("Y", 0,
            new Block { Ops = [program.Take(B)], Condition = new Condition(Value.None, false), Next = 1, Otherwise = 2 },
            new Block { Ops = [program.Give(B)], IsExit = true },
            new Block { Ops = [program.Give(B)], IsExit = true });

        Assert.Equal(["FENCE016"], Rules(program));
    }

    [Fact]
    public void The_result_of_a_try_decides_what_is_held()
    {
        var program = Program();
        var taken = new AcquireOp(program.Next(), A, LockMode.Monitor with { NonBlocking = true }, 7, -1, "TryEnter");
        program.Body("Grow", 0,
            new Block { Ops = [taken], Condition = new Condition(new Value.Slot("Grow", 7), false), Next = 1, Otherwise = 2 },
            new Block { Ops = [program.Give(A)], IsExit = true },
            new Block { Ops = [program.Call("Alloc")], IsExit = true });
        program.Body("Run", program.Take(A), program.Give(A));

        Assert.Empty(Rules(program));
    }

    [Fact]
    public void Own_edges_of_a_critical_body_are_reported_at_the_inner_lock_only()
    {
        var program = Program();
        var inner = program.Take(B);
        program.Body("Run", program.Take(A), inner, program.Give(B), program.Give(A));
        program.Body("Grow", program.Take(B), program.Call("Alloc"), program.Give(B));

        Assert.Contains("FENCE002@" + inner.Span.Start, program.Analyze());
        Assert.Equal(["FENCE002", "FENCE004"], Rules(program));
    }

    [Fact]
    public void A_cancelled_run_throws_and_leaves_nothing()
    {
        var program = Program();
        program.Body("Run", program.Call("Alloc"));
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        Assert.Throws<OperationCanceledException>(() => Engine.Analyze(program, new EngineOptions(), cancelled.Token));
        Assert.Single(program.Findings());
    }
}
