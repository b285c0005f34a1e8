using FenceSafety.CodeFixes.CarryOver;

namespace FenceSafety.Analyzers.Tests.CodeFixes;

using Carry = Fix<CarryContractOverCodeFixProvider>;

/// <summary>An override says what its base says.</summary>
public class CarryContractOverTests
{
    [Fact]
    public Task Override_implementation_and_property() => Carry.Code(
        """
        abstract class Backend
        {
            [FenceCritical] public abstract void Run();

            [FenceCritical] public abstract int Free { get; }
        }

        interface IJob<T>
        {
            [FenceCritical] void Run(T argument);
        }

        sealed class Paged : Backend, IJob<int>
        {
            /// <summary>Runs it.</summary>
            [MayAllocate] // since 2.0
            public override void {|FENCE009:Run|}() { }

            [Obsolete, WaitsForFence]
            void IJob<int>.{|FENCE009:Run|}(int argument) { }

            [MayAllocate] public override int {|FENCE009:Free|} => 0;
        }
        """,
        """
        abstract class Backend
        {
            [FenceCritical] public abstract void Run();

            [FenceCritical] public abstract int Free { get; }
        }

        interface IJob<T>
        {
            [FenceCritical] void Run(T argument);
        }

        sealed class Paged : Backend, IJob<int>
        {
            /// <summary>Runs it.</summary>
            [FenceCritical] // since 2.0
            public override void Run() { }

            [Obsolete, FenceCritical]
            void IJob<int>.Run(int argument) { }

            [FenceCritical] public override int Free => 0;
        }
        """);

    [Fact]
    public Task Several_attributes_and_arguments() => Carry.Code(
        """
        class Backend
        {
            [FenceCritical] public virtual void Run(Gfp gfp) { }
        }

        class Paged : Backend
        {
            [MayAllocate(FlagsParameter = nameof(gfp), BlockingFlags = Gfp.Reclaim)]
            [WaitsForFence]
            public override void {|FENCE009:Run|}(Gfp gfp) { }
        }
        """,
        """
        class Backend
        {
            [FenceCritical] public virtual void Run(Gfp gfp) { }
        }

        class Paged : Backend
        {
            [FenceCritical]
            public override void Run(Gfp gfp) { }
        }
        """);

    [Fact]
    public Task The_other_part_of_a_partial_method()
    {
        const string Part = "partial class Paged\n{\n    [MayAllocate]\n    public override partial void Run();\n}\n";
        var test = Carry.Test(
            """
            class Backend
            {
                [FenceCritical] public virtual void Run() { }
            }

            partial class Paged : Backend
            {
                public override partial void Run() { }
            }
            """,
            null);
        test.TestState.Sources.Add(("Part.cs", Part.Replace("void Run", "void {|FENCE009:Run|}")));
        test.FixedState.Sources.Add(("Part.cs", Part.Replace("MayAllocate", "FenceCritical")));
        return test.RunAsync();
    }

    /// <summary>The body was checked against the base's contract all the time.</summary>
    [Fact]
    public Task A_body_that_allocates_is_still_reported() => Carry.Code(
        """
        class Backend
        {
            [FenceCritical] public virtual void Run() { }
        }

        class Paged : Backend
        {
            [MayAllocate] public override void {|FENCE009:Run|}() => {|FENCE001:Kmem.Get()|};
        }
        """,
        """
        class Backend
        {
            [FenceCritical] public virtual void Run() { }
        }

        class Paged : Backend
        {
            [FenceCritical] public override void Run() => {|FENCE001:Kmem.Get()|};
        }
        """);

    [Fact]
    public Task Refused_for_conversions_and_inherited_implementations() => Carry.Code(
        """
        [FenceCritical] delegate void Step();

        interface IJob
        {
            [FenceCritical] void Run();
        }

        class Maker
        {
            [MayAllocate] public void Run() { }

            static void Bad() => Kmem.Get();

            Step _step = {|FENCE009:Bad|};
        }

        class Job : Maker, {|FENCE009:IJob|} { }
        """);
}
