using static FenceSafety.Analyzers.Tests.Framework.Table.Effect;

namespace FenceSafety.Analyzers.Tests.Framework.Table;

/// <summary>Arrays, sequences and LINQ.</summary>
static class ArrayRows
{
    static readonly int[] s_ints = [1, 2, 3];
    static readonly List<int> s_list = [3, 1, 2];
    static readonly IEnumerable<int> s_sequence = s_list;
    static int[] s_resized = [];

    static void Short() => s_resized = [];

    [FenceCritical, Row(Nothing, "M:System.Array.get_Length")]
    static void Array_Length() => Out.Int = s_boxedArray.Length;

    static readonly Array s_boxedArray = s_ints;

    [FenceCritical, Row(Nothing, "M:System.Array.Copy(System.Array,System.Array,System.Int32)")]
    static void Array_Copy() => Array.Copy(s_ints, s_ints, 2);

    [FenceCritical, Row(Nothing, "M:System.Array.Clear(System.Array)")]
    static void Array_Clear() => Array.Clear(s_cleared);

    static readonly int[] s_cleared = new int[4];

    [FenceCritical, Row(Nothing, "M:System.Array.Empty``1")]
    static void Array_Empty() => Out.Object = Array.Empty<int>();

    [FenceCritical, Row(Nothing, "M:System.Array.Sort``1(``0[])")]
    static void Array_Sort() => Array.Sort(s_ints);

    [FenceCritical, Row(Nothing, "M:System.Array.IndexOf``1(``0[],``0)")]
    static void Array_IndexOf() => Out.Int = Array.IndexOf(s_ints, 2);

    [FenceCritical, Row(Nothing, "M:System.Array.BinarySearch``1(``0[],``0)")]
    static void Array_BinarySearch() => Out.Int = Array.BinarySearch(s_ints, 2);

    [FenceCritical, Row(Nothing, "M:System.Array.Reverse``1(``0[])")]
    static void Array_Reverse() => Array.Reverse(s_cleared);

    [FenceCritical, Row(Nothing, "M:System.Array.Fill``1(``0[],``0)")]
    static void Array_Fill() => Array.Fill(s_cleared, 0);

    [FenceCritical, Row(Allocates, "M:System.Array.Clone", Kind = "array")]
    static void Array_Clone() => Out.Object = s_ints.Clone();

    [FenceCritical, Row(Allocates, "M:System.Array.Resize``1(``0[]@,System.Int32)", Kind = "array", Before = nameof(Short))]
    static void Array_Resize() => Array.Resize(ref s_resized, 10);

    [FenceCritical, Row(Allocates, "M:System.Array.CreateInstance(System.Type,System.Int32)", Kind = "array")]
    static void Array_CreateInstance() => Out.Object = Array.CreateInstance(typeof(int), 3);

    [FenceCritical, Row(Allocates, "M:System.Collections.Generic.IEnumerable`1.GetEnumerator")]
    static void IEnumerable_GetEnumerator() => Out.Object = s_sequence.GetEnumerator();

    [FenceCritical, Row(Allocates, "M:System.Linq.Enumerable.Range(System.Int32,System.Int32)")]
    static void Enumerable_Range() => Out.Object = Enumerable.Range(0, 3);

    [FenceCritical, Row(Allocates,
        "M:System.Linq.Enumerable.Where``1(System.Collections.Generic.IEnumerable{``0},System.Func{``0,System.Boolean})")]
    static void Enumerable_Where() => Out.Object = s_list.Where(static i => i > 1);

    [FenceCritical, Row(Allocates, "M:System.Linq.Enumerable.Select``2(System.Collections.Generic.IEnumerable{``0},System.Func{``0,``1})")]
    static void Enumerable_Select() => Out.Object = s_list.Select(static i => i + 1);

    [FenceCritical, Row(Allocates, "M:System.Linq.Enumerable.OrderBy``2(System.Collections.Generic.IEnumerable{``0},System.Func{``0,``1})")]
    static void Enumerable_OrderBy() => Out.Object = s_list.OrderBy(static i => i);

    [FenceCritical, Row(Allocates, "M:System.Linq.Enumerable.ToList``1(System.Collections.Generic.IEnumerable{``0})")]
    static void Enumerable_ToList() => Out.Object = Enumerable.ToList(s_list);

    [FenceCritical, Row(Allocates, "M:System.Linq.Enumerable.ToArray``1(System.Collections.Generic.IEnumerable{``0})")]
    static void Enumerable_ToArray() => Out.Object = Enumerable.ToArray(s_list);

    [FenceCritical, Row(Allocates, "M:System.Linq.Enumerable.Count``1(System.Collections.Generic.IEnumerable{``0})",
        NotMeasured = "the list's own count is found by a type test; LINQ as such counts (rules, section 4)")]
    static void Enumerable_Count() => Out.Int = Enumerable.Count(s_list);

    [FenceCritical, Row(Allocates, "M:System.Linq.Enumerable.Sum(System.Collections.Generic.IEnumerable{System.Int32})",
        NotMeasured = "a list is summed as a span; LINQ as such counts (rules, section 4)")]
    static void Enumerable_Sum() => Out.Int = s_sequence.Sum();

    [FenceCritical, Row(Allocates, "M:System.Linq.Enumerable.Any``1(System.Collections.Generic.IEnumerable{``0})",
        NotMeasured = "the list's own count is found by a type test; LINQ as such counts (rules, section 4)")]
    static void Enumerable_Any() => Out.Bool = s_sequence.Any();
}
