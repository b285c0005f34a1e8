namespace FenceSafety.Analyzers.Tests.CodeFixes;

/// <summary>The plain cases: every way to take a lock, and what is moved.</summary>
public class HoistAllocationTests
{
    [Fact]
    public Task Moves_a_statement_out_of_a_lock() => Hoist.Member(
        """
            void M()
            {
                lock (_gate)
                {
                    {|FENCE004:Kmem.Get()|};
                    _count++;
                }
            }
        """,
        """
            void M()
            {
                Kmem.Get();
                lock (_gate)
                {
                    _count++;
                }
            }
        """);

    [Fact]
    public Task Moves_a_declaration() => Hoist.Member(
        """
            void M()
            {
                lock (_gate)
                {
                    var page = {|FENCE004:Kmem.Get()|};
                    _page = page;
                }
            }
        """,
        """
            void M()
            {
                var page = Kmem.Get();
                lock (_gate)
                {
                    _page = page;
                }
            }
        """);

    [Fact]
    public Task A_field_is_still_assigned_under_the_lock() => Hoist.Member(
        """
            void M()
            {
                lock (_gate)
                {
                    _page = {|FENCE004:Kmem.Get()|};
                }
            }
        """,
        """
            void M()
            {
                var page = Kmem.Get();
                lock (_gate)
                {
                    _page = page;
                }
            }
        """);

    [Fact]
    public Task An_outer_local_is_assigned_before_the_lock() => Hoist.Member(
        """
            object M()
            {
                object page;
                lock (_gate)
                {
                    page = {|FENCE004:Kmem.Get()|};
                    _count++;
                }
                return page;
            }
        """,
        """
            object M()
            {
                object page;
                page = Kmem.Get();
                lock (_gate)
                {
                    _count++;
                }
                return page;
            }
        """);

    [Fact]
    public Task Using_statement_and_using_declaration() => Hoist.Member(
        """
            void M()
            {
                using (_mutex.Lock())
                {
                    _page = {|FENCE004:Kmem.Get()|};
                }
            }

            void N()
            {
                _ = 0;

                using var held = _mutex.Lock();
                var page = {|FENCE004:Kmem.Get()|};
                _page = page;
            }
        """,
        """
            void M()
            {
                var page = Kmem.Get();
                using (_mutex.Lock())
                {
                    _page = page;
                }
            }

            void N()
            {
                _ = 0;

                var page = Kmem.Get();
                using var held = _mutex.Lock();
                _page = page;
            }
        """);

    [Fact]
    public Task Enter_try_finally() => Hoist.Member(
        """
            void M()
            {
                Monitor.Enter(_gate);
                try
                {
                    _page = {|FENCE004:Kmem.Get()|};
                }
                finally
                {
                    Monitor.Exit(_gate);
                }
            }

            void N()
            {
                bool taken = false;
                try
                {
                    Monitor.Enter(_gate, ref taken);
                    _page = {|FENCE004:Kmem.Get()|};
                }
                finally
                {
                    if (taken)
                        Monitor.Exit(_gate);
                }
            }
        """,
        """
            void M()
            {
                var page = Kmem.Get();
                Monitor.Enter(_gate);
                try
                {
                    _page = page;
                }
                finally
                {
                    Monitor.Exit(_gate);
                }
            }

            void N()
            {
                bool taken = false;
                try
                {
                    var page = Kmem.Get();
                    Monitor.Enter(_gate, ref taken);
                    _page = page;
                }
                finally
                {
                    if (taken)
                        Monitor.Exit(_gate);
                }
            }
        """);

    [Fact]
    public Task Enter_scope() => Hoist.Member(
        """
            object M()
            {
                using (_lock.EnterScope())
                    return {|FENCE004:Kmem.Get()|};
            }
        """,
        """
            object M()
            {
                var allocated = Kmem.Get();
                using (_lock.EnterScope())
                    return allocated;
            }
        """);

    [Fact]
    public Task A_spin_lock_that_the_same_body_takes() => Hoist.Member(
        """
            void M()
            {
                _spin.Enter();
                _page = {|FENCE006:Kmem.Get()|};
                _spin.Leave();
            }
        """,
        """
            void M()
            {
                var page = Kmem.Get();
                _spin.Enter();
                _page = page;
                _spin.Leave();
            }
        """);

    [Fact]
    public Task A_guard_from_a_method_of_another_type() => Hoist.Code(
        """
        class Pramin
        {
            [FenceSafeLock] readonly KMutex _lock = new();

            public KMutex.Held Window() => _lock.Lock();
        }

        class Vmm
        {
            readonly Pramin _pramin = new();

            void Prepare()
            {
                using var window = _pramin.Window();
                {|FENCE004:Kmem.Get()|};
            }
        }
        """,
        """
        class Pramin
        {
            [FenceSafeLock] readonly KMutex _lock = new();

            public KMutex.Held Window() => _lock.Lock();
        }

        class Vmm
        {
            readonly Pramin _pramin = new();

            void Prepare()
            {
                Kmem.Get();
                using var window = _pramin.Window();
            }
        }
        """);

    [Fact]
    public Task A_helper_that_only_allocates_and_an_allocator_with_its_own_lock() => Hoist.Code(
        """
        class Buddy
        {
            readonly object _own = new();
            int _free;

            public int Alloc()
            {
                lock (_own)
                {
                    {|FENCE004:Kmem.Get()|};
                    return _free++;
                }
            }
        }

        class Table
        {
            [FenceSafeLock] readonly object _gate = new();
            readonly Buddy _buddy = new();
            int _page, _other;

            static object Helper(int order) => order == 0 ? null : Kmem.Get();

            void Add(int order)
            {
                lock (_gate)
                {
                    _page = {|FENCE004:_buddy.Alloc()|};
                }

                lock (_gate)
                {
                    var used = _other;
                    Use({|FENCE004:Helper(order)|}, used);
                }
            }

            void Use(object page, int used) => _other = used;
        }
        """,
        """
        class Buddy
        {
            readonly object _own = new();
            int _free;

            public int Alloc()
            {
                Kmem.Get();
                lock (_own)
                {
                    return _free++;
                }
            }
        }

        class Table
        {
            [FenceSafeLock] readonly object _gate = new();
            readonly Buddy _buddy = new();
            int _page, _other;

            static object Helper(int order) => order == 0 ? null : Kmem.Get();

            void Add(int order)
            {
                var page = _buddy.Alloc();
                lock (_gate)
                {
                    _page = page;
                }

                var page2 = Helper(order);
                lock (_gate)
                {
                    var used = _other;
                    Use(page2, used);
                }
            }

            void Use(object page, int used) => _other = used;
        }
        """);

    [Fact]
    public async Task The_title_names_the_call_and_the_lock()
    {
        Assert.Equal("Move 'Kmem.Get' out of the lock on '_gate'", await HoistTitle.OfAsync("lock (_gate) { Kmem.Get(); }"));
        Assert.Equal("Move 'Kmem.Get' out of the lock on '_mutex'", await HoistTitle.OfAsync("using var held = _mutex.Lock(); Kmem.Get();"));
        Assert.Equal("Move 'Kmem.Get' out of the lock on '_gate'", await HoistTitle.OfAsync("Monitor.Enter(_gate); Kmem.Get(); Monitor.Exit(_gate);"));
    }
}
