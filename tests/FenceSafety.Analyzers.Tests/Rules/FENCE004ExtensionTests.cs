namespace FenceSafety.Analyzers.Tests.Rules;

/// <summary>Members of extension blocks: what is extended is their receiver, as a lock, a guard's lock, a delegate, or flags.</summary>
public class FENCE004ExtensionTests
{
    [Theory]
    [InlineData("using (_gate.Hold()) {|FENCE004:Kmem.Get()|}; Kmem.Get();")]
    [InlineData("using (_free.Hold()) Kmem.Get();")]
    [InlineData("_gate.Under(static () => Kmem.Get());")]
    [InlineData("_free.Under(static () => { });")]
    [InlineData("lock (_gate.Itself) {|FENCE004:Kmem.Get()|};")]
    [InlineData("lock (_free.Itself) Kmem.Get();")]
    [InlineData("_gate.Take(); {|FENCE004:Kmem.Get()|}; _gate.Give(); Kmem.Get();")]
    [InlineData("{|FENCE016:_gate.Hold()|};")]
    public Task Follows_the_lock_that_is_extended(string body) => Verify.Async(
        $$"""
        class C
        {
            [FenceSafeLock] readonly object _gate = new();
            readonly object _free = new();

            void Run() { {{body}} }
        }

        static class Extensions
        {
            extension(object gate)
            {
                public Held Hold() => new(gate);
                public object Itself => gate;
                [AcquiresLock("gate")] public void Take() => Monitor.Enter(gate);
                [ReleasesLock("gate")] public void Give() => Monitor.Exit(gate);
                public void Under(Action work) { lock (gate) {{(body.Contains("_gate.Under", StringComparison.Ordinal) ? "{|FENCE004:work()|}" : "work()")}}; }
            }
        }

        sealed class Held : IDisposable
        {
            readonly object _gate;
            public Held(object gate) { _gate = gate; Monitor.Enter(gate); }
            public void Dispose() => Monitor.Exit(_gate);
        }
        """);

    [Theory]
    [InlineData("Action a = static () => Kmem.Get(); {|FENCE001:a.Go()|};")]
    [InlineData("Action a = static () => { }; a.Go();")]
    [InlineData("{|FENCE001:Gfp.Kernel.Get()|};")]
    [InlineData("Gfp.High.Get();")]
    public Task Follows_a_delegate_and_flags_that_are_extended(string body) => Verify.Async(
        $$"""
        class C
        {
            [FenceCritical]
            void Run() { {{body}} }
        }

        static class Extensions
        {
            extension(Action action) { public void Go() => action(); }
            extension(Gfp gfp) { public object Get() => Kmem.Get(gfp); }
        }
        """);
}
