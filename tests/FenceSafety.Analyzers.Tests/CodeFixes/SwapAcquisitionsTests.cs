using FenceSafety.CodeFixes.SwapAcquisitions;

namespace FenceSafety.Analyzers.Tests.CodeFixes;

using Swap = Fix<SwapAcquisitionsCodeFixProvider>;

/// <summary>Two nested locks in the order that the rest of the program takes them.</summary>
public class SwapAcquisitionsTests
{
    static Task Member(string member, string? fixedMember = null) => Swap.Code(Class(member), fixedMember is null ? null : Class(fixedMember));

    /// <summary>The order tree, list is documented, so that only the other one is reported.</summary>
    static string Class(string member) => $$"""
        [assembly: LockOrder("tree", "list")]

        class C
        {
            [LockClass("tree")] readonly object _tree = new();
            [LockClass("list")] readonly object _list = new();
            [LockClass("tree")] readonly KMutex _treeMutex = new();
            [LockClass("list")] readonly KMutex _listMutex = new();
            [LockClass("list")] object _current = new();
            int _count;

        {{member}}
        }
        """;

    [Fact]
    public Task Lock_in_lock_with_and_without_braces_and_their_comments() => Member(
        """
            void M()
            {
                // Both.
                lock (_list) // first
                    lock ({|FENCE005:_tree|}) // second
                        _count++;

                lock (_list)
                {
                    // Inner.
                    lock ({|FENCE005:this._tree|})
                    {
                        _count++;
                    }
                }
            }
        """,
        """
            void M()
            {
                // Both.
                lock (_tree) // first
                    lock (_list) // second
                        _count++;

                lock (this._tree)
                {
                    // Inner.
                    lock (_list)
                    {
                        _count++;
                    }
                }
            }
        """);

    [Fact]
    public Task Guards_as_statements_and_declarations_and_a_mixture() => Member(
        """
            void Statements()
            {
                using (var list = _listMutex.Lock())
                using ({|FENCE005:_treeMutex.Lock()|})
                    _count++;
            }

            void Declarations()
            {
                // The list.
                using var list = _listMutex.Lock();
                using var tree = {|FENCE005:_treeMutex.Lock()|}; // and the tree
                _count++;
            }

            void Mixture()
            {
                lock (_list)
                    using ({|FENCE005:_treeMutex.Lock()|})
                        _count++;
            }
        """,
        """
            void Statements()
            {
                using (_treeMutex.Lock())
                using (var list = _listMutex.Lock())
                    _count++;
            }

            void Declarations()
            {
                using var tree = _treeMutex.Lock(); // and the tree
                // The list.
                using var list = _listMutex.Lock();
                _count++;
            }

            void Mixture()
            {
                using (_treeMutex.Lock())
                    lock (_list)
                        _count++;
            }
        """);

    [Fact]
    public Task A_lock_among_other_statements_is_held_over_all_of_them() => Member(
        """
            int Between()
            {
                // The list.
                lock (_list)
                {
                    if (_count == 0)
                        return 0;
                    // The tree.
                    lock ({|FENCE005:_tree|}) // too late
                    {
                        // Count.
                        _count++;
                        _count++;
                    }

                    _count--;
                }
                return 1;
            }

            void Guards()
            {
                using (var list = _listMutex.Lock())
                {
                    using ({|FENCE005:_treeMutex.Lock()|})
                        _count++;
                    _count--;
                }
            }
        """,
        """
            int Between()
            {
                // The list.
                lock (_tree) // too late
                lock (_list)
                {
                    if (_count == 0)
                        return 0;
                    // The tree.
                    // Count.
                    _count++;
                    _count++;

                    _count--;
                }
                return 1;
            }

            void Guards()
            {
                using (_treeMutex.Lock())
                using (var list = _listMutex.Lock())
                {
                    _count++;
                    _count--;
                }
            }
        """);

    [Fact]
    public Task Of_two_that_are_not_directly_nested_the_first_is_widened() => Swap.Code(
        """
        sealed class EvictionLists(int capacity)
        {
            readonly Lock _eviction = new();
            readonly Lock _pinned = new();
            readonly int[] _pins = new int[capacity];

            public void Pin(int i)
            {
                lock (_eviction)
                {
                    _pins[i] = 0;
                    lock ({|FENCE005:_pinned|}) // inner
                        _pins[i]++;
                }
            }

            public void Unpin(int i)
            {
                lock (_pinned)
                {
                    if (--_pins[i] > 0)
                        return;
                    lock ({|FENCE005:_eviction|}) // inner
                        _pins[i]++;
                }
            }
        }
        """,
        """
        sealed class EvictionLists(int capacity)
        {
            readonly Lock _eviction = new();
            readonly Lock _pinned = new();
            readonly int[] _pins = new int[capacity];

            public void Pin(int i)
            {
                lock (_pinned) // inner
                lock (_eviction)
                {
                    _pins[i] = 0;
                    _pins[i]++;
                }
            }

            public void Unpin(int i)
            {
                lock (_pinned)
                {
                    if (--_pins[i] > 0)
                        return;
                    lock (_eviction) // inner
                        _pins[i]++;
                }
            }
        }
        """);

    [Fact]
    public Task Enter_and_try() => Member(
        """
            void Neighbours()
            {
                Monitor.Enter(_list);
                {|FENCE005:Monitor.Enter(_tree)|};
                try
                {
                    _count++;
                }
                finally
                {
                    Monitor.Exit(_tree);
                    Monitor.Exit(_list);
                }
            }

            void Nested()
            {
                Monitor.Enter(_list);
                try
                {
                    {|FENCE005:Monitor.Enter(_tree)|};
                    try
                    {
                        _count++;
                    }
                    finally
                    {
                        Monitor.Exit(_tree);
                    }
                }
                finally
                {
                    Monitor.Exit(_list);
                }
            }
        """,
        """
            void Neighbours()
            {
                Monitor.Enter(_tree);
                Monitor.Enter(_list);
                try
                {
                    _count++;
                }
                finally
                {
                    Monitor.Exit(_tree);
                    Monitor.Exit(_list);
                }
            }

            void Nested()
            {
                Monitor.Enter(_tree);
                try
                {
                    Monitor.Enter(_list);
                    try
                    {
                        _count++;
                    }
                    finally
                    {
                        Monitor.Exit(_list);
                    }
                }
                finally
                {
                    Monitor.Exit(_tree);
                }
            }
        """);

    const string First = "partial class D<T>\n{\n    readonly object _a = new(), _b = new();\n\n    void X()\n    {\n        lock (_a)\n            lock ({|FENCE005:_b|}) { }\n    }\n}";
    const string Second = "partial class D<T>\n{\n    void Y()\n    {\n        lock (_b)\n            lock ({|FENCE005:_a|}) { }\n    }\n}";

    /// <summary>Fix All swaps one end, in whatever document it is, and then the other is right.</summary>
    [Fact]
    public Task Only_one_of_two_ends_in_two_documents_is_swapped()
    {
        var test = Swap.Test(First, First.Replace("lock (_a)", "lock (_b)").Replace("{|FENCE005:_b|}", "_a"));
        test.TestState.Sources.Add(("Two.cs", Second));
        test.FixedState.Sources.Add(("Two.cs", Second.Replace("{|FENCE005:_a|}", "_a")));
        test.NumberOfIncrementalIterations = 1;
        return test.RunAsync();
    }

    [Fact]
    public Task The_odd_one_out_is_swapped() => Swap.Code(
        """
        class D
        {
            readonly object _a = new(), _b = new();

            void X() { lock (_a) lock ({|FENCE005:_b|}) { } }

            void Y() { lock (_a) lock ({|FENCE005:_b|}) { } }

            void Z() { lock (_b) lock ({|FENCE005:_a|}) { } }
        }
        """,
        """
        class D
        {
            readonly object _a = new(), _b = new();

            void X() { lock (_a) lock (_b) { } }

            void Y() { lock (_a) lock (_b) { } }

            void Z() { lock (_a) lock (_b) { } }
        }
        """);

    [Fact]
    public Task Refused_where_no_single_swap_helps() => Swap.Code(
        """
        class D
        {
            readonly object _a = new(), _b = new();

            void V() { lock (_a) lock ({|FENCE005:_b|}) { } }

            void W() { lock (_a) lock ({|FENCE005:_b|}) { } }

            void X() { lock (_b) lock ({|FENCE005:_a|}) { } }

            void Y() { lock (_b) lock ({|FENCE005:_a|}) { } }
        }
        """);

    [Fact]
    public Task Refused_under_a_condition_or_where_the_lock_is_found_under_the_other() => Member(
        """
            void Condition(bool both)
            {
                lock (_list)
                    if (both)
                        lock ({|FENCE005:_tree|}) { }
            }

            C _next;

            void Link(C next) => _next = next;

            void Found()
            {
                lock (_list)
                    lock ({|FENCE005:_next._tree|}) { }
            }

            void Changes()
            {
                lock (_current)
                    lock ({|FENCE005:_tree|}) { }
                _current = new();
            }

            void Set(C next)
            {
                lock (_list)
                {
                    next = this;
                    lock ({|FENCE005:next._tree|})
                        _count++;
                }
            }

            void Call()
            {
                lock (_list)
                    {|FENCE005:Take()|};
            }

            void Take()
            {
                lock (_tree) { }
            }

            void Try()
            {
                lock (_list)
                {
                    if (_treeMutex.TryLock(out var held))
                        held.Dispose();
                }
            }

            void Self()
            {
                using var one = _listMutex.Lock();
                using var two = {|FENCE005:_listMutex.Lock()|};
            }
        """);
}
