namespace FenceSafety.Analyzers.Tests.Rules;

/// <summary>Contracts of overrides, implementations and conversions.</summary>
public class FENCE009Tests
{
    [Fact]
    public Task Reports_an_override_that_declares_the_opposite() => Verify.Async(
        """
        class Base
        {
            [FenceCritical] public virtual void Run() { }
        }

        class Derived : Base
        {
            [MayAllocate] public override void {|#0:Run|}() { }
        }
        """,
        Verify.At0("FENCE009", "Derived.Run", "Base.Run"));

    [Fact]
    public Task Reports_an_implementation_that_waits() => Verify.Async(
        """
        interface IJob
        {
            [FenceCritical] void Run();
        }

        class Bind : IJob
        {
            [WaitsForFence] public void {|FENCE009:Run|}() { }
        }
        """);

    [Fact]
    public Task Reports_the_members_of_a_type_that_declares_the_opposite() => Verify.Async(
        """
        interface IJob
        {
            [FenceCritical] void Run();

            [FenceCritical] int Left { get; set; }

            void Prepare();
        }

        [MayAllocate]
        partial class Bind : IJob
        {
            [MayAllocate] public void {|FENCE009:Run|}() { }

            public int {|FENCE009:Left|} { get => 1; set { } }

            public void Prepare() { }

            public void Run(int n) { }
        }

        partial class Bind { }

        class Unbind : IJob
        {
            public void Run() { }

            public int Left { get => 1; set { } }

            [MayAllocate] public void Prepare() { }
        }
        """);

    [Fact]
    public Task Silent_on_an_override_that_keeps_the_contract() => Verify.Async(
        """
        class Base
        {
            [FenceCritical] public virtual void Run() { }

            public virtual void Prepare() { }
        }

        class Derived : Base
        {
            public override void Run() { }

            [MayAllocate] public override void Prepare() => Kmem.Get();
        }
        """);

    [Fact]
    public Task Silent_on_a_member_that_hides() => Verify.Async(
        """
        class Base
        {
            [FenceCritical] public void Run() { }
        }

        class Derived : Base
        {
            [MayAllocate] public new void Run() => Kmem.Get();
        }
        """);

    [Fact]
    public Task Reports_a_method_group_that_allocates() => Verify.Async(
        """
        [FenceCritical] delegate void Step();

        class C
        {
            static void Bad() => Kmem.Get();

            Step _step = {|#0:Bad|};

            static void Call([FenceCritical] Action step) => step();

            void Run() => Call({|FENCE009:Bad|});
        }
        """,
        Verify.At0("FENCE009", "C.Bad → Kmem.Get"));

    [Fact]
    public Task Silent_on_a_method_group_that_does_not() => Verify.Async(
        """
        [FenceCritical] delegate void Step();

        class C
        {
            static void Fine() { }

            Step _step = Fine;

            Action Forget() => _step.Invoke;
        }
        """);

    [Theory]
    [InlineData("{|FENCE009:new Critical(Allocates)|}", "static void Allocates() => Kmem.Get();")]
    [InlineData("{|FENCE009:new Critical(s_other)|}", "static readonly Action s_other = static () => Kmem.Get();")]
    [InlineData("new Critical(Quiet)", "static void Quiet() { }")]
    [InlineData("new Critical(s_other)", "static readonly Action s_other = static () => { };")]
    [InlineData("new Critical(s_other)", "static readonly Critical s_other = static () => { };")]
    public Task Looks_into_a_delegate_that_is_made_of_another(string creation, string member) => Verify.Async(
        $$"""
        [FenceCritical] delegate void Critical();

        class C
        {
            {{member}}
            Critical Make() => {{creation}};
        }
        """);

    /// <summary>What an arm is converted to is converted once.</summary>
    [Theory]
    [InlineData("n switch { 1 => {|FENCE009:Allocates|}, 2 => Fine, _ => {|FENCE009:Allocates|} }")]
    [InlineData("n > 0 ? {|FENCE009:Allocates|} : Fine")]
    [InlineData("n switch { 1 => Fine, _ => Fine }")]
    public Task Reports_each_arm_by_itself(string value) => Verify.Async(
        $$"""
        [FenceCritical] delegate void Step();

        class C
        {
            static void Allocates() => Kmem.Get();
            static void Fine() { }
            static Step Choose(int n) => {{value}};
        }
        """);
}
