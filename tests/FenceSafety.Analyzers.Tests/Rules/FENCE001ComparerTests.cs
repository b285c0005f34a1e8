namespace FenceSafety.Analyzers.Tests.Rules;

/// <summary>Keys, elements, comparers and collections of the user's, asked by members of the framework.</summary>
public class FENCE001ComparerTests
{
    static FenceTest Program(string field, string expression) => new FenceTest(
        $$"""
        class C
        {
            readonly int[] _numbers = new int[3];
            readonly Loud _loud = new();
            readonly Mute _mute = new();
            {{field}}

            [FenceCritical]
            object Run() => {{expression}};
        }
        """ + Types).WithOption("fence_safety.managed_allocations", "ignore");

    [Theory]
    [InlineData("readonly Dictionary<int, int> _map = new(new Ask());", "{|FENCE001:_map.ContainsKey(3)|}")]
    [InlineData("readonly Dictionary<int, int> _map = new(8, new Ask());", "{|FENCE001:_map[3]|}")]
    [InlineData("readonly Dictionary<int, int> _map; public C() { _map = new(new Ask()); }", "{|FENCE001:_map.Remove(3)|}")]
    [InlineData("readonly HashSet<int> _set = new(new Ask());", "{|FENCE001:_set.Contains(3)|}")]
    [InlineData("readonly SortedSet<int> _set = new(new Sort());", "{|FENCE001:_set.Contains(3)|}")]
    [InlineData("readonly PriorityQueue<int, int> _queue = new(new Sort());", "{|FENCE001:_queue.Dequeue()|}")]
    [InlineData("static readonly Sort s_sort = new();", "{|FENCE001:Array.BinarySearch(_numbers, 3, s_sort)|}")]
    [InlineData("readonly List<int> _list = new(); readonly Sort _sort = new();", "{|FENCE001:_list.BinarySearch(3, _sort)|}")]
    [InlineData("readonly PriorityQueue<int, Loud> _queue = new();", "{|FENCE001:_queue.Dequeue()|}")]
    [InlineData("readonly Dictionary<(Loud, int), int> _map = new();", "{|FENCE001:_map.ContainsKey((_loud, 3))|}")]
    [InlineData("readonly Dictionary<Loud, int> _map = new();", "{|FENCE001:_map.GetValueOrDefault(_loud)|}")]
    [InlineData("readonly Loud[] _all = [];", "{|FENCE001:Array.IndexOf(_all, _loud)|}")]
    [InlineData("readonly Loud[] _all = [];", "{|FENCE001:_all.AsSpan().IndexOf(_loud)|}")]
    [InlineData("(Loud, int) _pair;", "{|FENCE001:_pair.Equals((_loud, 3))|}")]
    [InlineData("", "{|FENCE001:HashCode.Combine(_loud, 3)|}")]
    [InlineData("readonly Own _own = new();", "{|FENCE001:System.Linq.Enumerable.Sum(_own)|}")]
    [InlineData("readonly Own _own = new();", "{|FENCE001:new List<int>(_own)|}")]
    [InlineData("static IEnumerable<int> Walk() { Kmem.Get(); yield return 1; }", "{|FENCE001:new HashSet<int>(Walk())|}")]
    public Task Reports_what_the_framework_asks_of_the_users_code(string field, string expression) => Program(field, expression).RunAsync();

    [Theory]
    [InlineData("readonly Dictionary<int, int> _map = new(new Still());", "_map.ContainsKey(3)")]
    [InlineData("readonly Dictionary<Loud, int> _map = new(new StillLoud());", "_map.ContainsKey(_loud)")]
    [InlineData("readonly Dictionary<int, int> _map = new(new Ask());", "_map.Count")]
    [InlineData("readonly Dictionary<string, int> _map = new(StringComparer.Ordinal);", "_map.ContainsKey(\"a\")")]
    [InlineData("readonly PriorityQueue<Loud, int> _queue = new();", "_queue.Dequeue()")]
    [InlineData("static readonly Order s_order = new();", "Array.BinarySearch(_numbers, 3, s_order)")]
    [InlineData("readonly Dictionary<string, int> _map = new();", "_map.GetValueOrDefault(\"a\", 3)")]
    [InlineData("readonly Mute[] _all = [];", "Array.IndexOf(_all, _mute)")]
    [InlineData("(Mute, int) _pair;", "_pair.Equals((_mute, 3))")]
    [InlineData("(Loud, int) _pair;", "_pair.Item2")]
    [InlineData("", "HashCode.Combine(_mute, 3)")]
    [InlineData("readonly Quiet _own = new();", "System.Linq.Enumerable.Sum(_own)")]
    [InlineData("readonly Quiet _own = new();", "new List<int>(_own)")]
    public Task Silent_where_the_users_code_does_nothing(string field, string expression) => Program(field, expression).RunAsync();

    [Fact]
    public Task Reports_a_comparer_that_nobody_knows() => Verify.Async(
        """
        class C(IEqualityComparer<int> comparer)
        {
            readonly Dictionary<int, int> _map = new(comparer);

            [FenceCritical]
            bool Run() => {|FENCE008:_map.ContainsKey(3)|};
        }
        """);

    /// <summary>Each of the two members of a record asks its own of the fields.</summary>
    [Fact]
    public Task The_hash_of_a_record_asks_for_hashes_only() => Verify.Async(
        """
        record struct Pair(Part One, int Two);

        class C
        {
            [FenceCritical]
            static int Hash(Pair pair) => pair.GetHashCode();

            [FenceCritical]
            static bool Same(Pair pair) => {|FENCE001:pair == default|};
        }

        sealed class Part
        {
            public override bool Equals(object other) => Kmem.Get() is null;
            public override int GetHashCode() => 1;
        }
        """);

    const string Types = """

        sealed class Ask : IEqualityComparer<int>
        {
            public bool Equals(int a, int b) => a == b;
            public int GetHashCode(int n) => Kmem.Get() is null ? 1 : 2;
        }
        sealed class Still : IEqualityComparer<int>
        {
            public bool Equals(int a, int b) => a == b;
            public int GetHashCode(int n) => n;
        }
        sealed class StillLoud : IEqualityComparer<Loud>
        {
            public bool Equals(Loud a, Loud b) => ReferenceEquals(a, b);
            public int GetHashCode(Loud n) => 1;
        }
        class Sort : IComparer<int>
        {
            public int Compare(int a, int b) => Kmem.Get() is null ? a - b : b - a;
        }
        class Order : IComparer<int>
        {
            public int Compare(int a, int b) => a - b;
        }
        sealed class Loud : IEquatable<Loud>, IComparable<Loud>
        {
            public bool Equals(Loud other) => Kmem.Get() is null;
            public override bool Equals(object other) => false;
            public override int GetHashCode() => Kmem.Get() is null ? 1 : 2;
            public int CompareTo(Loud other) => Kmem.Get() is null ? 1 : 2;
        }
        sealed class Mute : IEquatable<Mute>
        {
            public bool Equals(Mute other) => true;
            public override bool Equals(object other) => Kmem.Get() is null;
            public override int GetHashCode() => 1;
        }
        sealed class Own : IEnumerable<int>
        {
            public IEnumerator<int> GetEnumerator()
            {
                Kmem.Get();
                yield return 1;
            }

            System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
        }
        sealed class Quiet : IEnumerable<int>
        {
            public IEnumerator<int> GetEnumerator()
            {
                yield return 1;
            }

            System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
        }
        """;
}
