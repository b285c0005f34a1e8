using FenceSafety.Core.Summaries.External;
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

    readonly Dictionary<string, Dictionary<string, string>> _made = [];

    internal Dictionary<string, string> Members(string overrides = "") =>
        _made.TryGetValue(overrides, out var known) ? known : _made[overrides] = Make(overrides);

    internal Dictionary<string, string> Make(string overrides)
    {
        var lines = FrameworkOverrides.Read(new StringReader(overrides), "test");
        return FrameworkFile.Members(Framework, lines, "test", out _).ToDictionary(static m => m.Key, static m => EffectWords.Of(m.Value));
    }

    public void Dispose()
    {
        _world.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>What IL and the rules say of framework members, without any reviewed line.</summary>
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

            // Native code that is given nowhere to put an object.
            ("M:System.Math.Pow(System.Double,System.Double)", "safe"),

            // Made once.
            ("M:System.Collections.Generic.Dictionary`2.get_Keys", "safe"),
            ("M:System.Collections.Generic.SortedDictionary`2.get_Keys", "safe"),
        ];
        Assert.All(expected, e => Assert.Equal((e.Id, e.Effects), (e.Id, members.GetValueOrDefault(e.Id))));
        Assert.True(members.Count > 15_000, $"only {members.Count} members are known");
    }

    /// <summary>The comparer that a collection keeps is as that of primitive keys; <c>typeof</c> is native code once.</summary>
    [Fact]
    public void A_default_comparer_calls_nobody()
    {
        var members = core.Members("M:System.RuntimeTypeHandle.GetRuntimeTypeFromHandleSlow(System.IntPtr,System.Runtime.CompilerServices.ObjectHandleOnStack@System.Private.CoreLib); safe; once\n"
            + "M:System.RuntimeType@System.Private.CoreLib.GetBaseType; safe; a test\n");
        Assert.Equal("safe", members.GetValueOrDefault("M:System.Collections.Generic.Dictionary`2.TryGetValue(`0,`1@)"));
        Assert.Equal("safe", members.GetValueOrDefault("M:System.Collections.Generic.List`1.Contains(`0)"));
    }

    [Theory]
    [InlineData("M:System.Object.ToString")]
    [InlineData("M:System.IDisposable.Dispose")]
    [InlineData("M:System.IO.Stream.Flush")]
    [InlineData("M:System.Collections.Generic.ICollection`1.Add(`0)")]
    [InlineData("M:System.Collections.Generic.IComparer`1.Compare(`0,`0)")]
    [InlineData("M:System.MemoryExtensions.IndexOf``1(System.ReadOnlySpan{``0},``0,System.Collections.Generic.IEqualityComparer{``0})")]
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
    public void A_line_for_inside_counts_for_callers_only()
    {
        const string Compare = "M:System.Object.ToString", Caller = "M:System.Convert.ToString(System.Object)";
        Assert.Contains("unknown", core.Members().GetValueOrDefault(Caller, "unknown"), StringComparison.Ordinal);
        var members = core.Members($"inside {Compare}; managed:string; a test\ninside M:System.IFormattable.ToString(System.String,System.IFormatProvider); managed:string; a test\n"
            + "inside M:System.IConvertible.ToString(System.IFormatProvider); managed:string; a test\n");
        Assert.Equal("managed:string", members[Caller]);
        Assert.False(members.ContainsKey(Compare));
    }

    [Fact]
    public void A_types_line_counts_for_members_that_code_outside_can_name()
    {
        var members = core.Members("T:System.String; unknown; a test\nM:System.String.get_Length; safe; a test\n");
        Assert.Equal("unknown", members["M:System.String.Trim"]);
        Assert.Equal("safe", members["M:System.String.get_Length"]);
    }

    [Fact]
    public void The_order_of_work_changes_nothing() =>
        Assert.Equal(core.Members().OrderBy(static m => m.Key, StringComparer.Ordinal), core.Make("").OrderBy(static m => m.Key, StringComparer.Ordinal));

    [Theory]
    [InlineData("T:System.Math; safe", "test:1: 'T:System.Math; safe' is not 'id; effects; reason'")]
    [InlineData("\nT:System.Math; safe; ", "test:2: 'T:System.Math; safe; ' is not 'id; effects; reason'")]
    [InlineData("F:System.String.Empty; safe; a field", "ids begin with M:, P: or T:")]
    [InlineData("T:System.Math; fine; a reason", "'fine' is no effect; effects are safe, waits,")]
    [InlineData("T:System.Math; managed:heap; a reason", "'managed:heap' is no effect")]
    [InlineData("T:System.Math; invokes:x; a reason", "'invokes:x' is no effect")]
    [InlineData("T:System.Math; safe,unknown; a reason", "'safe' stands alone")]
    [InlineData("T:System.Math; growth,managed:array; a reason", "has an effect twice")]
    [InlineData("T:System.Math; safe; a reason\nT:System.Math; safe; again", "test:2: T:System.Math has a line already: line 1")]
    [InlineData("M:System.Math.Maximum(System.Int32); safe; a reason", "test:1: M:System.Math.Maximum(System.Int32) matches nothing in this framework")]
    [InlineData("inside M:System.Math.Maximum; safe; a reason", "matches nothing")]
    [InlineData("M:System.Math.Abs(System.Int32); invokes:0; a reason", "has no delegate parameter 0")]
    public void A_line_that_is_wrong_is_named_with_what_would_be_right(string lines, string message)
    {
        var thrown = Assert.Throws<OverridesException>(() => core.Members(lines));
        Assert.Contains(message, thrown.Message, StringComparison.Ordinal);
    }
}
