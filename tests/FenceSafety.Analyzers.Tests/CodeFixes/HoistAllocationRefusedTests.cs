namespace FenceSafety.Analyzers.Tests.CodeFixes;

/// <summary>Where moving the allocation could be seen, no fix is offered.</summary>
public class HoistAllocationRefusedTests
{
    [Theory]
    [InlineData("if (_count == 0) {|FENCE004:Kmem.Get()|};")]
    [InlineData("for (int i = 0; i < _count; i++) {|FENCE004:Kmem.Get()|};")]
    [InlineData("while ({|FENCE004:Kmem.Get()|} == null) { }")]
    [InlineData("_page = _page ?? {|FENCE004:Kmem.Get()|};")]
    [InlineData("_page ??= {|FENCE004:Kmem.Get()|};")]
    [InlineData("_page = _count > 0 ? {|FENCE004:Kmem.Get()|} : null;")]
    [InlineData("bool b = _count > 0 && {|FENCE004:Kmem.Get()|} != null;")]
    [InlineData("if (_page != null) return; _page = {|FENCE004:Kmem.Get()|};")]
    [InlineData("switch (_count) { case 0: {|FENCE004:Kmem.Get()|}; break; }")]
    public Task A_condition_under_the_lock(string body) => Locked(body);

    [Theory]
    [InlineData("_count++; {|FENCE004:Kmem.Get()|};")]
    [InlineData("_page = null; _page = {|FENCE004:Kmem.Get()|};")]
    [InlineData("Note(); {|FENCE004:Kmem.Get()|};")]
    [InlineData("_pages[_count++] = {|FENCE004:Kmem.Get()|};")]
    [InlineData("Pair(Next(), {|FENCE004:Kmem.Get()|});")]
    [InlineData("Monitor.PulseAll(_gate); {|FENCE004:Kmem.Get()|};")]
    [InlineData("lock (_plain) { } {|FENCE004:Kmem.Get()|};")]
    [InlineData("goto next; next: {|FENCE004:Kmem.Get()|};")]
    public Task A_side_effect_before_it(string body) => Locked(body);

    [Theory]
    [InlineData("{|FENCE004:Sized(_count)|};")]
    [InlineData("int n = _count; {|FENCE004:Sized(n)|};")]
    [InlineData("{|FENCE004:Sized(_pages.Length + _count)|};")]
    [InlineData("{|FENCE004:Sized(_list.Count)|};")]
    [InlineData("int n = 1; n += _count; {|FENCE004:Sized(n)|};")]
    [InlineData("{|FENCE004:Sized(Next())|};")]
    [InlineData("{|FENCE004:Fill(_list)|};")]
    [InlineData("int n = 0; {|FENCE004:ByRef(ref n)|};")]
    [InlineData("{|FENCE004:OfField()|};")]
    [InlineData("{|FENCE004:Again()|};")]
    [InlineData("{|FENCE004:_unsafe.Rent()|};")]
    [InlineData("{|FENCE004:_open.Rent()|};")]
    [InlineData("{|FENCE004:OfProperty()|};")]
    public Task Values_and_state_that_the_lock_guards(string body) => Locked(body);

    [Theory]
    [InlineData("try { {|FENCE004:Kmem.Get()|}; } catch (OutOfMemoryException) { _count = 0; }")]
    [InlineData("try { {|FENCE004:Kmem.Get()|}; } finally { _count = 0; }")]
    [InlineData("checked { {|FENCE004:Kmem.Get()|}; }")]
    public Task A_handler_or_a_context_around_it(string body) => Locked(body);

    [Fact]
    public Task What_is_read_before_it_may_be_what_it_changes() => Hoist.Code(
        """
        class Pool
        {
            readonly object _own = new();
            public int Left = 8;

            [MayAllocate]
            public object Rent()
            {
                lock (_own)
                {
                    Left--;
                    return null;
                }
            }
        }

        class C
        {
            [FenceSafeLock] readonly object _gate = new();
            readonly Pool _pool = new();
            object _page;
            int _before;

            void M()
            {
                lock (_gate)
                {
                    int before = _pool.Left;
                    _page = {|FENCE004:_pool.Rent()|};
                    _before = before;
                }
            }
        }
        """);

    [Fact]
    public Task A_wait_stays() => Locked("{|FENCE004:_fence.Wait()|};");

    [Fact]
    public Task No_acquisition_in_this_body() => Hoist.Member(
        """
            [RequiresLock("_gate")]
            void Required() => {|FENCE004:Kmem.Get()|};

            [RequiresLock("_gate")]
            void Body()
            {
                lock (_plain)
                    {|FENCE004:Kmem.Get()|};
            }

            [RunsAtomic]
            void Atomic() => {|FENCE006:Kmem.Get()|};

            [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.Synchronized)]
            void Synchronized() { }
        """);

    [Fact]
    public Task A_guard_that_is_passed_to_the_allocation() => Hoist.Code(
        """
        class Vmm
        {
            [FenceSafeLock] readonly KMutex _mutex = new();

            static object Zeroed(in KMutex.Held held) => Kmem.Get();

            void M()
            {
                using var held = _mutex.Lock();
                {|FENCE004:Zeroed(in held)|};
            }
        }
        """);

    [Fact]
    public Task A_local_that_others_write() => Locked(
        "int n = 0; Action more = () => n++; lock (_gate) { {|FENCE004:Sized(n)|}; }", inLock: false);

    [Theory]
    [InlineData("if (Monitor.TryEnter(_gate, 5)) { {|FENCE004:Kmem.Get()|}; Monitor.Exit(_gate); }")]
    [InlineData("_sem.Wait(cancel); {|FENCE004:Kmem.Get()|}; _sem.Release();")]
    public Task An_acquisition_that_may_fail(string body) => Locked(body, inLock: false);

    static Task Locked(string body, bool inLock = true) => Hoist.Code($$"""
        class C
        {
            [FenceSafeLock] readonly object _gate = new();
            [FenceSafeLock] readonly SemaphoreSlim _sem = new(1);
            readonly object _plain = new();
            readonly object[] _pages = new object[8];
            readonly List<object> _list = new();
            readonly Unsafe _unsafe = new();
            readonly Open _open = new();
            readonly Fence _fence = new();
            object _page;
            int _count;

            [MayAllocate] static object Sized(int n) => null;

            [MayAllocate] static object ByRef(ref int n) => null;

            [MayAllocate] object OfField() => _page;

            [MayAllocate] object OfProperty() => Page;

            object Page => _page;

            static void Fill(List<object> list) => list.Add(Kmem.Get());

            object Again()
            {
                lock (_gate) { }
                return Kmem.Get();
            }

            void Set() => _page = null;

            int Next() => _count++;

            void Note() { }

            void Pair(int n, object page) { }

            void M(CancellationToken cancel = default)
            {
                {{(inLock ? "lock (_gate) { " + body + " }" : body)}}
            }
        }

        class Unsafe
        {
            int _free;

            [MayAllocate] public object Rent() => _free++;
        }

        class Open
        {
            [MayAllocate] public virtual object Rent() => null;
        }
        """);
}
