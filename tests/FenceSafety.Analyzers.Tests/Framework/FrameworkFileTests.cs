using Microsoft.CodeAnalysis;

namespace FenceSafety.Analyzers.Tests.Framework;

public class FrameworkFileTests
{
    static readonly string Text = FrameworkFile.Text();
    static readonly List<FrameworkLine> Lines = FrameworkFile.Read(Text, []);
    static readonly Dictionary<string, string> Effects =
        Lines.ToDictionary(l => l.Id, l => string.Join(',', l.Effects), StringComparer.Ordinal);

    [Fact]
    public void Every_line_is_well_formed()
    {
        var problems = new List<string>();
        FrameworkFile.Read(Text, problems);
        Assert.Empty(problems);
        Assert.InRange(Lines.Count, 1000, 2500);
    }

    [Theory]
    [InlineData("fencesum 2\n", "the first line")]
    [InlineData("fencesum 1 framework net10.0\nT:System.Math; safe\n", "not 'id; effects; reason'")]
    [InlineData("fencesum 1 framework net10.0\nT:System.Math; safe; \n", "not 'id; effects; reason'")]
    [InlineData("fencesum 1 framework net10.0\nT:System.Math; fine; a reason\n", "no such effect: 'fine'")]
    [InlineData("fencesum 1 framework net10.0\nT:System.Math; managed:heap; a reason\n", "no such effect: 'managed:heap'")]
    [InlineData("fencesum 1 framework net10.0\nT:System.Math; invokes:x; a reason\n", "no such effect: 'invokes:x'")]
    [InlineData("fencesum 1 framework net10.0\nT:System.Math; safe,unknown; a reason\n", "stand alone")]
    [InlineData("fencesum 1 framework net10.0\nT:System.Math; growth,managed:array; a reason\n", "an effect twice")]
    [InlineData("fencesum 1 framework net10.0\r\nT:System.Math; safe; a reason\r\n", "lines end in LF")]
    public void A_malformed_file_is_named(string text, string expected)
    {
        var problems = new List<string>();
        FrameworkFile.Read(text, problems);
        Assert.Contains(problems, p => p.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_line_matches_a_visible_member_of_the_reference_assemblies() =>
        Assert.Empty(Lines.Where(l => FrameworkFile.Resolve(l) is null).Select(l => $"{l.Number}: {l.Id}"));

    [Theory]
    [InlineData("M:System.Math.Maximum(System.Int32)")]
    [InlineData("M:System.Collections.Generic.List`1.Grow(System.Int32)")]
    [InlineData("T:System.Collections.Generic.List")]
    [InlineData("M:System.Int32.ToString~System.String")]
    [InlineData("F:System.String.Empty")]
    public void An_id_that_is_no_visible_member_does_not_match(string id) =>
        Assert.Null(FrameworkFile.Resolve(new FrameworkLine(2, id, ["safe"], "a reason")));

    [Fact]
    public void No_member_is_listed_twice_as_itself_or_as_its_property()
    {
        var accessors = Lines.Select(FrameworkFile.Resolve)
            .SelectMany(s => s is IPropertySymbol p ? [p.GetMethod, p.SetMethod] : new ISymbol?[] { s })
            .Where(s => s is not null)
            .Select(s => s!.GetDocumentationCommentId());
        Assert.Empty(accessors.GroupBy(id => id).Where(g => g.Count() > 1).Select(g => g.Key));
    }

    [Fact]
    public void What_is_invoked_is_a_delegate_parameter() =>
        Assert.Empty(Lines.Where(l => !InvokesDelegates(l)).Select(l => $"{l.Number}: {l.Id}"));

    [Fact]
    public void A_type_line_is_the_default_of_some_member_without_a_line()
    {
        var useless = Lines.Where(l => FrameworkFile.Resolve(l) is INamedTypeSymbol type
            && !type.GetMembers().OfType<IMethodSymbol>().Any(m => Effects.Keys.All(id => id != m.GetDocumentationCommentId())));
        Assert.Empty(useless.Select(l => l.Id));
    }

    // Each of these must stay unknown: a class of the user may be behind it.
    [Theory]
    [InlineData("M:System.Object.ToString")]
    [InlineData("M:System.Object.Equals(System.Object)")]
    [InlineData("M:System.Object.GetHashCode")]
    [InlineData("M:System.IDisposable.Dispose")]
    [InlineData("M:System.IComparable.CompareTo(System.Object)")]
    [InlineData("M:System.Collections.Generic.IComparer`1.Compare(`0,`0)")]
    [InlineData("M:System.Collections.Generic.IEqualityComparer`1.GetHashCode(`0)")]
    [InlineData("M:System.Collections.Generic.ICollection`1.Add(`0)")]
    [InlineData("M:System.Collections.Generic.IDictionary`2.TryGetValue(`0,`1@)")]
    [InlineData("M:System.IO.Stream.Flush")]
    public void What_users_implement_is_not_listed(string id) => Assert.Null(Find(id));

    [Theory]
    [InlineData("M:System.Collections.Generic.Dictionary`2.TryGetValue(`0,`1@)", "safe")]
    [InlineData("M:System.Collections.Generic.Dictionary`2.get_Item(`0)", "safe")]
    [InlineData("M:System.Collections.Generic.Dictionary`2.set_Item(`0,`1)", "growth")]
    [InlineData("M:System.Collections.Generic.List`1.Add(`0)", "growth")]
    [InlineData("M:System.Collections.Generic.List`1.ForEach(System.Action{`0})", "invokes:0")]
    [InlineData("M:System.Collections.Generic.List`1.GetEnumerator", "safe")]
    [InlineData("M:System.Collections.Generic.Queue`1.Enqueue(`0)", "growth")]
    [InlineData("M:System.Collections.Generic.LinkedList`1.AddLast(`0)", "managed:object")]
    [InlineData("M:System.Collections.Generic.IEnumerable`1.GetEnumerator", "managed:enumerator")]
    [InlineData("M:System.Collections.IEnumerator.MoveNext", "safe")]
    [InlineData("M:System.Collections.Concurrent.ConcurrentDictionary`2.TryAdd(`0,`1)", "managed:object")]
    [InlineData("M:System.Enum.HasFlag(System.Enum)", "safe")]
    [InlineData("M:System.Enum.ToString", "managed:string")]
    [InlineData("M:System.String.get_Length", "safe")]
    [InlineData("M:System.String.Concat(System.String,System.String)", "managed:string")]
    [InlineData("M:System.String.Format(System.String,System.Object)", "managed:string,unknown")]
    [InlineData("M:System.Linq.Enumerable.Count``1(System.Collections.Generic.IEnumerable{``0})", "managed:linq")]
    [InlineData("M:System.Linq.Enumerable.Where``1(System.Collections.Generic.IEnumerable{``0},System.Func{``0,System.Boolean})", "managed:linq,invokes:1")]
    [InlineData("M:System.Threading.Tasks.Task.Wait", "waits")]
    [InlineData("M:System.Threading.Tasks.Task.WaitAll(System.Threading.Tasks.Task[])", "waits")]
    [InlineData("M:System.Threading.Tasks.Task`1.get_Result", "waits")]
    [InlineData("M:System.Runtime.CompilerServices.TaskAwaiter.GetResult", "waits")]
    [InlineData("M:System.Runtime.CompilerServices.TaskAwaiter`1.GetResult", "waits")]
    [InlineData("M:System.Threading.Thread.Join", "waits")]
    [InlineData("M:System.Threading.Thread.Sleep(System.Int32)", "waits")]
    [InlineData("M:System.Threading.WaitHandle.WaitOne", "waits")]
    [InlineData("M:System.Threading.ManualResetEventSlim.Wait", "waits")]
    [InlineData("M:System.Threading.CountdownEvent.Wait", "waits")]
    [InlineData("M:System.Threading.Barrier.SignalAndWait", "waits")]
    [InlineData("M:System.Threading.SpinWait.SpinUntil(System.Func{System.Boolean})", "waits")]
    [InlineData("M:System.Collections.Concurrent.BlockingCollection`1.Take", "waits")]
    [InlineData("M:System.Collections.Concurrent.BlockingCollection`1.TryTake(`0@)", "safe")]
    [InlineData("M:System.Threading.Monitor.IsEntered(System.Object)", "safe")]
    [InlineData("M:System.Threading.Monitor.PulseAll(System.Object)", "safe")]
    [InlineData("M:System.ArgumentNullException.ThrowIfNull(System.Object,System.String)", "safe")]
    [InlineData("M:System.Math.Max(System.Int32,System.Int32)", "safe")]
    [InlineData("M:System.Lazy`1.get_Value", "unknown")]
    public void The_members_that_the_rules_name_have_their_effect(string id, string effects) => Assert.Equal(effects, Find(id));

    internal static string? Find(string id)
    {
        var symbol = DocumentationCommentId.GetFirstSymbolForDeclarationId(id, FrameworkFile.References);
        return FrameworkFile.Find(Effects, Assert.IsAssignableFrom<IMethodSymbol>(symbol));
    }

    static bool InvokesDelegates(FrameworkLine line)
    {
        var indices = line.Effects.Where(e => e.StartsWith("invokes:", StringComparison.Ordinal)).Select(e => int.Parse(e[8..], null));
        return indices.All(i => FrameworkFile.Resolve(line) is IMethodSymbol m
            && i < m.Parameters.Length && m.Parameters[i].Type.TypeKind == TypeKind.Delegate);
    }
}
