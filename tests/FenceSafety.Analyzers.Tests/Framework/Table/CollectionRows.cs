using System.Collections.Frozen;
using System.Collections.Immutable;
using static FenceSafety.Analyzers.Tests.Framework.Table.Effect;

namespace FenceSafety.Analyzers.Tests.Framework.Table;

/// <summary>Collections that are read, and those of which every insertion takes a node.</summary>
static class CollectionRows
{
    static readonly List<int> s_list = [3, 1, 2];
    static readonly Dictionary<int, int> s_map = new() { [1] = 1, [2] = 2 };
    static readonly HashSet<int> s_set = [1, 2];
    static readonly Queue<int> s_queue = new([1]);
    static readonly Stack<int> s_stack = new([1]);
    static readonly PriorityQueue<int, int> s_heap = new([(1, 1), (2, 2)]);
    static readonly SortedDictionary<int, int> s_sortedMap = new() { [1] = 1 };
    static readonly SortedSet<int> s_tree = [1, 2, 3];
    static readonly LinkedList<int> s_linked = new();
    static readonly LinkedListNode<int> s_node = new(1);
    static readonly ImmutableArray<int> s_immutable = [1, 2, 3];
    static readonly ImmutableList<int> s_immutableList = [1, 2, 3];
    static readonly ImmutableDictionary<int, int> s_immutableMap = ImmutableDictionary<int, int>.Empty.Add(1, 1);
    static readonly FrozenDictionary<int, int> s_frozen = s_map.ToFrozenDictionary();
    static readonly FrozenSet<int> s_frozenSet = s_set.ToFrozenSet();
    static readonly int[] s_target = new int[64];

    static void AddToTree() => s_tree.Remove(9);

    static void OneInLinked()
    {
        s_linked.Clear();
        s_linked.AddLast(1);
    }

    static void NoneInLinked() => s_linked.Clear();

    static void OneInHeap()
    {
        s_heap.Clear();
        s_heap.Enqueue(1, 1);
    }

    static void OneInQueues()
    {
        s_queue.Enqueue(1);
        s_stack.Push(1);
    }

    [FenceCritical, Row(Nothing, "M:System.Collections.Generic.List`1.get_Item(System.Int32)")]
    static void List_Item() => Out.Int = s_list[1];

    [FenceCritical, Row(Nothing, "M:System.Collections.Generic.List`1.set_Item(System.Int32,`0)")]
    static void List_SetItem() => s_list[1] = 1;

    [FenceCritical, Row(Nothing, "M:System.Collections.Generic.List`1.get_Count")]
    static void List_Count() => Out.Int = s_list.Count;

    [FenceCritical, Row(Nothing, "M:System.Collections.Generic.List`1.Contains(`0)")]
    static void List_Contains() => Out.Bool = s_list.Contains(2);

    [FenceCritical, Row(Nothing, "M:System.Collections.Generic.List`1.IndexOf(`0)")]
    static void List_IndexOf() => Out.Int = s_list.IndexOf(2);

    [FenceCritical, Row(Nothing, "M:System.Collections.Generic.List`1.Sort")]
    static void List_Sort() => s_list.Sort();

    [FenceCritical, Row(Nothing, "M:System.Collections.Generic.List`1.Reverse")]
    static void List_Reverse() => s_list.Reverse();

    [FenceCritical, Row(Nothing, "M:System.Collections.Generic.List`1.CopyTo(`0[])")]
    static void List_CopyTo() => s_list.CopyTo(s_target);

    [FenceCritical, Row(Nothing, "M:System.Collections.Generic.List`1.GetEnumerator")]
    static void List_GetEnumerator()
    {
        foreach (int i in s_list)
            Out.Int = i;
    }

    [FenceCritical, Row(Allocates, "M:System.Collections.Generic.List`1.ToArray", Kind = "array")]
    static void List_ToArray() => Out.Object = s_list.ToArray();

    [FenceCritical, Row(Allocates, "M:System.Collections.Generic.List`1.GetRange(System.Int32,System.Int32)")]
    static void List_GetRange() => Out.Object = s_list.GetRange(0, 2);

    [FenceCritical, Row(Allocates, "M:System.Collections.Generic.List`1.#ctor(System.Int32)")]
    static void List_Constructor() => Out.Object = new List<long>(100);

    [FenceCritical, Row(Nothing, "M:System.Collections.Generic.Dictionary`2.TryGetValue(`0,`1@)")]
    static void Dictionary_TryGetValue() => Out.Bool = s_map.TryGetValue(1, out Out.Int);

    [FenceCritical, Row(Nothing, "M:System.Collections.Generic.Dictionary`2.get_Item(`0)")]
    static void Dictionary_Item() => Out.Int = s_map[1];

    [FenceCritical, Row(Nothing, "M:System.Collections.Generic.Dictionary`2.ContainsKey(`0)")]
    static void Dictionary_ContainsKey() => Out.Bool = s_map.ContainsKey(1);

    [FenceCritical, Row(Nothing, "M:System.Collections.Generic.Dictionary`2.Remove(`0)")]
    static void Dictionary_Remove() => Out.Bool = s_map.Remove(99);

    [FenceCritical, Row(Nothing, "M:System.Collections.Generic.Dictionary`2.GetEnumerator")]
    static void Dictionary_GetEnumerator()
    {
        foreach (var pair in s_map)
            Out.Int = pair.Value;
    }

    [FenceCritical, Row(Nothing, "M:System.Collections.Generic.HashSet`1.Contains(`0)")]
    static void HashSet_Contains() => Out.Bool = s_set.Contains(2);

    [FenceCritical, Row(Nothing, "M:System.Collections.Generic.HashSet`1.Remove(`0)")]
    static void HashSet_Remove() => Out.Bool = s_set.Remove(99);

    [FenceCritical, Row(Allocates, "M:System.Collections.Generic.HashSet`1.UnionWith(System.Collections.Generic.IEnumerable{`0})")]
    static void HashSet_UnionWith() => s_set.UnionWith(s_tree);

    [FenceCritical, Row(Nothing, "M:System.Collections.Generic.Queue`1.Peek")]
    static void Queue_Peek() => Out.Int = s_queue.Peek();

    [FenceCritical, Row(Nothing, "M:System.Collections.Generic.Queue`1.Dequeue", Before = nameof(OneInQueues))]
    static void Queue_Dequeue() => Out.Int = s_queue.Dequeue();

    [FenceCritical, Row(Nothing, "M:System.Collections.Generic.Stack`1.Pop", Before = nameof(OneInQueues))]
    static void Stack_Pop() => Out.Int = s_stack.Pop();

    [FenceCritical, Row(Nothing, "M:System.Collections.Generic.Stack`1.TryPeek(`0@)")]
    static void Stack_TryPeek() => Out.Bool = s_stack.TryPeek(out Out.Int);

    [FenceCritical, Row(Nothing, "M:System.Collections.Generic.PriorityQueue`2.Dequeue", Before = nameof(OneInHeap))]
    static void PriorityQueue_Dequeue() => Out.Int = s_heap.Dequeue();

    [FenceCritical, Row(Nothing, "M:System.Collections.Generic.PriorityQueue`2.TryPeek(`0@,`1@)")]
    static void PriorityQueue_TryPeek() => Out.Bool = s_heap.TryPeek(out Out.Int, out _);

    [FenceCritical, Row(Nothing, "M:System.Collections.Generic.SortedDictionary`2.TryGetValue(`0,`1@)")]
    static void SortedDictionary_TryGetValue() => Out.Bool = s_sortedMap.TryGetValue(1, out Out.Int);

    [FenceCritical, Row(Nothing, "M:System.Collections.Generic.SortedSet`1.Contains(`0)")]
    static void SortedSet_Contains() => Out.Bool = s_tree.Contains(2);

    [FenceCritical, Row(Nothing, "M:System.Collections.Generic.SortedSet`1.get_Min")]
    static void SortedSet_Min() => Out.Int = s_tree.Min;

    [FenceCritical, Row(Allocates, "M:System.Collections.Generic.SortedSet`1.Add(`0)", Before = nameof(AddToTree))]
    static void SortedSet_Add() => Out.Bool = s_tree.Add(9);

    [FenceCritical, Row(Allocates, "M:System.Collections.Generic.SortedSet`1.GetEnumerator")]
    static void SortedSet_GetEnumerator()
    {
        foreach (int i in s_tree)
            Out.Int = i;
    }

    [FenceCritical, Row(Nothing, "M:System.Collections.Generic.LinkedList`1.AddLast(System.Collections.Generic.LinkedListNode{`0})",
        Before = nameof(NoneInLinked))]
    static void LinkedList_AddLastNode() => s_linked.AddLast(s_node);

    [FenceCritical, Row(Allocates, "M:System.Collections.Generic.LinkedList`1.AddLast(`0)", Before = nameof(NoneInLinked))]
    static void LinkedList_AddLast() => s_linked.AddLast(1);

    [FenceCritical, Row(Nothing, "M:System.Collections.Generic.LinkedList`1.RemoveFirst", Before = nameof(OneInLinked))]
    static void LinkedList_RemoveFirst() => s_linked.RemoveFirst();

    [FenceCritical, Row(Nothing, "M:System.Collections.Immutable.ImmutableArray`1.get_Item(System.Int32)")]
    static void ImmutableArray_Item() => Out.Int = s_immutable[1];

    [FenceCritical, Row(Nothing, "M:System.Collections.Immutable.ImmutableArray`1.get_Length")]
    static void ImmutableArray_Length() => Out.Int = s_immutable.Length;

    [FenceCritical, Row(Nothing, "M:System.Collections.Immutable.ImmutableArray`1.GetEnumerator")]
    static void ImmutableArray_GetEnumerator()
    {
        foreach (int i in s_immutable)
            Out.Int = i;
    }

    [FenceCritical, Row(Allocates, "M:System.Collections.Immutable.ImmutableArray`1.Add(`0)")]
    static void ImmutableArray_Add() => Out.Int = s_immutable.Add(4).Length;

    [FenceCritical, Row(Nothing, "M:System.Collections.Immutable.ImmutableList`1.get_Item(System.Int32)")]
    static void ImmutableList_Item() => Out.Int = s_immutableList[1];

    [FenceCritical, Row(Allocates, "M:System.Collections.Immutable.ImmutableList`1.Add(`0)")]
    static void ImmutableList_Add() => Out.Object = s_immutableList.Add(4);

    [FenceCritical, Row(Nothing, "M:System.Collections.Immutable.ImmutableDictionary`2.TryGetValue(`0,`1@)")]
    static void ImmutableDictionary_TryGetValue() => Out.Bool = s_immutableMap.TryGetValue(1, out Out.Int);

    [FenceCritical, Row(Allocates, "M:System.Collections.Immutable.ImmutableDictionary`2.SetItem(`0,`1)")]
    static void ImmutableDictionary_SetItem() => Out.Object = s_immutableMap.SetItem(1, 5);

    [FenceCritical, Row(Nothing, "M:System.Collections.Frozen.FrozenDictionary`2.TryGetValue(`0,`1@)")]
    static void FrozenDictionary_TryGetValue() => Out.Bool = s_frozen.TryGetValue(1, out Out.Int);

    [FenceCritical, Row(Nothing, "M:System.Collections.Frozen.FrozenSet`1.Contains(`0)")]
    static void FrozenSet_Contains() => Out.Bool = s_frozenSet.Contains(1);

    [FenceCritical, Row(Allocates,
        "M:System.Collections.Frozen.FrozenSet.ToFrozenSet``1(System.Collections.Generic.IEnumerable{``0},System.Collections.Generic.IEqualityComparer{``0})")]
    static void FrozenSet_ToFrozenSet() => Out.Object = s_set.ToFrozenSet();
}
