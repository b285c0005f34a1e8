using FenceSafety.Core.Facts;

namespace FenceSafety.Core.Tests;

/// <summary>What critical bodies reach: FENCE001, 003, 008, 011.</summary>
public sealed class EffectTests
{
    static FakeProgram Critical(params string[] declared)
    {
        var program = new FakeProgram().WithAllocator();
        foreach (string id in declared)
            program.Declare(id, c => c with { Critical = true });
        return program;
    }

    [Fact]
    public void Reports_the_first_hop_of_each_chain()
    {
        var program = Critical("Run");
        var call = program.Call("A");
        program.Body("Run", call).Body("A", program.Call("Alloc"));

        Assert.Equal(["FENCE001@" + call.Span.Start], program.Analyze());
    }

    [Fact]
    public void Silent_about_code_that_is_not_critical()
    {
        var program = Critical();
        program.Body("Run", program.Call("A")).Body("A", program.Call("Alloc"));

        Assert.Empty(program.Analyze());
    }

    [Fact]
    public void Silent_about_what_a_critical_callee_does()
    {
        var program = Critical("Run", "Inner");
        var inner = program.Call("Alloc");
        program.Body("Run", program.Call("Inner")).Body("Inner", inner);

        Assert.Equal(["FENCE001@" + inner.Span.Start], program.Analyze());
    }

    [Fact]
    public void Silent_about_what_somebody_vouches_for()
    {
        var program = Critical("Run").Declare("Pool", c => c with { AssumeSafe = true });
        program.Body("Run", program.Call("Pool")).Body("Pool", program.Call("Alloc"));

        Assert.Empty(program.Analyze());
    }

    [Fact]
    public void Reports_a_wait_and_an_unknown_call()
    {
        var program = Critical("Run").Declare("Wait", c => c with { WaitsForFence = true });
        program.Body("Run", program.Call("Wait"), program.Call("Extern"));

        Assert.Equal(["FENCE003", "FENCE008"], program.Findings().Select(f => f.Rule));
    }

    [Theory]
    [InlineData(ManagedAllocations.Report, 1)]
    [InlineData(ManagedAllocations.Blocking, 1)]
    [InlineData(ManagedAllocations.Ignore, 0)]
    public void Reports_managed_allocations_once_by_option(ManagedAllocations mode, int count)
    {
        var program = Critical("Run");
        program.Body("Run", program.Managed());

        Assert.Equal(count, program.Findings(new EngineOptions(mode)).Count(f => f.Rule == "FENCE011"));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    public void Judges_a_flags_argument_through_a_wrapper(long flags, int reports)
    {
        var program = Critical("Run").Declare("Get", c => c with { MayAllocate = true, FlagsParameter = 0, BlockingFlags = 2 });
        program.Body("Run", program.Call("Wrap", new Value.Constant(ConstantKind.Bits, flags)));
        program.Body("Wrap", 1, new Block { Ops = [program.Call("Get", FakeProgram.Parameter("Wrap", 0))], IsExit = true });

        Assert.Equal(reports, program.Findings().Count);
    }

    [Fact]
    public void Substitutes_a_delegate_parameter_at_each_call()
    {
        var program = Critical("Good", "Bad");
        program.Body("Twice", 1, new Block { Ops = [program.Invoke(FakeProgram.Parameter("Twice", 0))], IsExit = true });
        program.Body("Safe").Body("Grow", program.Call("Alloc"));
        program.Body("Good", program.Call("Twice", new Value.Delegate("Safe", null)));
        var bad = program.Call("Twice", new Value.Delegate("Grow", null));
        program.Body("Bad", bad);

        var finding = Assert.Single(program.Findings());

        Assert.Equal(bad.Span, finding.Span);
        Assert.EndsWith(": Bad → Twice → Grow → Alloc", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_nothing_that_no_rule_needs()
    {
        var program = Critical("Run");
        program.Body("Run", program.Call("A")).Body("A").Body("Elsewhere", program.Call("Alloc"));
        program.NotSeed("A").NotSeed("Elsewhere");

        Assert.Empty(program.Analyze());
        Assert.DoesNotContain("Elsewhere", program.Read);
    }
}
