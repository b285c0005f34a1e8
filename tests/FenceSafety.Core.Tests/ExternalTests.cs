using System.Collections.Immutable;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Summaries;
using FenceSafety.Core.Summaries.External;

namespace FenceSafety.Core.Tests;

/// <summary>What summaries of other assemblies say, as files say it, in the graph of this one.</summary>
public sealed class ExternalTests
{
    static readonly Value A = FakeProgram.Lock("A"), B = FakeProgram.Lock("B"), G = FakeProgram.Lock("G");

    /// <summary>Critical: Run. In reclaim: Scan. Allocator: Alloc.</summary>
    static FakeProgram Program() => new FakeProgram().WithAllocator()
        .Declare("Run", c => c with { Critical = true }).Declare("Scan", c => c with { RunsInReclaim = true });

    /// <summary>Refill allocates, under G if wanted, and through a body that nobody outside sees.</summary>
    static FakeProgram Pool(bool underLock)
    {
        var lib = Program();
        lib.Body("Refill", lib.Call("Inner"));
        if (underLock)
            lib.Body("Inner", lib.Take(G), lib.Call("Alloc"), lib.Give(G));
        else
            lib.Body("Inner", lib.Take(G), lib.Give(G), lib.Call("Alloc"));
        return lib;
    }

    static List<string> Reports(FakeProgram program, EngineOptions? options = null) =>
        program.Findings(options).Select(f => f.Rule + " " + f.Properties["chain"]).Order().ToList();

    [Fact]
    public void Critical_code_that_reaches_an_allocation_in_a_library_is_told_the_hops()
    {
        var app = Program().Reference(Pool(underLock: false), "Refill");
        app.Body("Run", app.Call("Refill"));

        var finding = Assert.Single(app.Findings());
        Assert.Equal(("FENCE001", "Run → Refill → Inner → Alloc"), (finding.Rule, finding.Properties["chain"]));
        Assert.Empty(finding.Hops);
    }

    [Fact]
    public void Without_summary_a_call_is_unknown_and_with_one_it_is_known()
    {
        var lib = Program();
        lib.Body("Kick", lib.Take(G), lib.Give(G));
        var app = Program();
        app.Body("Run", app.Call("Kick"));
        Assert.Equal(["FENCE008 Run → Kick"], Reports(app));

        app = Program().Reference(lib, "Kick");
        app.Body("Run", app.Call("Kick"));
        Assert.Empty(Reports(app));
    }

    [Fact]
    public void A_lock_that_a_library_holds_while_allocating_is_reported_at_both_ends()
    {
        var app = Program().Reference(Pool(underLock: true), "Refill");
        app.Body("Run", app.Take(G), app.Give(G));
        var call = app.Call("Refill");
        app.Body("Grow", call).NotSeed("Grow");

        Assert.Equal(["FENCE002 Run → lock G", "FENCE004 Grow → Refill → Inner → Alloc"], Reports(app));
        Assert.Contains(app.Findings(), f => f.Rule == "FENCE004" && f.Span == call.Span);

        var right = Program().Reference(Pool(underLock: false), "Refill");
        right.Body("Run", right.Take(G), right.Give(G)).Body("Grow", right.Call("Refill"));
        Assert.Empty(Reports(right));
    }

    [Fact]
    public void Critical_code_that_calls_into_a_library_is_told_once()
    {
        var app = Program().Reference(Pool(underLock: true), "Refill");
        app.Body("Run", app.Take(G), app.Give(G), app.Call("Refill"));

        Assert.Equal(["FENCE001 Run → Refill → Inner → Alloc"], Reports(app));
    }

    /// <summary>B holds G while it calls a C that it knows nothing of.</summary>
    static FakeProgram Middle()
    {
        var lib = Program();
        return lib.Body("Refill", lib.Take(G), lib.Call("Fill"), lib.Give(G));
    }

    static FakeProgram Last(bool allocates)
    {
        var lib = Program();
        return allocates ? lib.Body("Fill", lib.Call("Alloc")) : lib.Body("Fill", lib.Take(B), lib.Give(B));
    }

    [Fact]
    public void An_edge_in_one_assembly_the_allocation_in_a_second_the_critical_code_in_a_third()
    {
        var app = Program().Reference(Middle(), "Refill").Reference(Last(allocates: true), "Fill");
        app.Body("Run", app.Take(G), app.Give(G)).Body("Grow", app.Call("Refill"));
        Assert.Equal(["FENCE002 Run → lock G", "FENCE004 Grow → Refill → Fill → Alloc"], Reports(app));

        var right = Program().Reference(Middle(), "Refill").Reference(Last(allocates: false), "Fill");
        right.Body("Run", right.Take(G), right.Give(G)).Body("Grow", right.Call("Refill"));
        Assert.Empty(Reports(right));
    }

    [Fact]
    public void A_kept_call_of_what_nobody_knows_is_unknown()
    {
        var app = Program().Reference(Middle(), "Refill");
        app.Body("Run", app.Call("Refill"));

        Assert.Equal(["FENCE008 Run → Refill → Fill"], Reports(app));
    }

    [Fact]
    public void A_kept_call_means_what_this_compilation_says_of_it()
    {
        var app = Program().Reference(Middle(), "Refill").Declare("Fill", c => c with { AssumeSafe = true });
        app.Body("Run", app.Call("Refill"));
        Assert.Empty(Reports(app));

        app = Program().Reference(Middle(), "Refill").Declare("Fill", c => c with { WaitsForFence = true });
        app.Body("Run", app.Call("Refill"));
        Assert.Equal(["FENCE003 Run → Refill → Fill"], Reports(app));
    }

    [Fact]
    public void The_call_that_leads_to_a_lock_two_assemblies_away_is_found()
    {
        var middle = Program();
        middle.Body("Work", middle.Call("Refill"));
        var app = Program().Reference(middle, "Work").Reference(Pool(underLock: true), "Refill");
        app.Body("Run", app.Take(G), app.Give(G)).Body("Grow", app.Call("Work")).NotSeed("Grow");

        Assert.Equal(["FENCE002 Run → lock G", "FENCE004 Grow → Work → Inner → Alloc"], Reports(app));
    }

    [Fact]
    public void An_order_that_a_library_takes_locks_in_counts()
    {
        var lib = Program();
        lib.Body("Both", lib.Take(A), lib.Take(B), lib.Give(B), lib.Give(A));
        var app = Program().Reference(lib, "Both");
        var inner = app.Take(A);
        app.Body("X", app.Take(B), inner, app.Give(A), app.Give(B));
        Assert.Equal(inner.Span, Assert.Single(app.Findings(), f => f.Rule == "FENCE005").Span);

        var right = Program().Reference(lib, "Both");
        right.Body("X", right.Take(A), right.Take(B), right.Give(B), right.Give(A));
        Assert.Empty(Reports(right));
    }

    [Fact]
    public void A_gate_of_a_library_orders_both_sides()
    {
        var lib = Program();
        lib.Body("Both", lib.Take(G), lib.Take(A), lib.Take(B), lib.Give(B), lib.Give(A), lib.Give(G));
        var app = Program().Reference(lib, "Both");
        app.Body("X", app.Take(G), app.Take(B), app.Take(A), app.Give(A), app.Give(B), app.Give(G));

        Assert.Empty(Reports(app));
    }

    static Value Lock(string body) => FakeProgram.Parameter(body, 0);

    [Fact]
    public void A_library_that_takes_and_gives_back_its_callers_lock_is_followed()
    {
        var lib = Program();
        lib.Body("Enter", 1, lib.Take(Lock("Enter"))).Body("Leave", 1, lib.Give(Lock("Leave")));
        var app = Program().Reference(lib, "Enter", "Leave");
        app.Body("Run", app.Take(A), app.Give(A)).Body("Grow", app.Call("Enter", A), app.Call("Alloc"), app.Call("Leave", A)).NotSeed("Grow");
        Assert.Equal(["FENCE002 Run → lock A", "FENCE004 Grow → Alloc"], Reports(app));

        var right = Program().Reference(lib, "Enter", "Leave");
        right.Body("Run", right.Take(A), right.Give(A)).Body("Grow", right.Call("Enter", A), right.Call("Leave", A), right.Call("Alloc")).NotSeed("Grow");
        Assert.Empty(Reports(right));
    }

    [Fact]
    public void A_library_that_allocates_under_its_callers_lock_is_reported_at_the_call()
    {
        var lib = Program();
        lib.Body("Under", 1, lib.Take(Lock("Under")), lib.Call("Alloc"), lib.Give(Lock("Under")));
        var app = Program().Reference(lib, "Under");
        var call = app.Call("Under", A);
        app.Body("Run", app.Take(A), app.Give(A)).Body("Grow", call, app.Call("Under", B)).NotSeed("Grow");

        Assert.Equal(["FENCE002 Run → lock A", "FENCE004 Grow → Under → Alloc"], Reports(app));
        Assert.Contains(app.Findings(), f => f.Rule == "FENCE004" && f.Span == call.Span);
    }

    [Fact]
    public void A_delegate_that_a_library_calls_under_its_lock_is_substituted_at_each_call()
    {
        var lib = Program();
        lib.Body("Each", 1, lib.Take(G), lib.Invoke(FakeProgram.Parameter("Each", 0)), lib.Give(G));
        var app = Program().Reference(lib, "Each");
        app.Body("Run", app.Take(G), app.Give(G)).Body("Bad", app.Call("Alloc")).Body("Good");
        var bad = app.Call("Each", new Value.Delegate("Bad", null));
        app.Body("Grow", app.Call("Each", new Value.Delegate("Good", null)), bad).NotSeed("Grow");

        var found = app.Findings().Where(f => f.Rule != "FENCE008").ToList();
        Assert.Equal(["FENCE002", "FENCE004"], found.Select(f => f.Rule).Order());
        Assert.Equal(bad.Span, found.Single(f => f.Rule == "FENCE004").Span);
    }

    [Fact]
    public void A_delegate_that_a_library_hands_out_is_known()
    {
        var lib = Program();
        lib.Body("Get", new ReturnOp(lib.Next(), new Value.Delegate("Get#0", null))).Body("Get#0", lib.Call("Alloc"));
        var assembly = ExternalSummaryBuilder.Build(lib, "Lib", Guid.Empty, "", ["Get"], CancellationToken.None);

        Assert.Equal(["Get", "Get#0"], assembly.Members.Select(m => m.Id));
    }

    /// <summary>In a large library everything reaches everything: what is kept of it has a bound, and beyond it is unknown, not safe.</summary>
    [Theory]
    [InlineData(64, 64)]
    [InlineData(65, 0)]
    public void A_member_that_reaches_too_many_calls_of_others_is_unknown(int calls, int kept)
    {
        var lib = Program();
        lib.Body("Many", [.. Enumerable.Range(0, calls).Select(i => lib.Call("Other" + i)), lib.Call("Back")]).Body("Back", lib.Call("Many"));
        var assembly = ExternalSummaryBuilder.Build(lib, "Lib", Guid.Empty, "", ["Many", "Back"], CancellationToken.None);

        Assert.Equal(2, assembly.Members.Length);
        foreach (var member in assembly.Members)
        {
            Assert.Equal(kept, member.Summary.Reaches.Count(r => r.Sink is Sink.Call));
            Assert.Equal(kept == 0 ? 1 : 0, member.Summary.Reaches.Count(r => r.Sink is Sink.Effect { Kind: EffectKind.Unknown }));
        }
    }

    [Fact]
    public void A_promise_and_critical_code_of_a_library_make_locks_critical()
    {
        var lib = Program().Declare("Kick", c => c with { Critical = true });
        lib.Body("Kick", lib.Call("Hidden")).Body("Hidden", lib.Take(G), lib.Give(G));
        var app = Program().Reference(lib, "Kick").Declare("Kick", c => c with { Critical = true });
        app.Body("Grow", app.Take(G), app.Call("Alloc"), app.Give(G));

        Assert.Equal(["FENCE004 Grow → Alloc"], Reports(app));
    }

    [Fact]
    public void Code_of_a_library_that_runs_in_reclaim_makes_locks_matter_there()
    {
        var lib = Program();
        lib.Body("Scan", lib.Take(G), lib.Give(G));
        var app = Program().Reference(lib, "Scan");
        app.Body("Grow", app.Take(G), app.Call("Alloc"), app.Give(G));

        Assert.Equal(["FENCE004 Grow → Alloc"], Reports(app));
    }

    [Fact]
    public void A_virtual_call_reaches_the_implementations_that_the_library_has_and_those_here()
    {
        var lib = Program().Implementations("Job.Do", true, "Hidden.Do");
        lib.Body("Hidden.Do", lib.Call("Alloc")).Body("Start", Virtual(lib));
        var app = Program().Reference(lib, "Job.Do", "Start").Implementations("Job.Do", true, "Mine.Do").Declare("Wait", c => c with { WaitsForFence = true });
        app.Body("Run", Virtual(app), app.Call("Start")).Body("Mine.Do", app.Call("Wait"));

        Assert.Equal(
            ["FENCE001 Run → Hidden.Do → Alloc", "FENCE001 Run → Start → Hidden.Do → Alloc", "FENCE003 Run → Mine.Do → Wait", "FENCE003 Run → Start → Mine.Do → Wait"],
            Reports(app));

        static CallOp Virtual(FakeProgram p) => new(p.Next(), new CallTarget.Virtual("Job.Do", "Job", []), Value.None, [], -1);
    }

    [Fact]
    public void Code_under_a_spin_lock_is_told_of_waits_in_a_library()
    {
        var app = Program().Reference(Pool(underLock: false), "Refill");
        app.Body("X", app.Take(A, LockMode.Spin), app.Call("Refill"), app.Give(A));

        Assert.Contains("FENCE006 X → Refill → Inner → Alloc", Reports(app));
    }

    [Fact]
    public void Growth_is_told_apart_from_other_allocations()
    {
        var lib = Program().Declare("Add", c => c with { Closed = true, Managed = "growth" });
        lib.Body("Put", lib.Call("Add"));
        FakeProgram App()
        {
            var app = Program().Reference(lib, "Put");
            return app.Body("Run", app.Call("Put"));
        }

        Assert.Equal(["FENCE011 Run → Put → Add"], Reports(App()));
        Assert.Empty(Reports(App(), new EngineOptions(IgnoreGrowth: true)));
    }

    [Fact]
    public void A_chain_of_six_thousand_summaries_costs_no_stack()
    {
        const int Length = 3_000;
        var app = Program();
        var lib = Program();
        for (int i = 0; i < Length; i++)
            lib.Body("M" + i, lib.Call("N" + i));
        var next = Program();
        for (int i = 0; i < Length; i++)
            next.Body("N" + i, i + 1 == Length ? next.Call("Alloc") : next.Call("M" + (i + 1)));
        app.Reference(lib, Enumerable.Range(0, Length).Select(i => "M" + i).ToArray());
        app.Reference(next, Enumerable.Range(0, Length).Select(i => "N" + i).ToArray());
        app.Body("Run", app.Call("M0"));

        Assert.Equal("FENCE001", Assert.Single(app.Findings()).Rule);
    }

    [Fact]
    public void Reads_nothing_of_summaries_that_nobody_asks_for()
    {
        var app = Program().Reference(Pool(underLock: true), "Refill");
        app.Body("Quiet", app.Call("Refill")).NotSeed("Quiet");

        Assert.Empty(Reports(app));
        Assert.Empty(app.Read);
    }
}
