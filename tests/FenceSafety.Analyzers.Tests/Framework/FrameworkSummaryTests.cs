using System.Diagnostics;
using FenceSafety.Analyzers.Framework;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Summaries.External;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FenceSafety.Analyzers.Tests.Framework;

/// <summary>A framework summary in the format of summary files: lines are found in its bytes.</summary>
public sealed class FrameworkSummaryTests
{
    static readonly CSharpCompilation Compilation = CSharpCompilation.Create(
        "App", references: [MetadataReference.CreateFromFile(typeof(object).Assembly.Location)]);

    static readonly ClosedMember Safe = new(null, false, false, []);

    static FrameworkSummary File(params (string Id, ClosedMember Member)[] members) => FrameworkSummary.Open(
        SummaryWriter.Write(new ExternalAssembly("Framework", Guid.Empty, "test", [.. members.Select(m => m.Member.ToMember(m.Id))], [])));

    static MemberContract Apply(FrameworkSummary summary, string id) => summary.Apply(
        new MemberContract("x"), (IMethodSymbol)DocumentationCommentId.GetFirstSymbolForDeclarationId(id, Compilation)!);

    [Fact]
    public void A_member_has_the_effects_of_its_line()
    {
        var summary = File(("M:System.Collections.Generic.List`1.Add(`0)", Safe with { Managed = "growth" }), ("M:System.Collections.Generic.List`1.get_Count", Safe));

        Assert.Equal("growth", Apply(summary, "M:System.Collections.Generic.List`1.Add(`0)").Managed);
        Assert.True(Apply(summary, "M:System.Collections.Generic.List`1.get_Count") is { Closed: true, Managed: null, CallsBack: false });
    }

    [Fact]
    public void The_constructor_that_a_value_does_not_have_does_nothing() =>
        Assert.True(Apply(File(), "M:System.Guid.#ctor") is { Closed: true, Managed: null, CallsBack: false });

    [Fact]
    public void A_member_without_a_line_stays_unknown()
    {
        Assert.Equal(new MemberContract("x"), Apply(File(("M:System.Collections.Generic.List`1.Clear", Safe)), "M:System.Collections.Generic.List`1.ToArray"));
    }

    [Fact]
    public void Delegates_waits_and_callbacks_are_handed_on()
    {
        var sort = Apply(File(("M:System.Collections.Generic.List`1.Sort(System.Comparison{`0})", Safe with { Invokes = [0], CallsBack = true })), "M:System.Collections.Generic.List`1.Sort(System.Comparison{`0})");
        Assert.Equal([0], sort.Invokes.ToArray());
        Assert.True(sort is { Closed: true, CallsBack: true, BlockingWait: false });
        Assert.True(Apply(File(("M:System.Threading.Thread.Join", Safe with { Waits = true })), "M:System.Threading.Thread.Join").BlockingWait);
    }

    [Fact]
    public void The_first_look_up_in_a_large_file_reads_next_to_nothing()
    {
        byte[] bytes = SummaryWriter.Write(new ExternalAssembly(
            "Framework", Guid.Empty, "test",
            [.. Enumerable.Range(0, 60_000).Select(i => Safe.ToMember($"M:System.Some.Namespace.Type{i % 3000}.Method{i}(System.Int32,System.String)"))], []));
        Assert.InRange(bytes.Length, 1, 10 << 20);
        SummaryFile.OpenTrusted(bytes).Find("M:System.Other", out _);
        // The best of several: the machine has other things to do.
        double best = double.MaxValue;
        for (int i = 0; i < 10; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            var clock = Stopwatch.StartNew();
            var member = SummaryFile.OpenTrusted(bytes).Find("M:System.Some.Namespace.Type7.Method7(System.Int32,System.String)", out _);
            best = Math.Min(best, clock.Elapsed.TotalMilliseconds);

            Assert.NotNull(member);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000);
        }
        Assert.InRange(best, 0, 20);
    }
}
