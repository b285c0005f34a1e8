using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace FenceSafety.Analyzers.Tests.Framework;

/// <summary>What the summary claims of allocation, against the bytes that the runtime counts for this thread.</summary>
public class FrameworkMeasuredTests
{
    // Results go here, so that the JIT can neither drop a call nor put its result on the stack.
    static object? _object;
    static int _int;
    static long _long;
    static bool _bool;

    static readonly int[] Ints = [3, 1, 2];
    static readonly byte[] Bytes = new byte[64];
    static readonly char[] Chars = new char[64];
    static readonly List<int> List = [3, 1, 2];
    static readonly Dictionary<int, int> Map = new() { [1] = 1, [2] = 2 };
    static readonly HashSet<int> Set = [1, 2];
    static readonly Queue<int> Queue = new([1]);
    static readonly Stack<int> Stack = new([1]);
    static readonly SortedDictionary<int, int> Sorted = new() { [1] = 1 };
    static readonly SortedSet<int> Tree = [1, 2, 3];
    static readonly LinkedList<int> Linked = new();
    static readonly LinkedListNode<int> Node = new(1);
    static readonly ConcurrentDictionary<int, int> Shared = new() { [1] = 1 };
    static readonly StringBuilder Builder = new(256);
    static readonly ManualResetEventSlim Event = new();
    static readonly CancellationTokenSource Source = new();
    static readonly Comparison<int> Descending = static (a, b) => b.CompareTo(a);
    static readonly IComparer<int> Comparer = Comparer<int>.Create(Descending);
    static readonly object Gate = new();
    static readonly Action Delegate = static () => { };
    static readonly string Words = "some text";

    // Boxed beforehand: unoptimised callers box both operands, which is not the member's doing.
    static readonly Enum Both = FileShare.ReadWrite;
    static readonly Enum One = FileShare.Read;

    static readonly Dictionary<string, Action> Safe = new()
    {
        ["M:System.Object.GetType"] = () => _object = Words.GetType(),
        ["M:System.Math.Max(System.Int32,System.Int32)"] = () => _int = Math.Max(_int, 3),
        ["M:System.Numerics.BitOperations.Log2(System.UInt32)"] = () => _int = BitOperations.Log2((uint)_int | 1),
        ["M:System.Threading.Volatile.Read(System.Int32@)"] = () => _int = Volatile.Read(ref _int),
        ["M:System.Threading.Interlocked.Increment(System.Int32@)"] = () => Interlocked.Increment(ref _int),
        ["M:System.Runtime.CompilerServices.Unsafe.As``1(System.Object)"] = () => _object = Unsafe.As<string>(Words),
        ["M:System.Runtime.InteropServices.MemoryMarshal.AsRef``1(System.Span{System.Byte})"] =
            () => MemoryMarshal.AsRef<int>(Bytes.AsSpan())++,
        ["M:System.MemoryExtensions.AsSpan``1(``0[])"] = () => _int = Bytes.AsSpan().Length,
        ["M:System.Span`1.Slice(System.Int32)"] = () => _int = Bytes.AsSpan().Slice(1).Length,
        ["M:System.Span`1.Fill(`0)"] = () => Bytes.AsSpan().Fill(1),
        ["M:System.MemoryExtensions.IndexOf``1(System.Span{``0},``0)"] = () => _int = Bytes.AsSpan().IndexOf((byte)9),
        ["M:System.MemoryExtensions.SequenceEqual``1(System.ReadOnlySpan{``0},System.ReadOnlySpan{``0})"] =
            () => _bool = MemoryExtensions.SequenceEqual((ReadOnlySpan<byte>)Bytes, Bytes),
        ["M:System.Buffers.Binary.BinaryPrimitives.ReadInt32LittleEndian(System.ReadOnlySpan{System.Byte})"] =
            () => _int = BinaryPrimitives.ReadInt32LittleEndian(Bytes),
        ["M:System.BitConverter.DoubleToInt64Bits(System.Double)"] = () => _long = BitConverter.DoubleToInt64Bits(1.5),
        ["M:System.Array.Copy(System.Array,System.Array,System.Int32)"] = () => Array.Copy(Ints, Ints, 2),
        ["M:System.Array.Clear(System.Array)"] = () => Array.Clear(Bytes),
        ["M:System.Array.Empty``1"] = () => _object = Array.Empty<int>(),
        ["M:System.Array.Sort``1(``0[])"] = () => Array.Sort(Ints),
        ["M:System.Array.IndexOf``1(``0[],``0)"] = () => _int = Array.IndexOf(Ints, 2),
        ["M:System.Array.BinarySearch``1(``0[],``0)"] = () => _int = Array.BinarySearch(Ints, 2),
        ["M:System.Collections.Generic.List`1.get_Item(System.Int32)"] = () => _int = List[1],
        ["M:System.Collections.Generic.List`1.Contains(`0)"] = () => _bool = List.Contains(2),
        ["M:System.Collections.Generic.List`1.Sort"] = () => List.Sort(),
        ["M:System.Collections.Generic.List`1.GetEnumerator"] = () => { foreach (int i in List) _int = i; },
        ["M:System.Collections.Generic.Dictionary`2.TryGetValue(`0,`1@)"] = () => _bool = Map.TryGetValue(1, out _int),
        ["M:System.Collections.Generic.Dictionary`2.Remove(`0)"] = () => _bool = Map.Remove(99),
        ["M:System.Collections.Generic.Dictionary`2.GetEnumerator"] = () => { foreach (var p in Map) _int = p.Value; },
        ["M:System.Collections.Generic.HashSet`1.Contains(`0)"] = () => _bool = Set.Contains(2),
        ["M:System.Collections.Generic.Queue`1.Peek"] = () => _int = Queue.Peek(),
        ["M:System.Collections.Generic.Stack`1.Peek"] = () => _int = Stack.Peek(),
        ["M:System.Collections.Generic.SortedDictionary`2.TryGetValue(`0,`1@)"] = () => _bool = Sorted.TryGetValue(1, out _int),
        ["M:System.Collections.Generic.SortedSet`1.Contains(`0)"] = () => _bool = Tree.Contains(2),
        ["M:System.Collections.Generic.SortedSet`1.get_Min"] = () => _int = Tree.Min,
        ["M:System.Collections.Generic.LinkedList`1.AddLast(System.Collections.Generic.LinkedListNode{`0})"] =
            () => { Linked.AddLast(Node); Linked.Remove(Node); },
        ["M:System.Collections.Concurrent.ConcurrentDictionary`2.TryGetValue(`0,`1@)"] = () => _bool = Shared.TryGetValue(1, out _int),
        ["M:System.Runtime.InteropServices.CollectionsMarshal.AsSpan``1(System.Collections.Generic.List{``0})"] =
            () => _int = CollectionsMarshal.AsSpan(List).Length,
        ["M:System.String.op_Equality(System.String,System.String)"] = () => _bool = Words == "some other",
        ["M:System.String.StartsWith(System.String,System.StringComparison)"] =
            () => _bool = Words.StartsWith("so", StringComparison.Ordinal),
        ["M:System.String.IndexOf(System.Char)"] = () => _int = Words.IndexOf('x'),
        ["M:System.String.Compare(System.String,System.String,System.StringComparison)"] =
            () => _int = string.Compare(Words, "SOME", StringComparison.OrdinalIgnoreCase),
        ["M:System.String.GetHashCode"] = () => _int = Words.GetHashCode(),
        ["M:System.Int32.Parse(System.String)"] = () => _int = int.Parse("12", null),
        ["M:System.Int32.TryFormat(System.Span{System.Char},System.Int32@,System.ReadOnlySpan{System.Char},System.IFormatProvider)"] =
            () => _bool = 12345.TryFormat(Chars, out _int),
        ["M:System.Double.TryParse(System.String,System.Double@)"] = () => _bool = double.TryParse("1.5", out _),
        ["M:System.DateTime.get_UtcNow"] = () => _long = DateTime.UtcNow.Ticks,
        ["M:System.DateTime.get_Now"] = () => _long = DateTime.Now.Ticks,
        ["M:System.TimeSpan.FromMilliseconds(System.Double)"] = () => _long = TimeSpan.FromMilliseconds(2.5).Ticks,
        ["M:System.Guid.Parse(System.String)"] = () => _bool = Guid.Parse("12345678-1234-1234-1234-123456789abc") == default,
        ["M:System.Diagnostics.Stopwatch.GetTimestamp"] = () => _long = Stopwatch.GetTimestamp(),
        ["M:System.Environment.get_TickCount64"] = () => _long = Environment.TickCount64,
        ["M:System.Enum.HasFlag(System.Enum)"] = () => _bool = Both.HasFlag(One),
        ["M:System.Enum.TryParse``1(System.String,``0@)"] = () => _bool = Enum.TryParse("Read", out FileShare _),
        ["M:System.HashCode.Combine``2(``0,``1)"] = () => _int = HashCode.Combine(1, 2),
        ["M:System.Random.Next"] = () => _int = Random.Shared.Next(),
        ["M:System.Threading.Monitor.IsEntered(System.Object)"] = () => _bool = Monitor.IsEntered(Gate),
        ["M:System.Threading.ManualResetEventSlim.Set"] = () => { Event.Set(); Event.Reset(); },
        ["M:System.Threading.CancellationTokenSource.get_Token"] = () => _bool = Source.Token.IsCancellationRequested,
        ["M:System.Threading.CancellationToken.ThrowIfCancellationRequested"] = () => Source.Token.ThrowIfCancellationRequested(),
        ["M:System.Threading.Thread.get_CurrentThread"] = () => _object = Thread.CurrentThread,
        ["M:System.Threading.Tasks.Task.get_CompletedTask"] = () => _object = Task.CompletedTask,
        ["M:System.ArgumentNullException.ThrowIfNull(System.Object,System.String)"] = () => ArgumentNullException.ThrowIfNull(Words),
        ["M:System.Runtime.InteropServices.Marshal.AllocHGlobal(System.Int32)"] = () => Marshal.FreeHGlobal(Marshal.AllocHGlobal(16)),
        ["M:System.Buffers.ArrayPool`1.Return(`0[],System.Boolean)"] =
            () => ArrayPool<byte>.Shared.Return(ArrayPool<byte>.Shared.Rent(100)),
        ["M:System.Text.StringBuilder.Clear"] = () => Builder.Clear(),
        ["M:System.Delegate.get_Target"] = () => _object = Delegate.Target,
    };

    static readonly Dictionary<string, Action> Allocating = new()
    {
        ["M:System.Int32.ToString"] = () => _object = 12345.ToString(),
        ["M:System.Enum.ToString"] = () => _object = DayOfWeek.Monday.ToString(),
        ["M:System.Char.ToString"] = () => _object = 'x'.ToString(),
        ["M:System.String.Concat(System.String,System.String)"] = () => _object = string.Concat(Words, Words),
        ["M:System.String.Substring(System.Int32)"] = () => _object = Words.Substring(1),
        ["M:System.String.Format(System.String,System.Object)"] = () => _object = string.Format(null, "{0}!", Words),
        ["M:System.String.ToCharArray"] = () => _object = Words.ToCharArray(),
        ["M:System.String.Split(System.Char,System.StringSplitOptions)"] = () => _object = Words.Split(' '),
        ["M:System.String.Join(System.String,System.String[])"] = () => _object = string.Join(",", [Words, Words]),
        ["M:System.Text.StringBuilder.ToString"] = () => { Builder.Clear().Append(Words); _object = Builder.ToString(); },
        ["M:System.Span`1.ToArray"] = () => _object = Ints.AsSpan().ToArray(),
        ["M:System.Array.Clone"] = () => _object = Ints.Clone(),
        ["M:System.Array.Sort``1(``0[],System.Collections.Generic.IComparer{``0})"] = () => Array.Sort(Ints, Comparer),
        ["M:System.BitConverter.GetBytes(System.Int32)"] = () => _object = BitConverter.GetBytes(1),
        ["M:System.Guid.ToByteArray"] = () => _object = Guid.Empty.ToByteArray(),
        ["M:System.Collections.Generic.List`1.ToArray"] = () => _object = List.ToArray(),
        ["M:System.Collections.Generic.List`1.#ctor(System.Int32)"] = () => _object = new List<long>(100),
        ["M:System.Collections.Generic.List`1.GetRange(System.Int32,System.Int32)"] = () => _object = List.GetRange(0, 2),
        ["M:System.Collections.Generic.LinkedList`1.AddLast(`0)"] = () => { Linked.AddLast(1); Linked.RemoveLast(); },
        ["M:System.Collections.Generic.SortedSet`1.Add(`0)"] = () => { Tree.Add(9); Tree.Remove(9); },
        ["M:System.Collections.Generic.SortedSet`1.GetEnumerator"] = () => { foreach (int i in Tree) _int = i; },
        ["M:System.Collections.Generic.HashSet`1.UnionWith(System.Collections.Generic.IEnumerable{`0})"] = () => Set.UnionWith(List),
        ["M:System.Collections.Concurrent.ConcurrentDictionary`2.TryAdd(`0,`1)"] =
            () => { Shared.TryAdd(9, 9); Shared.TryRemove(9, out _); },
        ["M:System.Linq.Enumerable.Where``1(System.Collections.Generic.IEnumerable{``0},System.Func{``0,System.Boolean})"] =
            () => _object = List.Where(static i => i > 1),
        ["M:System.Linq.Enumerable.ToArray``1(System.Collections.Generic.IEnumerable{``0})"] = () => _object = Enumerable.ToArray(List),
        ["M:System.Delegate.Combine(System.Delegate,System.Delegate)"] = () => _object = System.Delegate.Combine(Delegate, Delegate),
        ["M:System.Threading.Tasks.Task.FromResult``1(``0)"] = () => _object = Task.FromResult(12345),
        ["M:System.Threading.Tasks.Task.Delay(System.Int32)"] = () => _object = Task.Delay(1),
        ["M:System.Threading.Tasks.TaskCompletionSource.#ctor"] = () => _object = new TaskCompletionSource(),
        ["M:System.Collections.Generic.IEnumerable`1.GetEnumerator"] = () => _object = ((IEnumerable<int>)List).GetEnumerator(),
        ["M:System.Text.Encoding.GetBytes(System.String)"] = () => _object = Encoding.UTF8.GetBytes(Words),
        ["M:System.GC.AllocateUninitializedArray``1(System.Int32,System.Boolean)"] =
            () => _object = GC.AllocateUninitializedArray<byte>(10),
    };

    // Within capacity, and beyond it.
    static readonly Dictionary<string, (Action Within, Action Beyond)> Growing = new()
    {
        ["M:System.Collections.Generic.List`1.Add(`0)"] =
            (() => { List.Add(1); List.RemoveAt(List.Count - 1); }, () => new List<int>().Add(1)),
        ["M:System.Collections.Generic.Dictionary`2.set_Item(`0,`1)"] = (() => Map[1] = 5, () => new Dictionary<int, int>()[1] = 2),
        ["M:System.Collections.Generic.Dictionary`2.TryAdd(`0,`1)"] =
            (() => { Map.TryAdd(3, 3); Map.Remove(3); }, () => new Dictionary<int, int>().TryAdd(1, 1)),
        ["M:System.Collections.Generic.HashSet`1.Add(`0)"] = (() => { Set.Add(5); Set.Remove(5); }, () => new HashSet<int>().Add(1)),
        ["M:System.Collections.Generic.Queue`1.Enqueue(`0)"] =
            (() => { Queue.Enqueue(1); Queue.Dequeue(); }, () => new Queue<int>().Enqueue(1)),
        ["M:System.Collections.Generic.Stack`1.Push(`0)"] = (() => { Stack.Push(1); Stack.Pop(); }, () => new Stack<int>().Push(1)),
        ["M:System.Text.StringBuilder.Append(System.Int32)"] =
            (() => Builder.Clear().Append(12345), () => new StringBuilder(1).Append(12345)),
        ["M:System.Text.StringBuilder.Append(System.String)"] =
            (() => Builder.Clear().Append(Words), () => new StringBuilder(1).Append(Words)),
    };

    // The object that the second action of a growing member works on, which is not the growth.
    static readonly Dictionary<string, Action> Empty = new()
    {
        ["List`1"] = () => _object = new List<int>(),
        ["Dictionary`2"] = () => _object = new Dictionary<int, int>(),
        ["HashSet`1"] = () => _object = new HashSet<int>(),
        ["Queue`1"] = () => _object = new Queue<int>(),
        ["Stack`1"] = () => _object = new Stack<int>(),
        ["StringBuilder"] = () => _object = new StringBuilder(1),
    };

    public static TheoryData<string> SafeMembers => [.. Safe.Keys];

    public static TheoryData<string> AllocatingMembers => [.. Allocating.Keys];

    public static TheoryData<string> GrowingMembers => [.. Growing.Keys];

    [Theory, MemberData(nameof(SafeMembers))]
    public void A_safe_member_takes_nothing_from_the_heap(string id)
    {
        Assert.Equal("safe", FrameworkFileTests.Find(id));
        Assert.Equal(0, BytesOf(Safe[id], expectNone: true));
    }

    [Theory, MemberData(nameof(AllocatingMembers))]
    public void A_managed_member_takes_from_the_heap(string id)
    {
        Assert.StartsWith("managed:", FrameworkFileTests.Find(id), StringComparison.Ordinal);
        Assert.True(BytesOf(Allocating[id], expectNone: false) > 0, "no bytes were counted");
    }

    [Theory, MemberData(nameof(GrowingMembers))]
    public void A_growing_member_takes_from_the_heap_beyond_its_capacity_only(string id)
    {
        Assert.Equal("growth", FrameworkFileTests.Find(id));
        Assert.Equal(0, BytesOf(Growing[id].Within, expectNone: true));
        string type = Empty.Keys.Single(t => id.Contains("." + t + ".", StringComparison.Ordinal));
        Assert.True(BytesOf(Growing[id].Beyond, expectNone: false) > BytesOf(Empty[type], expectNone: false), "it did not grow");
    }

    [Fact]
    public void At_least_sixty_members_are_measured() => Assert.True(Safe.Count + Allocating.Count + Growing.Count >= 60);

    /// <summary>
    /// Bytes a call, after warming up. Code that is not yet optimised may box where the optimised code does not, so where none are
    /// expected the measurement is repeated until the JIT has caught up, for ten seconds at most.
    /// </summary>
    static long BytesOf(Action action, bool expectNone)
    {
        var clock = Stopwatch.StartNew();
        for (; ; )
        {
            for (int i = 0; i < 50; i++)
                action();
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 10; i++)
                action();
            long bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / 10;
            if (!expectNone || bytes == 0 || clock.Elapsed > TimeSpan.FromSeconds(10))
                return bytes;
            Thread.Sleep(20);
        }
    }
}
