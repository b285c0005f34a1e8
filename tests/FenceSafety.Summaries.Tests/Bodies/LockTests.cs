using Microsoft.CodeAnalysis;

namespace FenceSafety.Summaries.Tests.Bodies;

/// <summary>Locks in IL: what is held where.</summary>
public class LockTests
{
    const string Fields = "public readonly object L = new(); readonly Lock M = new(); readonly SemaphoreSlim S = new(1); readonly ReaderWriterLockSlim R = new(); SpinLock _spin;";

    /// <summary>Critical code takes the lock; the rest of the class may allocate under it, or not.</summary>
    static string Class(string body, string taken = "lock (L) { }") =>
        "class C { " + Fields + " [FenceCritical] public void Run() { " + taken + " } public void Work(bool b) { " + body + " } }";

    const string Tainted = "FENCE004 C.Work(System.Boolean)";
    const string Acquired = "FENCE002 C.Run";

    [Theory]
    [InlineData("lock (L) Heap.Get();")]
    [InlineData("Monitor.Enter(L); try { Heap.Get(); } finally { Monitor.Exit(L); }")]
    [InlineData("bool taken = false; try { Monitor.Enter(L, ref taken); Heap.Get(); } finally { if (taken) Monitor.Exit(L); }")]
    [InlineData("if (Monitor.TryEnter(L)) { Heap.Get(); Monitor.Exit(L); }")]
    [InlineData("lock (L) { if (b) return; Heap.Get(); }")]
    [InlineData("lock (L) { try { b = !b; } finally { Heap.Get(); } }")]
    [InlineData("lock (L) { Action a = () => { if (b) Heap.Get(); }; a(); }")]
    [InlineData("var l = L; lock (l) { Heap.Get(); }")]
    [InlineData("lock (b ? L : new object()) { Heap.Get(); }")]
    public void Held_while_allocating(string body) => Il.Expect(Class(body), Tainted, Acquired);

    [Theory]
    [InlineData("lock (L) { } Heap.Get();")]
    [InlineData("Monitor.Enter(L); try { } finally { Monitor.Exit(L); } Heap.Get();")]
    [InlineData("bool taken = false; try { Monitor.Enter(L, ref taken); } finally { if (taken) Monitor.Exit(L); } Heap.Get();")]
    [InlineData("if (!Monitor.TryEnter(L)) { Heap.Get(); return; } Monitor.Exit(L);")]
    [InlineData("lock (L) { if (b) throw new Exception(); } Heap.Get();")]
    [InlineData("lock (L) { Action a = () => Heap.Get(); GC.KeepAlive(a); }")]
    public void Released_before_allocating(string body) => Il.Expect(Class(body));

    [Theory]
    [InlineData("lock (M) Heap.Get();", "lock (M) { }")]
    [InlineData("using (M.EnterScope()) Heap.Get();", "lock (M) { }")]
    [InlineData("S.Wait(); Heap.Get(); S.Release();", "S.Wait(); S.Release();")]
    [InlineData("R.EnterWriteLock(); Heap.Get(); R.ExitWriteLock();", "R.EnterReadLock(); R.ExitReadLock();")]
    [InlineData("lock (typeof(C)) Heap.Get();", "lock (typeof(C)) { }")]
    [InlineData("lock (this) Heap.Get();", "lock (this) { }")]
    public void Known_lock_APIs(string body, string taken) => Il.Expect(Class(body, taken), Tainted, Acquired);

    /// <summary>Unknown until the differential tests found it: the address is on the stack while the value is decided.</summary>
    [Fact]
    public void An_out_parameter_takes_either_of_two_locks() =>
        Il.Expect(
            """
            class C
            {
                static readonly object s_a = new(), s_b = new();
                static bool s_bit;
                static void Pick(out object gate) => gate = s_bit ? s_a : s_b;
                internal static void Run()
                {
                    Pick(out object gate);
                    lock (gate) { Heap.Get(); }
                }
                [FenceCritical] internal static void Critical() { lock (s_b) { } }
            }
            """,
            "FENCE002 C.Critical", "FENCE004 C.Run");

    /// <summary>Missed until the differential tests found it: what a collection hands out through a parameter is an element of it.</summary>
    [Fact]
    public void A_lock_that_a_dictionary_gives_out_is_of_its_class() =>
        Il.Expect(
            """
            class C
            {
                static readonly Dictionary<int, object> s_map = new();
                internal static void Run()
                {
                    if (s_map.TryGetValue(1, out object gate))
                    {
                        lock (gate) { Heap.Get(); }
                    }
                }
                [FenceCritical] internal static void Critical() { lock (s_map[0]) { } }
            }
            """,
            "FENCE002 C.Critical", "FENCE004 C.Run");

    [Fact]
    public void A_lock_that_another_dictionary_gives_out_is_not() =>
        Il.Expect(
            """
            class C
            {
                static readonly Dictionary<int, object> s_map = new(), s_other = new();
                internal static void Run()
                {
                    if (s_other.TryGetValue(1, out object gate))
                    {
                        lock (gate) { Heap.Get(); }
                    }
                }
                [FenceCritical] internal static void Critical() { lock (s_map[0]) { } }
            }
            """);

    [Fact]
    public void A_spin_lock_forbids_to_block() =>
        Il.Expect(
            Class("bool t = false; _spin.Enter(ref t); Heap.Get(); _spin.Exit();"), "FENCE006 C.Work(System.Boolean)");

    [Fact]
    public void A_lock_is_held_across_await() =>
        Il.Expect(
            """
            class C
            {
                readonly SemaphoreSlim S = new(1);
                [FenceCritical] public void Run() { S.Wait(); S.Release(); }
                public async Task Work(Task t) { await S.WaitAsync(); try { await t; Heap.Get(); } finally { S.Release(); } }
                public async Task Fine(Task t) { await S.WaitAsync(); try { await Task.CompletedTask; } finally { S.Release(); } Heap.Get(); }
            }
            """,
            "FENCE002 C.Run", "FENCE004 C.Work(System.Threading.Tasks.Task)");

    [Fact]
    public void A_lock_that_a_closure_captures_is_the_field() =>
        Il.Expect(
            """
            class C
            {
                public readonly object L = new();
                [FenceCritical] public void Run() { lock (L) { } }
                public void Work(int n)
                {
                    var l = L;
                    void Local() { lock (l) { Heap.Get(); n++; } }
                    Action a = () => { lock (l) Heap.Get(); };
                    Local();
                    a();
                }
            }
            """,
            "FENCE002 C.Run", "FENCE004 C.<>c__DisplayClass2_0.<Work>b__1", "FENCE004 C.<>c__DisplayClass2_0.<Work>g__Local|0");

    [Fact]
    public void A_wrapper_is_followed()
    {
        Il.Expect(
            """
            class C
            {
                public readonly object L = new();
                [FenceCritical] public void Run() { lock (L) { } }
                bool Take() { if (Monitor.TryEnter(L)) return true; return false; }
                void Give() { Monitor.Exit(L); }
                public void Work() { if (Take()) { Heap.Get(); Give(); } }
                public void Fine() { if (!Take()) Heap.Get(); else Give(); }
            }
            """,
            "FENCE002 C.Run", "FENCE004 C.Work", "FENCE016 C.Give", "FENCE016 C.Take");
    }

    [Theory]
    [InlineData("Hot h = () => { lock (L) { } }; h();")]
    [InlineData("Call(() => { lock (L) { } });")]
    [InlineData("Call(static () => { lock (S) { } });")]
    [InlineData("int n = 1; Call(() => { lock (L) Use(n); });")]
    public void A_lambda_that_becomes_a_critical_delegate_is_critical(string body)
    {
        string code = $$"""
            [FenceCritical] delegate void Hot();
            class C
            {
                readonly object L = new();
                static readonly object S = new();
                static void Call([FenceCritical] Action a) => a();
                static void Use(int n) { }
                public void Register() { {{body}} }
                public void Work() { lock (L) Heap.Get(); lock (S) Heap.Get(); }
            }
            """;
        foreach (var level in new[] { OptimizationLevel.Release, OptimizationLevel.Debug })
        {
            string[] rules = [.. Il.Findings(code, level).Select(static f => f.Split(' ')[0])];
            Assert.Equal(["FENCE002", "FENCE004"], rules.Distinct());
        }
    }

    [Fact]
    public void A_lambda_that_becomes_another_delegate_is_not() =>
        Il.Expect(
            """
            class C
            {
                readonly object L = new();
                static void Call(Action a) => a();
                public void Register() => Call(() => { lock (L) { } });
                public void Work() { lock (L) Heap.Get(); }
            }
            """);

    [Fact]
    public void A_synchronized_method_holds_its_object() =>
        Il.Expect(
            """
            class C
            {
                [FenceCritical] public void Run() { lock (this) { } }
                [MethodImpl(MethodImplOptions.Synchronized)] public void Work() => Heap.Get();
            }
            """,
            "FENCE002 C.Run", "FENCE004 C.Work");

    [Fact]
    public void A_declared_guard_is_held_until_it_is_disposed() =>
        Il.Expect(
            """
            [LockPrimitive(LockKind.Sleeping)] class Mutex2
            {
                [AcquiresLock] public Guard Take() => new(this);
                public readonly ref struct Guard(Mutex2 owner) { [ReleasesLock] public void Dispose() => GC.KeepAlive(owner); }
            }
            class C
            {
                readonly Mutex2 M = new();
                [FenceCritical] public void Run() { using var g = M.Take(); }
                public void Work() { using (M.Take()) Heap.Get(); }
                public void Fine() { using (M.Take()) { } Heap.Get(); }
            }
            """,
            "FENCE002 C.Run", "FENCE004 C.Work");

    [Fact]
    public void A_lock_that_arrives_through_a_constructor_is_named_by_its_maker() =>
        Il.Expect(
            """
            class Holder { readonly object _l; public Holder(object l) { _l = l ?? throw new ArgumentNullException(nameof(l)); } public void Work() { lock (_l) Heap.Get(); } }
            class C
            {
                public readonly object L = new();
                readonly Holder H;
                public C() { H = new Holder(L); }
                [FenceCritical] public void Run() { lock (L) { } }
            }
            """,
            "FENCE002 C.Run", "FENCE004 Holder.Work");
}
