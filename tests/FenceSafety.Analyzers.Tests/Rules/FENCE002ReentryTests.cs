namespace FenceSafety.Analyzers.Tests.Rules;

/// <summary>A lock that the same thread holds already, taken again.</summary>
public class FENCE002ReentryTests
{
    [Fact]
    public Task Reports_a_lock_that_is_re_entered_once_where_it_is_taken_first() => Verify.Async(
        """
        class C
        {
            readonly object _lock = new();

            void Refill()
            {
                lock (_lock)
                    {|FENCE004:Kmem.Get()|};
            }

            [FenceCritical]
            void Run()
            {
                lock ({|FENCE002:_lock|})
                {
                    lock (_lock) { }
                    Inner();
                }
            }

            void Inner()
            {
                lock (_lock) { }
            }
        }
        """);

    [Fact]
    public Task Silent_on_a_lock_that_is_re_entered_inside_a_region() => Verify.Async(
        """
        class C
        {
            readonly object _lock = new();

            void Refill()
            {
                lock (_lock)
                    Kmem.Get();
            }

            void Run()
            {
                lock (_lock)
                {
                    using (Fence.BeginSignalling())
                    {
                        lock (_lock) { }
                    }
                }
            }
        }
        """);

    [Fact]
    public Task Reports_another_instance_inside_a_region() => Verify.Async(
        """
        class C
        {
            readonly object _lock = new();

            void Refill()
            {
                lock (_lock)
                    {|FENCE004:Kmem.Get()|};
            }

            void Run(C other)
            {
                lock (_lock)
                {
                    using (Fence.BeginSignalling())
                    {
                        lock ({|FENCE002:{|FENCE005:other._lock|}|}) { }
                    }
                }
            }
        }
        """);
}
