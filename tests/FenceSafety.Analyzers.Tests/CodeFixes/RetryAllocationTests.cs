using FenceSafety.CodeFixes.RetryAllocation;

namespace FenceSafety.Analyzers.Tests.CodeFixes;

/// <summary>Look, release, allocate, take the lock again, look again.</summary>
public class RetryAllocationTests
{
    static Task Member(string member, string? fixedMember = null, int? applications = null) =>
        Fix<RetryAllocationCodeFixProvider>.Member(member, fixedMember, applications);

    [Fact]
    public Task A_condition_under_a_lock() => Member(
        """
            void Ensure()
            {
                lock (_gate)
                {
                    // One page is enough.
                    if (_page == null)
                        _page = {|FENCE004:Kmem.Get()|};
                    _count++;
                }
            }
        """,
        """
            void Ensure()
            {
                object page = null;
                for (bool isAllocated = false; ; isAllocated = true)
                {
                    if (isAllocated)
                        page = Kmem.Get();

                    lock (_gate)
                    {
                        // One page is enough.
                        if (_page == null)
                        {
                            if (!isAllocated)
                                continue;
                            _page = page;
                        }
                        _count++;
                        break;
                    }
                }
            }
        """);

    [Fact]
    public Task A_guard() => Member(
        """
            object Ensure()
            {
                int n = 1;

                // The lock that Run takes.
                using var held = _mutex.Lock();
                if (_page == null)
                {
                    _page = {|FENCE004:Kmem.Get()|}; // may block
                    _count += n;
                }

                return _page;
            }

            void Guarded()
            {
                using (_mutex.Lock())
                {
                    _page ??= {|FENCE004:Kmem.Get()|};
                }
            }
        """,
        """
            object Ensure()
            {
                int n = 1;

                object page = null;
                for (bool isAllocated = false; ; isAllocated = true)
                {
                    if (isAllocated)
                        page = Kmem.Get();

                    // The lock that Run takes.
                    using var held = _mutex.Lock();
                    if (_page == null)
                    {
                        if (!isAllocated)
                            continue;
                        _page = page; // may block
                        _count += n;
                    }

                    return _page;
                }
            }

            void Guarded()
            {
                object page = null;
                for (bool isAllocated = false; ; isAllocated = true)
                {
                    if (isAllocated)
                        page = Kmem.Get();

                    using (_mutex.Lock())
                    {
                        if (_page is null && !isAllocated)
                            continue;
                        _page ??= page;
                        break;
                    }
                }
            }
        """,
        applications: 2);

    [Fact]
    public Task A_size_that_is_known_under_the_lock_is_compared() => Member(
        """
            [MayAllocate] static object[] Rent(int size) => new object[size];

            object[] _pages;

            public void Count() => _count++;

            void Grow()
            {
                lock (_gate)
                {
                    _pages = {|FENCE004:Rent(_count * 2)|};
                }
            }
        """,
        """
            [MayAllocate] static object[] Rent(int size) => new object[size];

            object[] _pages;

            public void Count() => _count++;

            void Grow()
            {
                object[] pages = null;
                int allocatedSize = default;
                for (bool isAllocated = false; ; isAllocated = true)
                {
                    if (isAllocated)
                        pages = Rent(allocatedSize);

                    lock (_gate)
                    {
                        if (!isAllocated || allocatedSize != (_count * 2))
                        {
                            allocatedSize = _count * 2;
                            continue;
                        }
                        _pages = pages;
                        break;
                    }
                }
            }
        """);

    [Fact]
    public Task An_early_return_is_the_condition() => Member(
        """
            bool Ensure(bool wanted)
            {
                lock (_gate)
                {
                    if (!wanted || _page != null)
                        return false;
                    var first = {|FENCE004:Kmem.Get()|};
                    _page = first;
                    return true;
                }
            }
        """,
        """
            bool Ensure(bool wanted)
            {
                object first2 = null;
                for (bool isAllocated = false; ; isAllocated = true)
                {
                    if (isAllocated)
                        first2 = Kmem.Get();

                    lock (_gate)
                    {
                        if (!wanted || _page != null)
                            return false;
                        if (!isAllocated)
                            continue;
                        var first = first2;
                        _page = first;
                        return true;
                    }
                }
            }
        """);

    [Fact]
    public Task Statements_without_braces_and_within_a_line() => Member(
        """
            void Bare()
            {
                lock (_gate)
                    if (_page == null) _page = {|FENCE004:Kmem.Get()|};
            }

            void Short()
            {
                lock (_gate) { if (_page == null) _page = {|FENCE004:Kmem.Get()|}; }
            }

            void Coalesce()
            {
                lock (_gate)
                    _page ??= {|FENCE004:Kmem.Get()|};
            }
        """,
        """
            void Bare()
            {
                object page = null;
                for (bool isAllocated = false; ; isAllocated = true)
                {
                    if (isAllocated)
                        page = Kmem.Get();

                    lock (_gate)
                    {
                        if (_page == null)
                        {
                            if (!isAllocated)
                                continue;
                            _page = page;
                        }
                        break;
                    }
                }
            }

            void Short()
            {
                object page = null;
                for (bool isAllocated = false; ; isAllocated = true)
                {
                    if (isAllocated)
                        page = Kmem.Get();

                    lock (_gate) { if (_page == null) { if (!isAllocated) continue; _page = page; } break; }
                }
            }

            void Coalesce()
            {
                object page = null;
                for (bool isAllocated = false; ; isAllocated = true)
                {
                    if (isAllocated)
                        page = Kmem.Get();

                    lock (_gate)
                    {
                        if (_page is null && !isAllocated)
                            continue;
                        _page ??= page;
                        break;
                    }
                }
            }
        """,
        applications: 3);

    [Fact]
    public Task What_is_not_needed_after_all_is_disposed() => Member(
        """
            sealed class Table : IDisposable
            {
                public void Dispose() { }

                [MayAllocate] public static Table Make() => new Table();
            }

            Table _table;

            void Ensure()
            {
                lock (_gate)
                {
                    if (_table == null)
                        _table = {|FENCE004:Table.Make()|};
                }
            }
        """,
        """
            sealed class Table : IDisposable
            {
                public void Dispose() { }

                [MayAllocate] public static Table Make() => new Table();
            }

            Table _table;

            void Ensure()
            {
                Table table = null;
                for (bool isAllocated = false; ; isAllocated = true)
                {
                    if (isAllocated)
                        table = Table.Make();

                    lock (_gate)
                    {
                        if (_table == null)
                        {
                            if (!isAllocated)
                                continue;
                            _table = table;
                            table = null;
                        }
                        break;
                    }
                }
                table?.Dispose();
            }
        """);

    [Fact]
    public Task Await_generics_and_nullable_annotations() => Fix<RetryAllocationCodeFixProvider>.Code(
        """
        #nullable enable
        class Cache<T> where T : class, new()
        {
            [FenceSafeLock] readonly KMutex _mutex = new();
            T? _value;

            [MayAllocate] static T Make() => new T();

            T Get()
            {
                using var held = _mutex.Lock();
                return _value ??= {|FENCE004:Make()|};
            }
        }
        """,
        """
        #nullable enable
        class Cache<T> where T : class, new()
        {
            [FenceSafeLock] readonly KMutex _mutex = new();
            T? _value;

            [MayAllocate] static T Make() => new T();

            T Get()
            {
                T value = null!;
                for (bool isAllocated = false; ; isAllocated = true)
                {
                    if (isAllocated)
                        value = Make();

                    using var held = _mutex.Lock();
                    if (_value is null && !isAllocated)
                        continue;
                    return _value ??= value;
                }
            }
        }
        """);

    [Fact]
    public Task Memory_that_is_counted_atomically_and_comes_through_a_helper() => Fix<RetryAllocationCodeFixProvider>.Code(
        """
        class Memory
        {
            int _used;

            [MayAllocate] public object Make(int bytes) => Interlocked.Add(ref _used, bytes) > 9 ? throw new InvalidOperationException() : null;
        }

        class Shmem(Memory memory)
        {
            public object Read(int pages) => memory.Make(pages * 4);
        }

        class Store(Shmem shmem)
        {
            [FenceSafeLock] readonly KMutex _gate = new();
            readonly object[] _pages = new object[4];

            public void Populate(int at, int pages)
            {
                using var guard = _gate.Lock();
                if (_pages[at] == null)
                    _pages[at] = {|FENCE004:shmem.Read(pages)|}; // may block
            }
        }
        """,
        """
        class Memory
        {
            int _used;

            [MayAllocate] public object Make(int bytes) => Interlocked.Add(ref _used, bytes) > 9 ? throw new InvalidOperationException() : null;
        }

        class Shmem(Memory memory)
        {
            public object Read(int pages) => memory.Make(pages * 4);
        }

        class Store(Shmem shmem)
        {
            [FenceSafeLock] readonly KMutex _gate = new();
            readonly object[] _pages = new object[4];

            public void Populate(int at, int pages)
            {
                object allocated = null;
                for (bool isAllocated = false; ; isAllocated = true)
                {
                    if (isAllocated)
                        allocated = shmem.Read(pages);

                    using var guard = _gate.Lock();
                    if (_pages[at] == null)
                    {
                        if (!isAllocated)
                            continue;
                        _pages[at] = allocated; // may block
                    }
                    break;
                }
            }
        }
        """);

    [Theory]
    [InlineData("lock (s_gate) { if (s_page == null) s_page = Alloc(\"a\"); s_count++; }", 1)]
    [InlineData("for (int i = 0; i < 3; i++)\n{\nlock (s_gate) { if (i == 1) { s_page = Alloc(i.ToString()); } s_count += i; }\n}", 1)]
    [InlineData("lock (s_gate) { s_page ??= Alloc(\"a\"); }\nlock (s_gate) { s_page ??= Alloc(\"b\"); }", 2)]
    [InlineData("lock (s_gate) { s_page = Alloc(s_name); s_name = null; }", 1)]
    [InlineData("lock (s_gate) { if (s_count == 0) s_page = Alloc(\"a\", fails: true); s_count++; }", 1)]
    public async Task The_program_prints_the_same(string body, int fixes)
    {
        int applied = await FixedProgram.PrintsTheSameAsync(
            $$"""
            static class P
            {
                [FenceSafeLock] static readonly object s_gate = new();
                static object s_page;
                static string s_name = "name";
                static int s_count;

                [MayAllocate]
                static object Alloc(string name, bool fails = false)
                {
                    Log.Add("alloc " + name);
                    return fails ? throw new OutOfMemoryException(name) : "page " + name;
                }

                public static string Run()
                {
                    try
                    {
                        {{body}}
                    }
                    catch (OutOfMemoryException e)
                    {
                        Log.Add("caught " + e.Message + Monitor.IsEntered(s_gate));
                    }
                    Log.Add("end " + s_page + s_count);
                    return Log.Text();
                }
            }

            {{FixedProgram.Log}}
            """,
            new RetryAllocationCodeFixProvider());
        Assert.Equal(fixes, applied);
    }
}
