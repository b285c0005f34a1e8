namespace FenceSafety.Analyzers.Tests.Rules;

/// <summary>Lock balance.</summary>
public class FENCE016Tests
{
    [Fact]
    public Task Reports_a_lock_kept_on_one_path() => Verify.Async(
        """
        class C
        {
            readonly object _gate = new();

            void Run(bool stop)
            {
                {|#0:Monitor.Enter(_gate)|};
                if (stop)
                    return;
                Monitor.Exit(_gate);
            }
        }
        """,
        Verify.At0("FENCE016", "C._gate").WithProperty("lockClass", "C._gate"));

    [Fact]
    public Task Silent_with_finally_and_with_a_tested_flag() => Verify.Async(
        """
        class C
        {
            readonly object _gate = new();

            void Run(bool stop)
            {
                Monitor.Enter(_gate);
                try
                {
                    if (stop)
                        return;
                }
                finally
                {
                    Monitor.Exit(_gate);
                }
            }

            void Flag()
            {
                bool taken = false;
                try
                {
                    Monitor.Enter(_gate, ref taken);
                }
                finally
                {
                    if (taken)
                        Monitor.Exit(_gate);
                }
            }
        }
        """);

    [Fact]
    public Task Reports_a_release_of_what_is_not_held() => Verify.Async(
        """
        class C
        {
            readonly object _gate = new();

            void Run()
            {
                Monitor.Enter(_gate);
                Monitor.Exit(_gate);
                {|FENCE016:Monitor.Exit(_gate)|};
            }
        }
        """);

    [Fact]
    public Task Reports_a_guard_that_is_dropped() => Verify.Async(
        """
        class C
        {
            readonly KMutex _gate = new();

            void Run() => {|FENCE016:_gate.Lock()|};
        }
        """);

    [Fact]
    public Task Silent_on_a_guard_that_is_handed_on() => Verify.Async(
        """
        class C
        {
            readonly KMutex _gate = new();

            KMutex.Held Open() => _gate.Lock();

            void Run()
            {
                using var held = Open();
            }
        }
        """);

    [Fact]
    public Task Reports_a_requirement_that_is_not_met() => Verify.Async(
        """
        class C
        {
            readonly object _gate = new();

            [RequiresLock("_gate")]
            void Insert() { }

            void Right()
            {
                lock (_gate)
                    Insert();
            }

            [RequiresLock("_gate")]
            void AlsoRight() => Insert();

            void Wrong() => {|#0:Insert()|};
        }
        """,
        Verify.At0("FENCE016", "C._gate"));

    [Fact]
    public Task Silent_on_a_declared_take_and_give() => Verify.Async(
        """
        class C
        {
            readonly object _gate = new();

            [AcquiresLock("_gate")] void Take() => Monitor.Enter(_gate);

            [ReleasesLock("_gate")] void Give() => Monitor.Exit(_gate);

            void Run()
            {
                Take();
                Give();
            }
        }
        """);

    [Fact]
    public Task Reports_a_region_that_never_ends() => Verify.Async(
        """
        class C
        {
            void Run()
            {
                {|FENCE016:Fence.BeginSignalling()|};
            }
        }
        """);

    [Fact]
    public Task Silent_on_a_guard_that_a_created_object_stores() => Verify.Async(
        """
        readonly ref struct Session
        {
            readonly C _owner;
            readonly KMutex.Held _held;

            public Session(C owner, KMutex.Held held)
            {
                _owner = owner;
                _held = held;
            }

            public void Dispose() => _held.Dispose();
        }

        class C
        {
            readonly KMutex _lock = new();

            Session Open() => new(this, _lock.Lock());

            void Run()
            {
                using var session = Open();
            }
        }
        """);

    [Fact]
    public Task Silent_on_a_lock_statement_inside_a_try() => Verify.Async(
        """
        class C
        {
            readonly object _gate = new();
            int _n;

            void Run(int n)
            {
                try
                {
                    lock (_gate)
                    {
                        if (n < 0)
                            throw new ArgumentOutOfRangeException(nameof(n));
                        _n += n;
                    }
                }
                catch (ArgumentOutOfRangeException)
                {
                    _n = 0;
                }
            }
        }
        """);

    [Fact]
    public Task Reports_an_enter_that_the_catch_does_not_undo() => Verify.Async(
        """
        class C
        {
            readonly object _gate = new();
            int _n;

            void Run(int n)
            {
                try
                {
                    {|FENCE016:Monitor.Enter(_gate)|};
                    if (n < 0)
                        throw new ArgumentOutOfRangeException(nameof(n));
                    Monitor.Exit(_gate);
                }
                catch (ArgumentOutOfRangeException)
                {
                    _n = 0;
                }
            }
        }
        """);

    [Fact]
    public Task Silent_on_a_guard_that_is_taken_on_one_branch() => Verify.Async(
        """
        class C
        {
            readonly KMutex _gate = new();
            int _n;

            void Run(bool shared)
            {
                using (shared ? _gate.Lock() : default)
                    _n++;
            }
        }
        """);

    [Theory]
    [InlineData("EnterReadLock", "ExitReadLock", true)]
    [InlineData("EnterWriteLock", "ExitWriteLock", true)]
    [InlineData("EnterUpgradeableReadLock", "ExitUpgradeableReadLock", true)]
    [InlineData("EnterReadLock", "ExitWriteLock", false)]
    [InlineData("EnterWriteLock", "ExitReadLock", false)]
    [InlineData("EnterUpgradeableReadLock", "ExitReadLock", false)]
    public Task A_reader_writer_lock_is_given_back_as_it_was_taken(string enter, string exit, bool fits) => Verify.Async(
        $$"""
        class C
        {
            readonly ReaderWriterLockSlim _lock = new();

            void Run()
            {
                {{(fits ? $"_lock.{enter}()" : $"{{|FENCE016:_lock.{enter}()|}}")}};
                try { }
                finally { {{(fits ? $"_lock.{exit}()" : $"{{|FENCE016:_lock.{exit}()|}}")}}; }
            }
        }
        """);

    [Fact]
    public Task Silent_where_the_mode_is_chosen_by_a_flag_both_times() => Verify.Async(
        """
        class C
        {
            readonly ReaderWriterLockSlim _lock = new();

            void Run(bool write)
            {
                if (write) _lock.EnterWriteLock(); else _lock.EnterReadLock();
                if (write) _lock.ExitWriteLock(); else _lock.ExitReadLock();
            }
        }
        """);

    /// <summary>A property that returns a field is that field's class, in annotations too.</summary>
    [Theory]
    [InlineData("lock (_gate) Insert();")]
    [InlineData("lock (Gate) Insert();")]
    [InlineData("lock (_store.Gate) _store.Put();")]
    [InlineData("TakeGate(); Insert(); Monitor.Exit(_gate);")]
    [InlineData("lock (_other) {|FENCE016:Insert()|};")]
    [InlineData("lock (_gate) {|FENCE016:_store.Put()|};")]
    public Task A_requirement_names_the_lock_behind_a_property(string body) => Verify.Async(
        $$"""
        interface IStore
        {
            object Gate { get; }
            [RequiresLock("Gate")] void Put();
        }

        sealed class Store : IStore
        {
            readonly object _own = new();
            public object Gate => _own;
            public void Put() { }
        }

        class C
        {
            readonly object _gate = new(), _other = new();
            readonly IStore _store = new Store();

            object Gate => _gate;

            [AcquiresLock("Gate")] void TakeGate() => Monitor.Enter(_gate);

            [RequiresLock("Gate")] void Insert() { }

            void Run() { {{body}} }
        }
        """);

    [Theory]
    [InlineData("if (Monitor.TryEnter(_gate) is var ok && ok) Monitor.Exit(_gate);")]
    [InlineData("bool ok = Monitor.TryEnter(_gate) is true; if (ok) Monitor.Exit(_gate);")]
    [InlineData("bool failed = Monitor.TryEnter(_gate) is not true; if (!failed) Monitor.Exit(_gate);")]
    [InlineData("if ({|FENCE016:Monitor.TryEnter(_gate)|} is var ok && !ok) {|FENCE016:Monitor.Exit(_gate)|};")]
    public Task Follows_the_result_of_a_try_through_patterns(string body) => Verify.Async(
        $$"""
        class C
        {
            readonly object _gate = new();

            void Run() { {{body}} }
        }
        """);

    /// <summary>Hand over hand: of the locks that the variable may be, one is held, and that one is given back.</summary>
    [Theory]
    [InlineData("Monitor.Enter(p.Gate); while (p.Next != null) { var n = p.Next; {|FENCE005:Monitor.Enter(n.Gate)|}; Monitor.Exit(p.Gate); p = n; } Monitor.Exit(p.Gate);")]
    [InlineData("Monitor.Enter(p.Gate); try { while (p.Next != null) { var n = p.Next; {|FENCE005:Monitor.Enter(n.Gate)|}; Monitor.Exit(p.Gate); p = n; } } finally { Monitor.Exit(p.Gate); }")]
    [InlineData("if (p.Next == null) Monitor.Enter(p.Gate); else { p = p.Next; Monitor.Enter(p.Gate); } Monitor.Exit(p.Gate);")]
    [InlineData("{|FENCE016:Monitor.Enter(p.Gate)|}; while (p.Next != null) { var n = p.Next; {|FENCE016:{|FENCE005:Monitor.Enter(n.Gate)|}|}; Monitor.Exit(p.Gate); p = n; }")]
    [InlineData("{|FENCE016:Monitor.Enter(p.Gate)|}; while (p.Next != null) { var n = p.Next; {|FENCE016:{|FENCE005:Monitor.Enter(n.Gate)|}|}; p = n; } Monitor.Exit(p.Gate);")]
    public Task Follows_a_walk_hand_over_hand(string body) => Verify.Async(
        $$"""
        sealed class Item
        {
            public readonly object Gate = new();
            public Item Next;
        }

        class C
        {
            readonly Item _first = new();

            void Run() { var p = _first; {{body}} }
        }
        """);

    [Fact]
    public Task Missed_what_a_disposal_by_using_leaves_held_where_no_lock_is_mentioned() => Verify.Async(
        """
        class Log
        {
            static readonly object s_gate = new();

            struct Scope : IDisposable
            {
                public void Dispose() => {|FENCE016:Monitor.Enter(s_gate)|};
            }

            // FENCE016 as well, as in Called: a body that mentions neither the lock nor the name of the member is not read.
            void Used()
            {
                using (new Scope())
                {
                }
            }

            void Called() => {|FENCE016:new Scope().Dispose()|};
        }
        """);
}
