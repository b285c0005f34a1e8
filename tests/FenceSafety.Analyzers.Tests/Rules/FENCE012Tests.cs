namespace FenceSafety.Analyzers.Tests.Rules;

/// <summary>Visible members that allocate and do not say so; off by default.</summary>
public class FENCE012Tests
{
    static FenceTest Enabled(string code) => new(code) { EnabledDiagnostics = { "FENCE012" } };

    [Fact]
    public Task Reports_a_visible_member_at_its_name() => Enabled(
        """
        public class Slabs
        {
            public object {|#0:Refill|}() => Take();

            object Take() => Kmem.Get();
        }
        """)
        .Expecting(Verify.At0("FENCE012", "Slabs.Refill → Slabs.Take → Kmem.Get", "[MayAllocate]"))
        .RunAsync();

    [Fact]
    public Task Silent_on_a_member_that_says_so() => Enabled(
        """
        public class Slabs
        {
            [MayAllocate]
            public object Refill() => Kmem.Get();
        }
        """).RunAsync();

    [Fact]
    public Task Reports_a_caller_of_a_member_that_says_so() => Enabled(
        """
        public class Slabs
        {
            [MayAllocate]
            public object Refill() => Kmem.Get();

            protected object {|FENCE012:Grow|}() => Refill();
        }
        """).RunAsync();

    [Fact]
    public Task Reports_constructors_operators_and_properties() => Enabled(
        """
        public class Slabs
        {
            public {|FENCE012:Slabs|}() { Kmem.Get(); }

            public static Slabs operator {|FENCE012:+|}(Slabs left, Slabs right)
            {
                Kmem.Get();
                return left;
            }

            public object {|FENCE012:First|} => Kmem.Get();
        }
        """).RunAsync();

    [Fact]
    public Task Silent_on_what_other_assemblies_cannot_see() => Enabled(
        """
        public class Slabs
        {
            internal object Refill() => Kmem.Get();

            private protected object Grow() => Kmem.Get();

            class Nested
            {
                public object Refill() => Kmem.Get();
            }
        }

        class Hidden
        {
            public object Refill() => Kmem.Get();
        }
        """).RunAsync();

    [Fact]
    public Task Silent_on_allocations_that_cannot_block() => Enabled(
        """
        public class Slabs
        {
            public object Urgent() => Kmem.Get(Gfp.High);

            public object Managed() => new();
        }
        """).RunAsync();

    [Fact]
    public Task Reports_when_the_configuration_switches_it_on() => new FenceTest(
        """
        public class Slabs
        {
            public object {|FENCE012:Refill|}() => Kmem.Get();
        }
        """).WithOption("dotnet_diagnostic.FENCE012.severity", "warning").RunAsync();

    [Fact]
    public Task Silent_by_default() => Verify.Async(
        """
        public class Slabs
        {
            public object Refill() => Kmem.Get();
        }
        """);
}
