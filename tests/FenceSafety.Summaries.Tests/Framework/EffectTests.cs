using FenceSafety.Summaries.Framework;
using FenceSafety.Summaries.Metadata;

namespace FenceSafety.Summaries.Tests.Framework;

/// <summary>A part of the installed framework, digested once.</summary>
public sealed class CoreAssemblies : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("fence-framework-").FullName;
    readonly World _world = new();

    public CoreAssemblies()
    {
        string from = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        foreach (string name in new[] { "System.Private.CoreLib.dll", "System.Collections.dll" })
            File.Copy(Path.Combine(from, name), Path.Combine(_folder, name));
        Framework = FrameworkWorld.Load([_folder], _world);
    }

    internal FrameworkWorld Framework { get; }

    internal SortedDictionary<string, string> Members(string overrides = "")
    {
        var lines = FrameworkOverrides.Read(new StringReader(overrides));
        var solver = new EffectSolver(Framework, lines);
        solver.Solve();
        return FrameworkMembers.Of(Framework, solver, lines);
    }

    public void Dispose()
    {
        _world.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>What IL alone says of framework members. Without reviewed lines much stays unknown; nothing else may be said wrongly.</summary>
public class EffectTests(CoreAssemblies core) : IClassFixture<CoreAssemblies>
{
    [Fact]
    public void Effects_of_well_known_members()
    {
        var members = core.Members();
        (string Id, string Effects)[] expected =
        [
            ("M:System.Math.Max(System.Int32,System.Int32)", "safe"),
            ("M:System.Math.Abs(System.Int32)", "safe"),
            ("M:System.Collections.Generic.List`1.get_Count", "safe"),
            ("M:System.Collections.Generic.List`1.#ctor(System.Int32)", "managed:array"),
            ("M:System.Collections.Generic.List`1.ForEach(System.Action{`0})", "invokes:0"),
            ("M:System.Collections.Generic.List`1.FindIndex(System.Int32,System.Predicate{`0})", "invokes:1"),
            ("M:System.Collections.Generic.Queue`1.#ctor(System.Int32)", "managed:array"),
            ("M:System.Collections.Generic.LinkedList`1.AddLast(`0)", "managed:object"),
            ("M:System.Array.ForEach``1(``0[],System.Action{``0})", "invokes:1"),
            ("M:System.Array.ConvertAll``2(``0[],System.Converter{``0,``1})", "managed:array,invokes:1"),
            ("M:System.Array.Sort``1(``0[],System.Comparison{``0})", "invokes:1"),
            ("M:System.Text.StringBuilder.#ctor", "managed:array"),
        ];
        Assert.All(expected, e => Assert.Equal(e.Effects, members.GetValueOrDefault(e.Id)));
        Assert.True(members.Count > 5000, $"only {members.Count} members are known");
    }

    [Theory]
    [InlineData("M:System.Object.ToString")]
    [InlineData("M:System.IDisposable.Dispose")]
    [InlineData("M:System.IO.Stream.Flush")]
    [InlineData("M:System.Collections.Generic.ICollection`1.Add(`0)")]
    public void What_users_implement_is_unknown(string id) => Assert.False(core.Members().ContainsKey(id));

    [Fact]
    public void A_reviewed_line_counts_for_the_member_and_for_its_callers()
    {
        const string Find = "M:System.Collections.Generic.List`1.Find(System.Predicate{`0})", FindIndex = "M:System.Collections.Generic.List`1.FindIndex(System.Predicate{`0})";
        const string Ranged = "M:System.Collections.Generic.List`1.FindIndex(System.Int32,System.Int32,System.Predicate{`0})";
        var members = core.Members($"{Find}; unknown; a test\n{Ranged}; managed:string,invokes:2; a test\n");
        Assert.Equal("unknown", members[Find]);
        Assert.Equal("managed:string,invokes:0", members[FindIndex]);
    }

    [Fact]
    public void The_order_of_work_changes_nothing() => Assert.Equal(core.Members(), core.Members());
}
