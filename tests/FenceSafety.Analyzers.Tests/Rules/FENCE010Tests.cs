using FenceSafety.Testing;

namespace FenceSafety.Analyzers.Tests.Rules;

/// <summary>Annotations that are wrong (K, S).</summary>
public class FENCE010Tests
{
    [Fact]
    public Task Reports_names_that_are_not_there() => Verify.Async(
        """
        class C
        {
            [{|#0:RequiresLock("_gat")|}]
            void Insert() { }

            [{|FENCE010:AcquiresLock("_gat")|}]
            void Take() { }

            [{|FENCE010:MayAllocate(FlagsParameter = "mode")|}]
            void Get(Gfp gfp) { }
        }
        """,
        Verify.At0("FENCE010", "_gat"));

    [Fact]
    public Task Silent_on_names_that_are() => Verify.Async(
        """
        class C
        {
            readonly object _gate = new();

            [RequiresLock("_gate")]
            void Insert() { }

            [AcquiresLock("gate")]
            static void Take(object gate) => Monitor.Enter(gate);

            [MayAllocate(FlagsParameter = "gfp", BlockingFlags = Gfp.Reclaim)]
            void Get(Gfp gfp) { }
        }
        """);

    [Fact]
    public Task Reports_a_blank_reason() => Verify.Async(
        """
        class C
        {
            [{|FENCE010:AssumeFenceSafe("  ")|}]
            void Odd() => Kmem.Get();
        }
        """);

    [Fact]
    public Task Silent_on_a_reason_for_what_has_an_effect() => Verify.Async(
        """
        class C
        {
            [AssumeFenceSafe("runs before any job")]
            void Odd() => Kmem.Get();
        }
        """);

    [Fact]
    public Task Reports_a_pair_that_contradicts_itself() => new FenceTest(
        """
        class C
        {
            [FenceCritical, MayAllocate]
            void Run() { }

            [FenceCritical, MayAllocate]
            void Stop() { }
        }
        """)
        .Expecting(new DiagnosticResult("FENCE010").WithLine(3))
        .Expecting(new DiagnosticResult("FENCE010").WithLine(6))
        .RunAsync();

    [Fact]
    public Task Reports_critical_on_a_parameter_that_is_no_delegate() => Verify.Async(
        """
        class C
        {
            void Run([{|FENCE010:FenceCritical|}] int n, [FenceCritical] Action step) { }
        }
        """);

    [Fact]
    public Task Reports_a_copied_lock() => Verify.Async(
        """
        class C
        {
            SpinLock _lock = new(false);

            void Run()
            {
                var copy = {|FENCE010:_lock|};
                ref var same = ref _lock;
            }
        }
        """);

    [Fact]
    public Task Reports_lines_of_an_annotation_file() => new FenceTest(
        """
        class C
        {
            void Grow() { }

            [FenceCritical]
            void Run() => {|FENCE001:Grow()|};
        }
        """).WithAnnotations(
        """
        # right
        M:C.Grow; MayAllocate
        ?M:Absent.Type.Member; MayAllocate
        M:C.Missing; MayAllocate
        M:C.Run; Sideways
        no line at all
        """)
        .Expecting(new DiagnosticResult("FENCE010").WithLine("Test0.fence.txt", 4).WithMessageContaining("M:C.Missing"))
        .Expecting(new DiagnosticResult("FENCE010").WithLine("Test0.fence.txt", 5).WithMessageContaining("Sideways"))
        .Expecting(new DiagnosticResult("FENCE010").WithLine("Test0.fence.txt", 6))
        .RunAsync();

    [Fact]
    public Task Reports_an_unknown_option_value_without_location() => new FenceTest("class C { }")
        .WithOption("fence_safety.throw_paths", "sometimes")
        .Expecting(new DiagnosticResult("FENCE010").WithNoLocation().WithMessageContaining("sometimes"))
        .RunAsync();

    [Fact]
    public Task Silent_on_an_attribute_of_the_same_short_name() => Verify.Async(
        """
        namespace Other
        {
            class FenceCriticalAttribute : Attribute { }

            class C
            {
                [Other.FenceCritical, MayAllocate]
                void Run() => Kmem.Get();
            }
        }
        """);

    [Fact]
    public Task Reports_a_property_that_an_annotation_does_not_have() => new FenceTest(
        """
        class C
        {
            void Grow() { }
        }
        """).WithAnnotations("M:C.Grow; MayAllocate; Flags = 1")
        .Expecting(new DiagnosticResult("FENCE010").WithLine("Test0.fence.txt", 1).WithMessageContaining("Flags"))
        .RunAsync();

    [Fact]
    public Task Reports_a_file_that_contradicts_an_attribute() => new FenceTest(
        """
        class C
        {
            [FenceCritical]
            void Run() { }
        }
        """).WithAnnotations("M:C.Run; MayAllocate")
        .Expecting(new DiagnosticResult("FENCE010").WithLine("Test0.fence.txt", 1))
        .RunAsync();

    [Fact]
    public Task Silent_on_a_file_that_adds_to_an_attribute() => new FenceTest(
        """
        class C
        {
            [MayAllocate]
            void Run() { }
        }
        """).WithAnnotations("M:C.Run; WaitsForFence").RunAsync();

    [Fact]
    public Task Reports_a_reason_where_there_is_nothing_to_vouch_for() => Verify.Async(
        """
        class C
        {
            int _n;

            [{|#0:AssumeFenceSafe("reviewed")|}]
            void Count() { _n++; Twice(); }

            void Twice() { _n += 2; }
        }
        """,
        Verify.At0("FENCE010", "nothing to vouch for"));

    [Fact]
    public Task Silent_on_a_reason_for_an_effect_or_an_unknown() => Verify.Async(
        """
        class C
        {
            readonly object _gate = new();

            [AssumeFenceSafe("init only")]
            void Grow() => Kmem.Get();

            [AssumeFenceSafe("short")]
            void Take() { lock (_gate) { } }

            [AssumeFenceSafe("reads one register")]
            extern static int Peek();

            [AssumeFenceSafe("calls one register")]
            int Call() => Poke();

            [System.Runtime.InteropServices.DllImport("x")]
            extern static int Poke();
        }
        """);

    [Fact]
    public Task Reports_a_lock_that_is_copied_wherever_its_value_is_taken() => Verify.Async(
        """
        struct Entry
        {
            public SpinLock Lock;
            public int Count;
        }

        class C
        {
            SpinLock _lock;
            SpinLock[] _locks = new SpinLock[3];
            Entry _entry;

            SpinLock Returned() => {|FENCE010:_lock|};

            (SpinLock, int) Tuple() => ({|FENCE010:_lock|}, 1);

            IEnumerable<SpinLock> Yielded() { yield return {|FENCE010:_lock|}; }

            void Run(bool first)
            {
                var element = {|FENCE010:_locks[0]|};
                object boxed = {|FENCE010:_lock|};
                Func<SpinLock> lambda = () => {|FENCE010:_lock|};
                var entry = {|FENCE010:_entry|};
                var one = first ? {|FENCE010:_lock|} : default;
                Pass({|FENCE010:_lock|});
            }

            static void Pass(SpinLock copy) { }
        }
        """);

    [Fact]
    public Task Silent_on_a_lock_that_stays_in_its_place() => Verify.Async(
        """
        struct Entry
        {
            public SpinLock Lock;
            public int Count;
        }

        class C
        {
            SpinLock _lock = new(false);
            Entry _entry;

            ref SpinLock Place() => ref _lock;

            static void Look(in SpinLock place) { }

            static void Change(ref SpinLock place) { }

            void Run()
            {
                _lock = new SpinLock(true);
                Look(in _lock);
                Look(_lock);
                Change(ref _lock);
                bool held = _lock.IsHeld, inner = _entry.Lock.IsHeld;
                int count = _entry.Count;
                string name = nameof(_lock);
            }
        }
        """);
}
