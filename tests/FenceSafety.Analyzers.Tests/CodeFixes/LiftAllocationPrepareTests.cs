namespace FenceSafety.Analyzers.Tests.CodeFixes;

/// <summary>What the callers cannot name is made by a method of the type.</summary>
public class LiftAllocationPrepareTests
{
    [Fact]
    public Task A_private_member() => LiftAllocationTests.Code(
        """
        class Ring
        {
            object _page;

            [MayAllocate] object Make(int size) => null;

            /// <summary>Runs.</summary>
            [FenceCritical]
            internal void Run(int n)
            {
                _page = {|FENCE001:Make(n * 2)|};
            }
        }

        class User
        {
            void M(Ring ring) => ring.Run(3);
        }
        """,
        """
        class Ring
        {
            object _page;

            [MayAllocate] object Make(int size) => null;

            /// <summary>Allocates what Run needs.</summary>
            internal object PrepareRun(int n) => Make(n * 2);

            /// <summary>Runs.</summary>
            [FenceCritical]
            internal void Run(int n, object page)
            {
                _page = page;
            }
        }

        class User
        {
            void M(Ring ring) => ring.Run(3, ring.PrepareRun(3));
        }
        """);

    [Fact]
    public Task Parameters_of_primary_constructors_through_a_critical_caller() => LiftAllocationTests.Code(
        """
        class Memory
        {
            int _used;

            [MayAllocate] public object Make() => Interlocked.Increment(ref _used) > 0 ? null : this;
        }

        class Splitter(Memory memory)
        {
            object _page;

            [FenceCritical]
            public void Split() => _page = {|FENCE001:memory.Make()|};
        }

        class Queue(Splitter splitter)
        {
            [FenceCritical]
            public void Run()
            {
                splitter.Split();
            }
        }

        class Worker
        {
            void Work(Queue queue) => queue.Run();
        }
        """,
        """
        class Memory
        {
            int _used;

            [MayAllocate] public object Make() => Interlocked.Increment(ref _used) > 0 ? null : this;
        }

        class Splitter(Memory memory)
        {
            object _page;

            /// <summary>Allocates what Split needs.</summary>
            public object PrepareSplit() => memory.Make();

            [FenceCritical]
            public void Split(object page) => _page = page;
        }

        class Queue(Splitter splitter)
        {

            /// <summary>Allocates what Run needs.</summary>
            public object PrepareRun() => splitter.PrepareSplit();

            [FenceCritical]
            public void Run(object page)
            {
                splitter.Split(page);
            }
        }

        class Worker
        {
            void Work(Queue queue) => queue.Run(queue.PrepareRun());
        }
        """.Replace("{\n\n", "{\n"));
}
