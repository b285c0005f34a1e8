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
        Verify.At0("FENCE016", "C._gate"));

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
}
