using System.Text;
using static FenceSafety.Analyzers.Tests.Framework.Table.Effect;

namespace FenceSafety.Analyzers.Tests.Framework.Table;

/// <summary>Insertions that allocate only to enlarge the collection's own store: nothing within capacity, something beyond it.</summary>
static class GrowthRows
{
    static readonly int[] s_source = [1, 2, 3];
    static readonly string s_words = "some text";
    static List<int> s_list = [];
    static Dictionary<int, int> s_map = [];
    static HashSet<int> s_set = [];
    static Queue<int> s_queue = [];
    static Stack<int> s_stack = [];
    static PriorityQueue<int, int> s_heap = new();
    static SortedList<int, int> s_sorted = [];
    static StringBuilder s_text = new();
    static MemoryStream s_stream = new();

    static void Room()
    {
        s_list = new List<int>(100);
        s_map = new Dictionary<int, int>(100);
        s_set = new HashSet<int>(100);
        s_queue = new Queue<int>(100);
        s_stack = new Stack<int>(100);
        s_heap = new PriorityQueue<int, int>(100);
        s_sorted = new SortedList<int, int>(100);
        s_text = new StringBuilder(100);
        s_stream = new MemoryStream(100);
    }

    static void NoRoom()
    {
        s_list = [];
        s_map = [];
        s_set = [];
        s_queue = [];
        s_stack = [];
        s_heap = new PriorityQueue<int, int>();
        s_sorted = [];
        s_text = new StringBuilder("a", 0, 1, 1);
        s_stream = new MemoryStream(0);
    }

    [FenceCritical, Row(Grows, "M:System.Collections.Generic.List`1.Add(`0)", Before = nameof(Room), Full = nameof(NoRoom))]
    static void List_Add() => s_list.Add(1);

    [FenceCritical, Row(Grows, "M:System.Collections.Generic.List`1.Insert(System.Int32,`0)", Before = nameof(Room), Full = nameof(NoRoom))]
    static void List_Insert() => s_list.Insert(0, 1);

    [FenceCritical, Row(Grows, "M:System.Collections.Generic.List`1.EnsureCapacity(System.Int32)",
        Before = nameof(Room), Full = nameof(NoRoom))]
    static void List_EnsureCapacity() => Out.Int = s_list.EnsureCapacity(50);

    [FenceCritical, Row(Grows,
        "M:System.Collections.Generic.CollectionExtensions.AddRange``1(System.Collections.Generic.List{``0},System.ReadOnlySpan{``0})",
        Before = nameof(Room), Full = nameof(NoRoom))]
    static void List_AddRangeOfSpan() => s_list.AddRange(s_source.AsSpan());

    [FenceCritical, Row(Grows, "M:System.Collections.Generic.Dictionary`2.set_Item(`0,`1)", Before = nameof(Room), Full = nameof(NoRoom))]
    static void Dictionary_SetItem() => s_map[1] = 2;

    [FenceCritical, Row(Grows, "M:System.Collections.Generic.Dictionary`2.Add(`0,`1)", Before = nameof(Room), Full = nameof(NoRoom))]
    static void Dictionary_Add() => s_map.Add(1, 2);

    [FenceCritical, Row(Grows, "M:System.Collections.Generic.Dictionary`2.TryAdd(`0,`1)", Before = nameof(Room), Full = nameof(NoRoom))]
    static void Dictionary_TryAdd() => Out.Bool = s_map.TryAdd(1, 2);

    [FenceCritical, Row(Grows, "M:System.Collections.Generic.HashSet`1.Add(`0)", Before = nameof(Room), Full = nameof(NoRoom))]
    static void HashSet_Add() => Out.Bool = s_set.Add(1);

    [FenceCritical, Row(Grows, "M:System.Collections.Generic.Queue`1.Enqueue(`0)", Before = nameof(Room), Full = nameof(NoRoom))]
    static void Queue_Enqueue() => s_queue.Enqueue(1);

    [FenceCritical, Row(Grows, "M:System.Collections.Generic.Stack`1.Push(`0)", Before = nameof(Room), Full = nameof(NoRoom))]
    static void Stack_Push() => s_stack.Push(1);

    [FenceCritical, Row(Grows, "M:System.Collections.Generic.PriorityQueue`2.Enqueue(`0,`1)", Before = nameof(Room), Full = nameof(NoRoom))]
    static void PriorityQueue_Enqueue() => s_heap.Enqueue(1, 1);

    [FenceCritical, Row(Grows, "M:System.Collections.Generic.SortedList`2.Add(`0,`1)", Before = nameof(Room), Full = nameof(NoRoom))]
    static void SortedList_Add() => s_sorted.Add(1, 1);

    [FenceCritical, Row(Grows, "M:System.Text.StringBuilder.Append(System.Int32)", Before = nameof(Room), Full = nameof(NoRoom))]
    static void StringBuilder_AppendInt32() => s_text.Append(12345);

    [FenceCritical, Row(Grows, "M:System.Text.StringBuilder.Append(System.String)", Before = nameof(Room), Full = nameof(NoRoom))]
    static void StringBuilder_AppendString() => s_text.Append(s_words);

    [FenceCritical, Row(Grows, "M:System.Text.StringBuilder.Append(System.ReadOnlySpan{System.Char})",
        Before = nameof(Room), Full = nameof(NoRoom))]
    static void StringBuilder_AppendSpan() => s_text.Append(s_words.AsSpan(1));

    [FenceCritical, Row(Grows, "M:System.Text.StringBuilder.AppendLine(System.String)", Before = nameof(Room), Full = nameof(NoRoom))]
    static void StringBuilder_AppendLine() => s_text.AppendLine(s_words);

    [FenceCritical, Row(Grows, "M:System.Text.StringBuilder.Insert(System.Int32,System.String)",
        Before = nameof(Room), Full = nameof(NoRoom))]
    static void StringBuilder_Insert() => s_text.Insert(0, s_words);

    [FenceCritical, Row(Unknown, "M:System.IO.MemoryStream.WriteByte(System.Byte)", NotMeasured = "virtual, on a type that is not sealed")]
    static void MemoryStream_WriteByte() => s_stream.WriteByte(1);
}
