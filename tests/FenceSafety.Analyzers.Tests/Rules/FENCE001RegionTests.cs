using FenceSafety.Testing;

namespace FenceSafety.Analyzers.Tests.Rules;

/// <summary>FENCE001 in regions (J), through annotation files, suppression and assemblies (K, L), in size (M).</summary>
public class FENCE001RegionTests
{
    [Fact]
    public Task Reports_inside_a_scope_and_not_around_it() => Verify.Async(
        """
        class C
        {
            void Run()
            {
                Kmem.Get();
                using (Fence.BeginSignalling())
                {
                    {|FENCE001:Kmem.Get()|};
                }

                Kmem.Get();
            }
        }
        """);

    [Fact]
    public Task Reports_between_begin_and_end() => Verify.Async(
        """
        class C
        {
            void Run()
            {
                bool cookie = Fence.Begin();
                try
                {
                    {|FENCE001:Kmem.Get()|};
                }
                finally
                {
                    Fence.End(cookie);
                }

                Kmem.Get();
            }
        }
        """);

    [Fact]
    public Task Reports_after_the_inner_of_two_scopes() => Verify.Async(
        """
        class C
        {
            void Run()
            {
                using (Fence.BeginSignalling())
                {
                    using (Fence.BeginSignalling()) { }

                    {|FENCE001:Kmem.Get()|};
                }
            }
        }
        """);

    [Fact]
    public Task Silent_between_two_iterations() => Verify.Async(
        """
        class C
        {
            void Run()
            {
                for (int i = 0; i < 3; i++)
                {
                    using (Fence.BeginSignalling()) { }

                    Kmem.Get();
                }
            }
        }
        """);

    [Fact]
    public Task Reports_what_an_annotation_file_says() => new FenceTest(
        """
        class Vendor
        {
            public static void Refill() { }

            public static void Kick() => Kmem.Get();
        }

        class C
        {
            [FenceCritical]
            void Run()
            {
                {|FENCE001:Vendor.Refill()|};
                Vendor.Kick();
            }
        }
        """).WithAnnotations(
        """
        # two members of the vendor's code
        M:Vendor.Refill; MayAllocate

        M:Vendor.Kick; AssumeFenceSafe; "writes a doorbell"
        """).RunAsync();

    [Theory]
    [InlineData(ProjectReferenceKind.Compilation)]
    [InlineData(ProjectReferenceKind.MetadataImage)]
    public Task Reports_a_declared_callee_of_another_assembly(ProjectReferenceKind kind) => new FenceTest(
        """
        class C
        {
            [FenceCritical]
            void Run()
            {
                {|FENCE001:Pool.Refill()|};
                Pool.Peek();
            }
        }
        """).WithLibrary(
        """
        public static class Pool
        {
            [MayAllocate]
            public static void Refill() => Kmem.Get();

            [FenceCritical]
            public static void Peek() { }
        }
        """,
        kind).RunAsync();

    [Fact]
    public Task Reports_through_the_source_of_another_project() => new FenceTest(
        """
        class C
        {
            [FenceCritical]
            void Run() => {|#0:Pool.Refill()|};
        }
        """).WithLibrary(
        """
        public static class Pool
        {
            public static void Refill() => Kmem.Get();
        }
        """,
        ProjectReferenceKind.Compilation).Expecting(Verify.At0("FENCE001", "Kmem.Get")).RunAsync();

    [Fact]
    public Task Silent_where_it_is_suppressed() => Verify.Async(
        """
        class C
        {
            [FenceCritical]
            void Run()
            {
        #pragma warning disable FENCE001
                Kmem.Get();
        #pragma warning restore FENCE001
                {|FENCE001:Kmem.Get()|};
            }
        }
        """);

    [Fact]
    public Task Reports_at_the_end_of_a_very_long_chain()
    {
        const int Length = 3_000;
        var methods = string.Concat(Enumerable.Range(0, Length).Select(i => $"void M{i}() => M{i + 1}();\n"));
        return Verify.Async(
            "class C\n{\n" + methods + $"void M{Length}() => Kmem.Get();\n[FenceCritical] void Run() => {{|FENCE001:M0()|}};\n}}");
    }

    [Fact]
    public Task Silent_in_a_long_cycle_that_allocates_nothing()
    {
        const int Length = 1_000;
        var methods = string.Concat(Enumerable.Range(0, Length).Select(i => $"void M{i}(int n) {{ if (n > 0) M{(i + 1) % Length}(n - 1); }}\n"));
        return Verify.Async("class C\n{\n" + methods + "[FenceCritical] void Run() => M0(9);\n}");
    }
}
