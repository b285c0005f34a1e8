namespace FenceSafety.Analyzers.Tests.Rules;

/// <summary>Which class a lock has that was not named where it is taken.</summary>
public class FENCE002LockClassTests
{
    [Fact]
    public Task Reports_a_lock_of_the_framework_in_nullable_code() => Verify.Async(
        """
        #nullable enable
        class C
        {
            readonly Lock _gate = new();

            void Refill()
            {
                lock (_gate)
                    {|FENCE004:Kmem.Get()|};
            }

            [FenceCritical]
            void Run()
            {
                lock ({|#0:_gate|}) { }
            }
        }
        """,
        Verify.At0("FENCE002", "C._gate"));

    [Fact]
    public Task Reports_an_element_of_a_list_as_the_list() => Verify.Async(
        """
        class C
        {
            readonly List<object> _gates = new();

            void Refill()
            {
                lock (_gates[0])
                    {|FENCE004:Kmem.Get()|};
            }

            [FenceCritical]
            void Run(int i)
            {
                lock ({|#0:_gates[i]|}) { }
            }
        }
        """,
        Verify.At0("FENCE002", "C._gates"));

    [Fact]
    public Task Reports_a_lock_that_two_constructors_pass_on() => Verify.Async(
        """
        class Ring
        {
            readonly object _gate;

            public Ring(object gate) { _gate = gate; }

            public void Kick()
            {
                lock (_gate) { }
            }
        }

        class Channel
        {
            readonly Ring _ring;

            public Channel(object gate) { _ring = new Ring(gate); }

            [FenceCritical]
            public void Run() => {|#0:_ring.Kick()|};
        }

        class Device
        {
            readonly object _gate = new();
            readonly Channel _channel;

            Device() { _channel = new Channel(_gate); }

            void Refill()
            {
                lock (_gate)
                    {|FENCE004:Kmem.Get()|};
            }
        }
        """,
        Verify.At0("FENCE002", "Device._gate"));

    [Fact]
    public Task Reports_a_lock_that_the_base_constructor_gets() => Verify.Async(
        """
        abstract class Ring
        {
            readonly object _gate;

            protected Ring(object gate) { _gate = gate; }

            [FenceCritical]
            public void Kick()
            {
                lock ({|#0:_gate|}) { }
            }
        }

        sealed class CopyRing : Ring
        {
            public CopyRing(object gate) : base(gate) { }
        }

        class Device
        {
            readonly object _gate = new();
            readonly Ring _ring;

            Device() { _ring = new CopyRing(_gate); }

            void Refill()
            {
                lock (_gate)
                    {|FENCE004:Kmem.Get()|};
            }
        }
        """,
        Verify.At0("FENCE002", "Device._gate"));

    [Fact]
    public Task Silent_when_a_constructor_is_given_another_lock() => Verify.Async(
        """
        abstract class Ring
        {
            readonly object _gate;

            protected Ring(object gate) { _gate = gate; }

            [FenceCritical]
            public void Kick()
            {
                lock (_gate) { }
            }
        }

        sealed class CopyRing : Ring
        {
            public CopyRing(object gate) : base(gate) { }
        }

        class Device
        {
            readonly object _gate = new(), _pool = new();
            readonly Ring _ring;

            Device() { _ring = new CopyRing(_gate); }

            void Refill()
            {
                lock (_pool)
                    Kmem.Get();
            }
        }
        """);

    [Fact]
    public Task Reports_a_lock_that_comes_out_of_a_tuple() => Verify.Async(
        """
        class C
        {
            readonly object _gate = new();

            void Refill()
            {
                var (gate, _) = (_gate, 1);
                lock (gate)
                    {|FENCE004:Kmem.Get()|};
            }

            [FenceCritical]
            void Run()
            {
                lock ({|#0:_gate|}) { }
            }
        }
        """,
        Verify.At0("FENCE002", "C._gate"));

    [Fact]
    public Task Missed_a_lock_that_is_an_element_of_a_tuple() => Verify.Async(
        """
        class C
        {
            readonly object _gate = new();

            void Refill()
            {
                var pair = (Gate: _gate, Count: 1);
                lock (pair.Gate)
                    Kmem.Get();
            }

            [FenceCritical]
            void Run()
            {
                lock (_gate) { }
            }
        }
        """);

    [Fact]
    public Task Missed_a_lock_written_to_an_element_of_a_tuple() => Verify.Async(
        """
        class C
        {
            readonly object _gate = new();

            void Refill()
            {
                (object Gate, int Count) pair = default;
                pair.Item1 = _gate;
                lock (pair.Gate)
                    Kmem.Get();
            }

            [FenceCritical]
            void Run()
            {
                lock (_gate) { }
            }
        }
        """);

    [Fact]
    public Task FalsePositive_a_constrained_member_returns_the_locks_of_all_implementations() => Verify.Async(
        """
        interface IShared
        {
            object Sync { get; }
        }

        struct Quiet : IShared
        {
            public static readonly object Gate = new();

            public object Sync => Gate;
        }

        struct Busy : IShared
        {
            public static readonly object Gate = new();

            public object Sync => Gate;
        }

        class C
        {
            static void Touch<T>(T shared) where T : struct, IShared
            {
                lock (shared.Sync) { }
            }

            void Refill()
            {
                lock (Busy.Gate)
                    {|FENCE004:Kmem.Get()|};
            }

            [FenceCritical]
            void Run(Quiet quiet) => {|#0:Touch(quiet)|};
        }
        """,
        Verify.At0("FENCE002", "Busy.Gate"));

    /// <summary>A lock that an expression chooses is each of those, and <c>this</c> may be one.</summary>
    [Theory]
    [InlineData("lock ({|FENCE002:n switch { 1 => _gate, _ => this }|}) { }")]
    [InlineData("lock ({|FENCE002:n > 1 ? this : _gate|}) { }")]
    [InlineData("lock ({|FENCE002:_gate ?? this|}) { }")]
    [InlineData("lock (n > 1 ? this : _other) { }")]
    public Task Follows_a_lock_that_is_chosen(string statement) => Verify.Async(
        $$"""
        class C
        {
            readonly object _gate = new(), _other = new();

            [FenceCritical]
            void Run(int n) { {{statement}} }

            void Grow()
            {
                lock (_gate)
                    {{(statement.Contains("_gate", StringComparison.Ordinal) ? "{|FENCE004:Kmem.Get()|}" : "Kmem.Get()")}};
            }
        }
        """);
}
