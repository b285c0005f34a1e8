namespace FenceSafety.Analyzers.Tests.CodeFixes;

/// <summary>Nesting, dependencies, and the parts of the language that make moving hard.</summary>
public class HoistAllocationAwkwardTests
{
    [Fact]
    public Task A_lock_behind_a_property_in_another_member() => Hoist.Member(
        """
            object Gate => _gate;

            int M
            {
                set
                {
                    lock (Gate)
                        _page = {|FENCE004:Kmem.Get()|};
                }
            }
        """,
        """
            object Gate => _gate;

            int M
            {
                set
                {
                    var page = Kmem.Get();
                    lock (Gate)
                        _page = page;
                }
            }
        """);

    [Fact]
    public Task Out_of_both_locks_where_both_matter_and_of_one_where_one_does() => Hoist.Member(
        """
            void Both()
            {
                lock (_gate)
                {
                    using (_mutex.Lock())
                    {
                        _page = {|FENCE004:Kmem.Get()|};
                    }
                }
            }

            void Inner(Node node)
            {
                lock (_plain)
                {
                    _count++;
                    lock (_gate)
                        node.Value = {|FENCE004:Kmem.Get()|} is null ? 1 : 2;
                }
            }
        """,
        """
            void Both()
            {
                var page = Kmem.Get();
                lock (_gate)
                {
                    using (_mutex.Lock())
                    {
                        _page = page;
                    }
                }
            }

            void Inner(Node node)
            {
                lock (_plain)
                {
                    _count++;
                    var allocated = Kmem.Get();
                    lock (_gate)
                        node.Value = allocated is null ? 1 : 2;
                }
            }
        """);

    [Fact]
    public Task What_it_depends_on_goes_along() => Hoist.Code(
        """
        class C
        {
            [FenceSafeLock] readonly object _gate = new();
            readonly int _size = 8;
            object _page;
            int _used;

            [MayAllocate]
            static object Alloc(int size) => new byte[size];

            void M(int pages)
            {
                lock (_gate)
                {
                    var used = _used;
                    // Rounded up.
                    int size = pages * _size;
                    int all = size + 1;
                    var page = {|FENCE004:Alloc(all)|};
                    _page = page;
                    _used = used + size;
                }
            }
        }
        """,
        """
        class C
        {
            [FenceSafeLock] readonly object _gate = new();
            readonly int _size = 8;
            object _page;
            int _used;

            [MayAllocate]
            static object Alloc(int size) => new byte[size];

            void M(int pages)
            {
                // Rounded up.
                int size = pages * _size;
                int all = size + 1;
                var page = Alloc(all);
                lock (_gate)
                {
                    var used = _used;
                    _page = page;
                    _used = used + size;
                }
            }
        }
        """);

    [Fact]
    public Task Async_with_its_await() => Hoist.Code(
        """
        class C
        {
            [FenceSafeLock] readonly SemaphoreSlim _sem = new(1);
            object _page;

            [MayAllocate]
            static async Task<object> AllocPageAsync()
            {
                await Task.Yield();
                return null;
            }

            async Task M()
            {
                await _sem.WaitAsync().ConfigureAwait(false);
                try
                {
                    _page = await {|FENCE004:AllocPageAsync()|}.ConfigureAwait(false);
                }
                finally
                {
                    _sem.Release();
                }
            }
        }
        """,
        """
        class C
        {
            [FenceSafeLock] readonly SemaphoreSlim _sem = new(1);
            object _page;

            [MayAllocate]
            static async Task<object> AllocPageAsync()
            {
                await Task.Yield();
                return null;
            }

            async Task M()
            {
                var page = await AllocPageAsync().ConfigureAwait(false);
                await _sem.WaitAsync().ConfigureAwait(false);
                try
                {
                    _page = page;
                }
                finally
                {
                    _sem.Release();
                }
            }
        }
        """);

    [Fact]
    public Task Generic_in_a_lambda_in_an_accessor_in_a_constructor() => Hoist.Code(
        """
        class Pool<T> where T : class, new()
        {
            [FenceSafeLock] readonly object _gate = new();
            T _item;

            Pool()
            {
                lock (_gate)
                    _item = {|FENCE004:Make<T>()|};
            }

            [MayAllocate]
            static U Make<U>() where U : new() => default;

            T Item
            {
                get
                {
                    lock (_gate)
                        return {|FENCE004:Make<T>()|};
                }
            }

            Action Later() => () =>
            {
                lock (_gate)
                    _item = {|FENCE004:Make<T>()|};
            };
        }
        """,
        """
        class Pool<T> where T : class, new()
        {
            [FenceSafeLock] readonly object _gate = new();
            T _item;

            Pool()
            {
                var item = Make<T>();
                lock (_gate)
                    _item = item;
            }

            [MayAllocate]
            static U Make<U>() where U : new() => default;

            T Item
            {
                get
                {
                    var allocated = Make<T>();
                    lock (_gate)
                        return allocated;
                }
            }

            Action Later() => () =>
            {
                var item = Make<T>();
                lock (_gate)
                    _item = item;
            };
        }
        """);

    [Fact]
    public Task A_switch_section_and_a_second_acquisition() => Hoist.Member(
        """
            void M(int kind)
            {
                switch (kind)
                {
                    case 0:
                        lock (_gate)
                            _page = {|FENCE004:Kmem.Get()|};
                        break;
                }
            }

            void N()
            {
                Monitor.Enter(_gate);
                _count++;
                Monitor.Exit(_gate);
                Monitor.Enter(_gate);
                {|FENCE004:Kmem.Get()|};
                Monitor.Exit(_gate);
            }
        """,
        """
            void M(int kind)
            {
                switch (kind)
                {
                    case 0:
                        var page = Kmem.Get();
                        lock (_gate)
                            _page = page;
                        break;
                }
            }

            void N()
            {
                Monitor.Enter(_gate);
                _count++;
                Monitor.Exit(_gate);
                Kmem.Get();
                Monitor.Enter(_gate);
                Monitor.Exit(_gate);
            }
        """);

    [Fact]
    public Task Top_level_statements() => Hoist.Program(
        """
        using var held = Shared.Mutex.Lock();
        Shared.Page = {|FENCE004:Kmem.Get()|};

        static class Shared
        {
            [FenceSafeLock] public static readonly KMutex Mutex = new();
            public static object Page;
        }
        """,
        """
        var page = Kmem.Get();
        using var held = Shared.Mutex.Lock();
        Shared.Page = page;

        static class Shared
        {
            [FenceSafeLock] public static readonly KMutex Mutex = new();
            public static object Page;
        }
        """);

    [Fact]
    public Task Out_variables_and_initialisers() => Hoist.Code(
        """
        record struct Page(int Number);

        class Slot
        {
            public int Number;
        }

        class C
        {
            [FenceSafeLock] readonly object _gate = new();
            Page _page;
            Slot _slot;

            [MayAllocate]
            static bool TryAlloc(out int number)
            {
                number = 1;
                return true;
            }

            [MayAllocate]
            static int Alloc() => 1;

            bool M()
            {
                lock (_gate)
                {
                    if (!{|FENCE004:TryAlloc(out int number)|})
                        return false;
                    _page = new Page(number);
                    return true;
                }
            }

            void N()
            {
                lock (_gate)
                    _slot = new Slot { Number = {|FENCE004:Alloc()|} };
            }
        }
        """,
        """
        record struct Page(int Number);

        class Slot
        {
            public int Number;
        }

        class C
        {
            [FenceSafeLock] readonly object _gate = new();
            Page _page;
            Slot _slot;

            [MayAllocate]
            static bool TryAlloc(out int number)
            {
                number = 1;
                return true;
            }

            [MayAllocate]
            static int Alloc() => 1;

            bool M()
            {
                var allocated = TryAlloc(out int number);
                lock (_gate)
                {
                    if (!allocated)
                        return false;
                    _page = new Page(number);
                    return true;
                }
            }

            void N()
            {
                var number = Alloc();
                lock (_gate)
                    _slot = new Slot { Number = number };
            }
        }
        """);

    [Fact]
    public Task A_managed_allocation_where_these_count()
    {
        var test = Hoist.Test(
            Hoist.Class("""
                    sealed class Thing
                    {
                        readonly List<int> _sizes = new();
                        int _size;

                        public Thing(int size)
                        {
                            _size = size;
                        }
                    }

                    void M(int size)
                    {
                        lock (_gate)
                            _page = {|FENCE004:new Thing(size)|};
                    }
                """),
            Hoist.Class("""
                    sealed class Thing
                    {
                        readonly List<int> _sizes = new();
                        int _size;

                        public Thing(int size)
                        {
                            _size = size;
                        }
                    }

                    void M(int size)
                    {
                        var page = new Thing(size);
                        lock (_gate)
                            _page = page;
                    }
                """));
        test.TestState.AnalyzerConfigFiles.Add(("/.globalconfig", "is_global = true\nfence_safety.managed_allocations = blocking"));
        return test.RunAsync();
    }
}
