using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using static FenceSafety.Analyzers.Tests.Framework.Table.Effect;

namespace FenceSafety.Analyzers.Tests.Framework.Table;

/// <summary>Members of which the effect is that of an argument: each is called with several.</summary>
[SuppressMessage("Performance", "CA1859", Justification = "The static type is the point.")]
static class ArgumentRows
{
    static readonly int[] s_ints = [3, 1, 2];
    static readonly List<int> s_list = [3, 1, 2];
    static readonly ConcurrentDictionary<int, int> s_map = new() { [1] = 1 };
    static IComparer<int> s_comparer = Comparer<int>.Default;
    static Comparison<int> s_comparison = static (a, b) => a.CompareTo(b);

    static int Noisy(int value)
    {
        Out.Object = new object();
        return value;
    }

    [FenceCritical, Row(Nothing, "M:System.Array.Sort``1(``0[],System.Comparison{``0})")]
    static void Array_Sort_quiet() => Array.Sort(s_ints, static (a, b) => a - b);

    [FenceCritical, Row(Allocates, "M:System.Array.Sort``1(``0[],System.Comparison{``0})")]
    static void Array_Sort_noisy() => Array.Sort(s_ints, static (a, b) => Noisy(a) - b);

    [FenceCritical, Row(Unknown, "M:System.Array.Sort``1(``0[],System.Comparison{``0})",
        NotMeasured = "a delegate of which nobody knows what it is")]
    static void Array_Sort_unknown() => Array.Sort(s_ints, s_comparison);

    [FenceCritical, Row(Nothing, "M:System.Collections.Generic.List`1.Sort(System.Comparison{`0})")]
    static void List_Sort_quiet() => s_list.Sort(static (a, b) => a - b);

    [FenceCritical, Row(Allocates, "M:System.Collections.Generic.List`1.Sort(System.Comparison{`0})")]
    static void List_Sort_noisy() => s_list.Sort(static (a, b) => Noisy(a) - b);

    [FenceCritical, Row(Unknown, "M:System.Array.BinarySearch``1(``0[],``0,System.Collections.Generic.IComparer{``0})",
        NotMeasured = "a comparer of which nobody knows what it is")]
    static void Array_BinarySearch_unknown() => Out.Int = Array.BinarySearch(s_ints, 2, s_comparer);

    [FenceCritical, Row(Nothing, "M:System.Collections.Generic.List`1.ForEach(System.Action{`0})")]
    static void List_ForEach_quiet() => s_list.ForEach(static i => Out.Int = i);

    [FenceCritical, Row(Allocates, "M:System.Collections.Generic.List`1.ForEach(System.Action{`0})")]
    static void List_ForEach_noisy() => s_list.ForEach(static i => Noisy(i));

    [FenceCritical, Row(Nothing, "M:System.Collections.Generic.List`1.Find(System.Predicate{`0})")]
    static void List_Find_quiet() => Out.Int = s_list.Find(static i => i == 2);

    [FenceCritical, Row(Allocates, "M:System.Collections.Generic.List`1.Find(System.Predicate{`0})")]
    static void List_Find_noisy() => Out.Int = s_list.Find(static i => Noisy(i) == 2);

    [FenceCritical, Row(Nothing, "M:System.Collections.Generic.List`1.RemoveAll(System.Predicate{`0})")]
    static void List_RemoveAll_quiet() => Out.Int = s_list.RemoveAll(static i => i > 100);

    [FenceCritical, Row(Allocates, "M:System.Collections.Generic.List`1.RemoveAll(System.Predicate{`0})")]
    static void List_RemoveAll_noisy() => Out.Int = s_list.RemoveAll(static i => Noisy(i) > 100);

    [FenceCritical, Row(Nothing, "M:System.Collections.Generic.List`1.Exists(System.Predicate{`0})")]
    static void List_Exists_quiet() => Out.Bool = s_list.Exists(static i => i == 2);

    [FenceCritical, Row(Allocates, "M:System.Collections.Generic.List`1.Exists(System.Predicate{`0})")]
    static void List_Exists_noisy() => Out.Bool = s_list.Exists(static i => Noisy(i) == 2);

    [FenceCritical, Row(Nothing, "M:System.Array.ForEach``1(``0[],System.Action{``0})")]
    static void Array_ForEach_quiet() => Array.ForEach(s_ints, static i => Out.Int = i);

    [FenceCritical, Row(Allocates, "M:System.Array.ForEach``1(``0[],System.Action{``0})")]
    static void Array_ForEach_noisy() => Array.ForEach(s_ints, static i => Noisy(i));

    [FenceCritical, Row(Nothing, "M:System.Array.FindIndex``1(``0[],System.Predicate{``0})")]
    static void Array_FindIndex_quiet() => Out.Int = Array.FindIndex(s_ints, static i => i == 2);

    [FenceCritical, Row(Allocates, "M:System.Array.FindIndex``1(``0[],System.Predicate{``0})")]
    static void Array_FindIndex_noisy() => Out.Int = Array.FindIndex(s_ints, static i => Noisy(i) == 2);

    [FenceCritical, Row(Nothing, "M:System.MemoryExtensions.Sort``1(System.Span{``0},System.Comparison{``0})")]
    static void Span_Sort_quiet() => s_ints.AsSpan().Sort(static (a, b) => a - b);

    [FenceCritical, Row(Allocates, "M:System.MemoryExtensions.Sort``1(System.Span{``0},System.Comparison{``0})")]
    static void Span_Sort_noisy() => s_ints.AsSpan().Sort(static (a, b) => Noisy(a) - b);

    [FenceCritical, Row(Allocates, "M:System.Collections.Concurrent.ConcurrentDictionary`2.GetOrAdd(`0,System.Func{`0,`1})",
        Before = nameof(Remove9))]
    static void ConcurrentDictionary_GetOrAdd() => Out.Int = s_map.GetOrAdd(9, static i => i);

    static void Remove9() => s_map.TryRemove(9, out _);

    [FenceCritical, Row(Allocates,
        "M:System.String.Create``1(System.Int32,``0,System.Buffers.SpanAction{System.Char,``0})", Kind = "string")]
    static void String_Create() => Out.Object = string.Create(4, 'x', static (span, c) => span.Fill(c));
}
