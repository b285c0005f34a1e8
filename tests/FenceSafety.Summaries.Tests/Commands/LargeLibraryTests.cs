using FenceSafety.Core.Facts;
using FenceSafety.Core.Summaries;
using FenceSafety.Core.Summaries.External;
using FenceSafety.Summaries.Commands;
using FenceSafety.Summaries.Metadata;
using FenceSafety.Summaries.Program;

namespace FenceSafety.Summaries.Tests.Commands;

/// <summary>Real libraries, of generic collections and visitors calling each other in circles: what their summaries cost, in counts.</summary>
public sealed class LargeLibraryTests
{
    static (byte[] Bytes, SummaryWork Work) Summarize(string name)
    {
        using var world = new World();
        foreach (string folder in Runtime.Folders)
            world.AddFolder(folder);
        using var assembly = world.Add(ManagedAssembly.Open(Path.Combine(AppContext.BaseDirectory, name), world));
        var program = new IlProgram(world, assembly, FrameworkContracts.Shipped());
        SummaryWork? work = null;
        var made = ExternalSummaryBuilder.Build(program, assembly.Name, assembly.Mvid, "il", program.VisibleMembers, CancellationToken.None, w => work = w);
        return (SummaryWriter.Write(made), Assert.IsType<SummaryWork>(work));
    }

    static readonly Lazy<(byte[] Bytes, SummaryWork Work)> s_cecil = new(static () => Summarize("Mono.Cecil.dll"));

    [Theory]
    [InlineData("Mono.Cecil.dll", 3_000_000)]
    [InlineData("Spectre.Console.dll", 4_000_000)]
    public void A_large_library_costs_a_few_visits_a_body_and_equal_bytes(string name, int size)
    {
        var (bytes, work) = name == "Mono.Cecil.dll" ? s_cecil.Value : Summarize(name);

        Assert.InRange(work.Bodies, 2_000, 6_000);
        Assert.InRange(work.Solved, work.Bodies, 2 * work.Bodies);
        Assert.InRange(work.Visits, work.Bodies, 4 * work.Bodies);
        Assert.InRange(work.Bounded, 1, work.Bodies / 4);
        Assert.InRange(bytes.Length, size / 10, size);
        Assert.True(bytes.AsSpan().SequenceEqual(Summarize(name).Bytes), "a second run gave other bytes");
    }

    /// <summary>
    /// In F# every function is an object of a class of its own, and every call of one the same virtual call of thousands of overrides. It is
    /// unknown; what calls none is known.
    /// </summary>
    [Fact]
    public void A_library_in_which_every_call_may_be_any_other_ends()
    {
        var (bytes, work) = Summarize("FSharp.Core.dll");

        Assert.InRange(work.Bodies, 8_000, 12_000);
        Assert.InRange(work.Solved, work.Bodies, 2 * work.Bodies);
        Assert.InRange(work.Visits, work.Bodies, 2 * work.Bodies);
        Assert.InRange(work.Bounded, 1, work.Bodies / 5);
        var file = SummaryFile.Open(bytes);
        Assert.Contains(Find(file, "M:Microsoft.FSharp.Collections.ListModule.Iterate``1(Microsoft.FSharp.Core.FSharpFunc{``0,Microsoft.FSharp.Core.Unit},Microsoft.FSharp.Collections.FSharpList{``0})").Reaches,
            static r => r.Sink is Sink.Effect { Kind: EffectKind.Unknown });
        Assert.Empty(Find(file, "M:Microsoft.FSharp.Collections.ListModule.Length``1(Microsoft.FSharp.Collections.FSharpList{``0})~System.Int32").Reaches);
    }

    static Summary Find(SummaryFile file, string id) => Assert.IsType<ExternalMember>(file.Find(id, out _)).Summary;

    /// <summary>What a member that reaches too much is known to do stays known, beside the unknown.</summary>
    [Fact]
    public void What_reaches_too_much_is_unknown_and_what_is_small_is_known()
    {
        var file = SummaryFile.Open(s_cecil.Value.Bytes);

        var write = Find(file, "M:Mono.Cecil.ModuleDefinition.Write(System.String)");
        Assert.Contains(write.Reaches, static r => r.Sink is Sink.Effect { Kind: EffectKind.Unknown, Detail: "call" });
        Assert.Contains(write.Reaches, static r => r.Sink is Sink.Effect { Kind: EffectKind.ManagedAllocation, Detail: "object" });

        Assert.Empty(Find(file, "M:Mono.Cecil.MethodReference.get_HasThis~System.Boolean").Reaches.Where(static r => r.Sink is Sink.Effect { Kind: EffectKind.Unknown }));
        Assert.Empty(Find(file, "M:Mono.Cecil.MetadataToken.get_RID~System.UInt32").Reaches);
    }
}
