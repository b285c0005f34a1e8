namespace FenceSafety.Analyzers.Tests.Rules;

/// <summary>Waits in fence-critical code.</summary>
public class FENCE003Tests
{
    [Fact]
    public Task Reports_a_fence_wait_behind_calls() => Verify.Async(
        """
        class C
        {
            void A(Fence fence) => B(fence);

            void B(Fence fence) => fence.Wait();

            [FenceCritical]
            void Run(Fence fence) => {|#0:A(fence)|};
        }
        """,
        Verify.At0("FENCE003", "Fence.Wait", "C.Run → C.A → C.B → Fence.Wait"));

    [Fact]
    public Task Silent_on_asking_and_signalling() => Verify.Async(
        """
        class C
        {
            [FenceCritical]
            bool Run(Fence fence)
            {
                fence.Signal();
                return fence.IsSignalled;
            }
        }
        """);

    [Fact]
    public Task Silent_outside_critical_code() => Verify.Async(
        """
        class C
        {
            void Submit(Fence fence)
            {
                fence.Wait();
                Run();
            }

            [FenceCritical]
            void Run() { }
        }
        """);

    [Fact]
    public Task Reports_waits_of_the_framework() => Verify.Async(
        """
        class C
        {
            [FenceCritical]
            void Run(Task task, Task<int> number, Thread thread, ManualResetEventSlim e, WaitHandle handle)
            {
                {|FENCE003:task.Wait()|};
                _ = {|FENCE003:number.Result|};
                {|FENCE003:thread.Join()|};
                {|FENCE003:Thread.Sleep(1)|};
                {|FENCE003:e.Wait()|};
            }
        }
        """);

    [Fact]
    public Task Silent_on_a_lock_held_over_such_a_wait() => Verify.Async(
        """
        class C
        {
            readonly object _gate = new();

            void Stop(Thread worker)
            {
                lock (_gate)
                    worker.Join();
            }

            [FenceCritical]
            void Run()
            {
                lock (_gate) { }
            }
        }
        """);

    [Fact]
    public Task Reports_in_a_region_only() => Verify.Async(
        """
        class C
        {
            void Run(Fence fence)
            {
                fence.Wait();
                using (Fence.BeginSignalling())
                    {|FENCE003:fence.Wait()|};
                fence.Wait();
            }
        }
        """);

    [Fact]
    public Task Reports_a_delegate_type_that_waits() => Verify.Async(
        """
        [WaitsForFence] delegate void Waiter();

        class C
        {
            [FenceCritical]
            void Run(Waiter wait) => {|FENCE003:wait()|};
        }
        """);

    [Fact]
    public Task Reports_what_an_annotation_file_declares() => new FenceTest(
        """
        class Vendor
        {
            public static void Drain(int ms) { }

            public static void Drain() { }
        }

        class C
        {
            [FenceCritical]
            void Run()
            {
                {|FENCE003:Vendor.Drain(5)|};
                Vendor.Drain();
            }
        }
        """).WithAnnotations("M:Vendor.Drain(System.Int32); WaitsForFence").RunAsync();

    [Fact]
    public Task Reports_the_wait_of_a_monitor() => Verify.Async(
        """
        class C
        {
            readonly object _gate = new();

            [FenceCritical]
            void Run()
            {
                lock (_gate)
                    {|#0:Monitor.Wait(_gate)|};
            }
        }
        """,
        Verify.At0("FENCE003", "Monitor.Wait"));

    [Fact]
    public Task Silent_on_the_pulse_of_a_monitor() => Verify.Async(
        """
        class C
        {
            readonly object _gate = new();

            [FenceCritical]
            void Run()
            {
                lock (_gate)
                    Monitor.PulseAll(_gate);
            }
        }
        """);
}
