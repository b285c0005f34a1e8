namespace FenceSafety.Analyzers.Tests.Options;

/// <summary>fence_safety.scope = critical: rules that need no annotation are off for code on no path from one.</summary>
public class CriticalScopeTests
{
    /// <summary>One mistake of each rule that the option is about; nobody annotated calls any of it.</summary>
    const string Mistakes = """

        [MustConsume]
        struct Slot { }

        [LockPrimitive(LockKind.Sleeping)]
        [RefCounted(Acquire = nameof(TryGet), Release = nameof(Put))]
        sealed class Page
        {
            public bool TryGet() => true;

            public void Put() { }

            [AcquiresLock]
            public void Lock() { }

            [ReleasesLock]
            public void Unlock() { }
        }

        class Mistakes
        {
            readonly object _a = new(), _b = new();
            readonly SpinGate _spin = new();
            readonly KMutex _table = new();
            readonly Page[] _pages = new Page[8];
            long _entry;

            [Snapshot]
            long Read() => _entry;

            void Split([RequiresStable] long entry) { }

            Slot Reserve() => default;

            public void Inversion()
            {
                lock (_a)
                    lock ({|FENCE005:_b|}) { }

                lock (_b)
                    lock ({|FENCE005:_a|}) { }
            }

            public void Sleep()
            {
                _spin.Enter();
                {|FENCE006:Kmem.Get()|};
                _spin.Leave();
            }

            public void Drop() => {|FENCE013:Reserve()|};

            public void Unprotected(int i)
            {
                Page page;
                using (_table.Lock())
                    page = _pages[i];
                {|FENCE014:page.Lock()|};
                page.Unlock();
            }

            public void Stale()
            {
                var entry = Read();
                Split({|FENCE015:entry|});
            }

            public void Leak() => {|FENCE016:Monitor.Enter(_a)|};
        }
        """;

    static FenceTest Critical(string code) => new FenceTest(code).WithOption("fence_safety.scope", "critical");

    static string Unmarked(string code) => System.Text.RegularExpressions.Regex.Replace(code, @"\{\|FENCE\d+:(.*?)\|\}", "$1");

    [Fact]
    public Task Reports_all_of_them_by_default() => Verify.Async(Mistakes);

    [Fact]
    public Task Silent_on_code_that_nothing_annotated_reaches() => Critical(Unmarked(Mistakes)).RunAsync();

    /// <summary>Nobody calls Leak, but the lock that it leaves held is one that reclaim takes.</summary>
    [Fact]
    public Task Reports_what_annotated_code_reaches() => Critical(
        """
        class Shrinker
        {
            readonly Mistakes _mistakes = new();

            [RunsInReclaim]
            void Shrink() => {|FENCE007:Helper(1)|};

            void Helper(int i)
            {
                _mistakes.Inversion();
                _mistakes.Sleep();
                _mistakes.Drop();
                _mistakes.Unprotected(i);
                _mistakes.Stale();
            }
        }
        """ + Mistakes.Replace("{|FENCE006:Kmem.Get()|}", "{|FENCE004:{|FENCE006:Kmem.Get()|}|}", StringComparison.Ordinal)).RunAsync();

    [Fact]
    public Task Reports_an_inversion_behind_a_lock_that_critical_code_takes() => Critical(
        """
        class C
        {
            readonly object _a = new(), _b = new(), _x = new(), _y = new();

            [FenceCritical]
            void Run()
            {
                lock (_a) { }
            }

            void There()
            {
                lock (_a)
                    lock ({|FENCE005:_b|}) { }

                lock (_x)
                    lock (_y) { }
            }

            void Back()
            {
                lock (_b)
                    lock ({|FENCE005:_a|}) { }

                lock (_y)
                    lock (_x) { }
            }
        }
        """).RunAsync();

    [Fact]
    public Task Reports_a_leak_and_a_sleep_under_locks_that_critical_code_takes() => Critical(
        """
        class C
        {
            readonly object _a = new(), _b = new();
            readonly SpinGate _s = new(), _t = new();

            [RunsAtomic]
            void Handle()
            {
                _s.Enter();
                _s.Leave();
            }

            [FenceCritical]
            void Run()
            {
                lock (_a) { }
            }

            void Leak() => {|FENCE016:Monitor.Enter(_a)|};

            void LeakAnother() => Monitor.Enter(_b);

            void Sleep(Fence fence)
            {
                _s.Enter();
                {|FENCE006:fence.Wait()|};
                _s.Leave();
                _t.Enter();
                fence.Wait();
                _t.Leave();
            }
        }
        """).RunAsync();

    [Fact]
    public Task Reports_in_a_body_that_begins_a_region_and_what_it_calls() => Critical(
        """
        class C
        {
            readonly object _a = new();

            void Run()
            {
                using (Fence.BeginSignalling())
                    {|FENCE016:Helper()|};
            }

            void Helper() => {|FENCE016:Monitor.Enter(_a)|};
        }
        """).RunAsync();

    [Fact]
    public Task Reports_the_rules_about_critical_code_as_ever() => Critical(
        """
        class C
        {
            readonly object _a = new();

            [FenceCritical]
            void Run()
            {
                lock ({|FENCE002:_a|}) { }
                {|FENCE001:Kmem.Get()|};
            }

            void Elsewhere()
            {
                lock (_a)
                    {|FENCE004:Kmem.Get()|};
            }
        }
        """).RunAsync();
}
