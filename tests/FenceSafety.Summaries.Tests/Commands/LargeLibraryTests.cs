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

    /// <summary>What a member that reaches too much is known to do stays known, beside the unknown, and so do the calls that it makes itself.</summary>
    [Fact]
    public void What_reaches_too_much_is_unknown_and_what_is_small_is_known()
    {
        var file = SummaryFile.Open(s_cecil.Value.Bytes);
        ExternalMember Find(string id) => Assert.IsType<ExternalMember>(file.Find(id, out _));

        var write = Find("M:Mono.Cecil.ModuleDefinition.Write(System.String)").Summary;
        Assert.Contains(write.Reaches, static r => r.Sink is Sink.Effect { Kind: EffectKind.Unknown, Detail: "call" });
        Assert.Contains(write.Reaches, static r => r.Sink is Sink.Effect { Kind: EffectKind.ManagedAllocation, Detail: "object" });
        Assert.Contains(write.Reaches, static r => r.Sink is Sink.Call { Method: var m } && m.StartsWith("M:System.IO.FileStream.#ctor(", StringComparison.Ordinal));

        Assert.Empty(Find("M:Mono.Cecil.MethodReference.get_HasThis~System.Boolean").Summary.Reaches.Where(static r => r.Sink is Sink.Effect { Kind: EffectKind.Unknown }));
        Assert.Empty(Find("M:Mono.Cecil.MetadataToken.get_RID~System.UInt32").Summary.Reaches);
    }
}
