using FenceSafety.Core.Facts;

namespace FenceSafety.Core.Tests;

/// <summary>What a run leaves for the next: the next run's answer is that of a run from nothing.</summary>
public sealed class MemoTests
{
    static readonly Value A = FakeProgram.Lock("A"), B = FakeProgram.Lock("B");

    static FakeProgram Program()
    {
        var program = new FakeProgram().WithAllocator().Declare("Run", c => c with { Critical = true });
        return program.Body("Run", program.Take(A), program.Give(A), program.Call("Middle"))
            .Body("Middle", program.Call("Leaf"))
            .Body("Leaf", program.Take(B), program.Give(B))
            .Body("Grow", program.Take(A), program.Call("Apart"), program.Give(A))
            .Body("Apart", program.Call("Alloc"));
    }

    static string Text(AnalysisResult result) => string.Join('\n', result.Findings.Select(f => f.Rule + " " + f.Span + " " + f.Message));

    static AnalysisResult Analyze(FakeProgram program, AnalysisResult? before = null) => program.Run(before);

    [Fact]
    public void A_second_run_over_the_same_facts_solves_nothing()
    {
        var program = Program();
        var first = Analyze(program);
        var second = Analyze(program, first);

        Assert.NotEmpty(first.Findings);
        Assert.Equal(Text(first), Text(second));
        Assert.Equal((0, 0), (second.BodiesSolved, second.BodiesSummarized));
        Assert.Equal((0, 0), (Analyze(program, second).BodiesSolved, Analyze(program, second).BodiesSummarized));
    }

    [Fact]
    public void A_leaf_that_changes_is_solved_and_what_leads_to_it_summarized()
    {
        var program = Program();
        var first = Analyze(program);
        program.Body("Leaf", program.Call("Alloc"));
        var second = Analyze(program, first);

        Assert.Equal(Text(Analyze(program)), Text(second));
        Assert.Contains(second.Findings, f => f.Rule == "FENCE001");
        Assert.Equal((1, 3), (second.ChangedFlows, second.ChangedSummaries));
    }

    [Fact]
    public void A_leaf_that_reaches_the_same_is_all_that_is_summarized()
    {
        var program = Program();
        var take = program.Take(B);
        var first = Analyze(program.Body("Leaf", take, program.Give(B)));
        program.Body("Leaf", new AssignOp(take.Span, 7, A), take, program.Give(B));
        var second = Analyze(program, first);

        Assert.Equal(Text(Analyze(program)), Text(second));
        Assert.Equal((1, 1), (second.ChangedFlows, second.ChangedSummaries));
    }

    [Fact]
    public void A_ring_does_not_hold_itself_up()
    {
        var program = Program();
        program.Body("Leaf", program.Call("Middle"), program.Call("Alloc"));
        var first = Analyze(program);
        Assert.Contains(first.Findings, f => f.Rule == "FENCE001");

        program.Body("Leaf", program.Call("Middle"));
        var second = Analyze(program, first);

        Assert.DoesNotContain(second.Findings, f => f.Rule == "FENCE001");
        Assert.Equal(Text(Analyze(program)), Text(second));
    }

    [Fact]
    public void A_body_that_nothing_leads_to_any_more_is_read_no_more()
    {
        var program = Program().NotSeed("Apart").NotSeed("Leaf").NotSeed("Middle");
        var first = Analyze(program);
        program.Body("Grow", program.Take(A), program.Give(A)).NotSeed("Grow").SeedIds.Add("Grow");
        var second = Analyze(program, first);

        Assert.Equal(Analyze(program).BodiesRead, second.BodiesRead);
        Assert.Equal(first.BodiesRead - 1, second.BodiesRead);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_random_sequence_of_changes_is_answered_as_from_nothing(int seed)
    {
        var random = new Random(seed);
        var program = new FakeProgram().WithAllocator().Declare("M0", c => c with { Critical = true });
        for (int m = 0; m < 7; m++)
            Change(program, random, m, 7, downwards: false);
        var before = Analyze(program);
        int solved = 0, freshlySolved = 0, found = 0;
        for (int step = 0; step < 12; step++)
        {
            Change(program, random, random.Next(7), 7, downwards: false);
            var fresh = Analyze(program);
            before = Analyze(program, before);
            Assert.True(Text(fresh) == Text(before), $"Seed {seed}, step {step}: from what was kept\n{Text(before)}\n--- and from nothing\n{Text(fresh)}");
            (solved, freshlySolved, found) = (solved + before.BodiesSolved, freshlySolved + fresh.BodiesSolved, found + fresh.Findings.Count);
        }

        Assert.NotEqual(0, found);
        Assert.InRange(solved, 12, freshlySolved - 1);
    }

    [Fact]
    public void An_update_looks_at_what_it_leads_to_and_no_more()
    {
        var program = Program();
        var first = Analyze(program);
        program.Body("Leaf", program.Call("Alloc"));
        var second = Analyze(program, first);

        // The leaf, who calls it, and who calls that one.
        Assert.True(second.IsUpdate);
        Assert.Equal((false, 5, 3), (first.IsUpdate, first.Visited, second.Visited));
        Assert.Equal(first.BodiesRead, second.BodiesRead);
    }

    [Fact]
    public void Two_versions_go_on_from_the_same_one()
    {
        var program = Program();
        var take = program.Take(B);
        var first = Analyze(program.Body("Leaf", take, program.Give(B)));
        var left = Analyze(program.Body("Leaf", program.Call("Alloc")), first);
        var right = Analyze(program.Body("Leaf", program.Call("Apart"), take, program.Give(B)), first);

        Assert.True(left.IsUpdate && right.IsUpdate);
        Assert.Equal(Text(Analyze(program)), Text(right));
        Assert.NotEqual(Text(left), Text(right));
        Assert.Equal(Text(right), Text(Analyze(program, left)));
    }

    [Fact]
    public void A_call_that_was_the_last_one_of_a_body_is_no_update()
    {
        var program = Program().NotSeed("Apart");
        var first = Analyze(program);
        program.Body("Grow", program.Take(A), program.Give(A));
        var second = Analyze(program, first);

        Assert.False(second.IsUpdate);
        Assert.Equal(first.BodiesRead - 1, second.BodiesRead);
    }

    [Fact]
    public void A_body_that_is_called_anew_is_read()
    {
        var program = Program();
        program.Body("New", program.Call("Apart")).NotSeed("New");
        var first = Analyze(program);
        program.Body("Leaf", program.Call("New"));
        var second = Analyze(program, first);

        Assert.True(second.IsUpdate);
        Assert.Equal(first.BodiesRead + 1, second.BodiesRead);
        Assert.Equal(Text(Analyze(program)), Text(second));
        Assert.Contains(second.Findings, f => f.Rule == "FENCE001");
    }

    [Fact]
    public void A_ring_that_comes_to_be_is_no_update()
    {
        var program = Program();
        var first = Analyze(program);
        var ring = Analyze(program.Body("Leaf", program.Call("Middle"), program.Call("Alloc")), first);
        var again = Analyze(program.Body("Leaf", program.Call("Middle")), ring);
        var gone = Analyze(program.Body("Leaf", program.Take(B), program.Give(B)), again);
        var after = Analyze(program.Body("Leaf", program.Call("Alloc")), gone);

        Assert.Equal([false, false, false, true], [ring.IsUpdate, again.IsUpdate, gone.IsUpdate, after.IsUpdate]);
        Assert.DoesNotContain(again.Findings, f => f.Rule == "FENCE001");
        Assert.Equal(Text(Analyze(program)), Text(after));
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    public void A_random_sequence_of_updates_is_answered_as_from_nothing(int seed)
    {
        var (updates, visited) = RandomUpdates(seed);

        Assert.InRange(updates, Steps / 12, Steps);
        Assert.InRange(visited, updates, updates * Bodies);
    }

    const int Bodies = 14, Steps = 60;

    static (int Updates, int Visited) RandomUpdates(int seed)
    {
        var random = new Random(seed);
        var program = new FakeProgram().WithAllocator().Declare("M0", c => c with { Critical = true }).Declare("M5", c => c with { Critical = true });
        for (int m = 0; m < Bodies; m++)
            Change(program, random, m, Bodies, downwards: true);
        var versions = new List<AnalysisResult> { Analyze(program) };
        int updates = 0, visited = 0, found = 0;
        for (int step = 0; step < Steps; step++)
        {
            for (int edits = random.Next(3); edits >= 0; edits--)
                Change(program, random, random.Next(Bodies), Bodies, downwards: random.Next(40) > 0);
            var fresh = Analyze(program);
            // Mostly from the last one, sometimes from one that others have gone on from.
            var now = Analyze(program, versions[random.Next(4) > 0 ? versions.Count - 1 : random.Next(versions.Count)]);
            Assert.True(Text(fresh) == Text(now), $"Seed {seed}, step {step}: from what was kept\n{Text(now)}\n--- and from nothing\n{Text(fresh)}");
            Assert.Equal(fresh.BodiesRead, now.BodiesRead);
            versions.Add(now);
            found += now.Findings.Count;
            if (now.IsUpdate)
                (updates, visited) = (updates + 1, visited + now.Visited);
        }

        Assert.NotEqual(0, found);
        return (updates, visited);
    }

    [Fact]
    public void A_ring_in_which_locks_come_and_go_comes_to_rest()
    {
        // Each body adds to what is known of the others what it holds and gives back: more variants than are told apart.
        var program = new FakeProgram().WithAllocator().Declare("R0", c => c with { Critical = true });
        Value[] locks = [A, B, FakeProgram.Lock("C"), FakeProgram.Lock("D")];
        for (int i = 0; i < 4; i++)
        {
            string next = "R" + (i + 1) % 4, after = "R" + (i + 2) % 4;
            program.Body("R" + i, program.Give(locks[i]), program.Call(next), program.Take(locks[i]), program.Call(after), program.Call("Alloc"));
        }

        Assert.Contains(Analyze(program).Findings, f => f.Rule == "FENCE001");
    }

    /// <summary>Calls, in rings unless they only go downwards, locks taken and not given back, locks given back that were not taken.</summary>
    static void Change(FakeProgram program, Random random, int m, int bodies, bool downwards)
    {
        string Callee() => "M" + (downwards ? Math.Min(random.Next(m + 1, bodies + 1), bodies) : random.Next(bodies));
        var ops = new List<Op>();
        for (int i = random.Next(4); i >= 0; i--)
        {
            var @lock = random.Next(2) == 0 ? A : B;
            // What leaves a lock held changes the flow of whoever calls it: in most updates nothing does.
            switch (random.Next(downwards && random.Next(8) > 0 ? 2 : 0, 24))
            {
                case 0:
                    ops.Add(program.Take(@lock));
                    break;
                case 1:
                    ops.Add(program.Give(@lock));
                    break;
                case < 8:
                    ops.AddRange([program.Take(@lock), program.Call(Callee()), program.Give(@lock)]);
                    break;
                case < 12:
                    ops.Add(program.Call("Alloc"));
                    break;
                default:
                    ops.Add(program.Call(Callee()));
                    break;
            }
        }

        program.Body("M" + m, [.. ops]).NotSeed("M" + m);
        if (m % 3 == 0)
            program.SeedIds.Add("M" + m);
    }
}
