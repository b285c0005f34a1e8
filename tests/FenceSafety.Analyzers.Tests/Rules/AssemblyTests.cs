using FenceSafety.Testing;

namespace FenceSafety.Analyzers.Tests.Rules;

/// <summary>Lock classes and contracts across assemblies, as source and as image (I, L).</summary>
public class AssemblyTests
{
    [Theory]
    [InlineData(ProjectReferenceKind.Compilation)]
    [InlineData(ProjectReferenceKind.MetadataImage)]
    public Task Reports_who_breaks_the_promise_of_a_librarys_lock(ProjectReferenceKind kind) => new FenceTest(
        """
        class C
        {
            void Grow(Ring ring)
            {
                lock (ring.Gate)
                    {|FENCE004:Kmem.Get()|};
            }

            void Right(Ring ring)
            {
                Kmem.Get();
                lock (ring.Gate) { }
            }
        }
        """).WithLibrary(
        """
        public class Ring
        {
            [FenceSafeLock] public readonly object Gate = new();

            [FenceCritical]
            public void Kick()
            {
                lock (Gate) { }
            }
        }
        """,
        kind).RunAsync();

    [Fact]
    public Task Reports_a_lock_that_the_source_of_a_library_taints() => new FenceTest(
        """
        class C
        {
            [FenceCritical]
            void Run(Pool pool)
            {
                lock ({|#0:pool.Gate|}) { }
            }
        }
        """).WithLibrary(
        """
        public class Pool
        {
            public readonly object Gate = new();

            public void Refill()
            {
                lock (Gate)
                    Kmem.Get();
            }
        }
        """,
        ProjectReferenceKind.Compilation).Expecting(Verify.At0("FENCE002", "Pool.Gate", "Kmem.Get")).RunAsync();

    [Theory]
    [InlineData(ProjectReferenceKind.Compilation)]
    [InlineData(ProjectReferenceKind.MetadataImage)]
    public Task Reports_one_class_that_two_assemblies_name(ProjectReferenceKind kind) => new FenceTest(
        """
        class C
        {
            [LockClass("pool")] readonly object _mine = new();

            void Grow()
            {
                lock (_mine)
                    {|FENCE004:Kmem.Get()|};
            }

            [FenceCritical]
            void Run(Pool pool)
            {
                lock ({|FENCE002:pool.Gate|}) { }
            }
        }
        """).WithLibrary(
        """
        public class Pool
        {
            [LockClass("pool")] public readonly object Gate = new();
        }
        """,
        kind).RunAsync();

    [Theory]
    [InlineData(ProjectReferenceKind.Compilation)]
    [InlineData(ProjectReferenceKind.MetadataImage)]
    public Task Reports_what_an_annotation_file_says_of_a_library(ProjectReferenceKind kind) => new FenceTest(
        """
        class C
        {
            [LockClass("pool")] readonly object _mine = new();

            void Grow()
            {
                lock (_mine)
                    {|FENCE004:Kmem.Get()|};
            }

            [FenceCritical]
            void Run(Pool pool)
            {
                {|FENCE001:pool.Refill()|};
                pool.Kick();
                lock ({|FENCE002:pool.Gate|}) { }
            }
        }
        """).WithLibrary(
        """
        public class Pool
        {
            public readonly object Gate = new();

            public void Refill() { }

            public void Kick() { }
        }
        """,
        kind).WithAnnotations(
        """
        M:Pool.Refill; MayAllocate
        M:Pool.Kick; AssumeFenceSafe; "reviewed with the manual"
        F:Pool.Gate; LockClass; "pool"
        """).RunAsync();

    [Theory]
    [InlineData(ProjectReferenceKind.Compilation)]
    [InlineData(ProjectReferenceKind.MetadataImage)]
    public Task Reports_who_goes_against_the_order_of_a_library(ProjectReferenceKind kind) => new FenceTest(
        """
        class C
        {
            void Wrong(Vm vm)
            {
                lock (vm.Inner)
                    lock ({|FENCE005:vm.Outer|}) { }
            }

            void Right(Vm vm)
            {
                lock (vm.Outer)
                    lock (vm.Inner) { }
            }
        }
        """).WithLibrary(
        """
        [assembly: LockOrder("vm.outer", "vm.inner")]

        public class Vm
        {
            [LockClass("vm.outer")] public readonly object Outer = new();
            [LockClass("vm.inner")] public readonly object Inner = new();
        }
        """,
        kind).RunAsync();
}
