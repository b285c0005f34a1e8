using FenceSafety.CodeFixes.AssumeSafe;
using Microsoft.CodeAnalysis.CodeActions;

namespace FenceSafety.Analyzers.Tests.CodeFixes;

using Assume = Fix<AssumeFenceSafeCodeFixProvider>;

/// <summary>Vouching for what is called: last in the list, never in a batch.</summary>
public class AssumeFenceSafeTests
{
    [Fact]
    public Task The_callee_gets_the_attribute_with_a_reason_to_write() => Assume.Code(
        """
        class Doorbell
        {
            // Writes a register.
            [System.Runtime.InteropServices.DllImport("gpu")]
            static extern void Ring();

            [FenceCritical]
            void Run() => {|FENCE008:Ring()|};
        }
        """,
        """
        class Doorbell
        {
            // Writes a register.
            [System.Runtime.InteropServices.DllImport("gpu")]
            [AssumeFenceSafe("TODO: why is this safe?")]
            static extern void Ring();

            [FenceCritical]
            void Run() => Ring();
        }
        """);

    [Fact]
    public Task A_callee_of_two_calls_once_more_below_and_behind_a_comment() => Assume.Code(
        """
        class Ring
        {
            object _page;

            [FenceCritical]
            void Run()
            {
                {|FENCE001:Grow()|};
                {|FENCE001:Grow()|};
            }

            /// <summary>Grows.</summary>
            // twice
            private void Grow() => _page = Kmem.Get();
        }
        """,
        """
        class Ring
        {
            object _page;

            [FenceCritical]
            void Run()
            {
                Grow();
                Grow();
            }

            /// <summary>Grows.</summary>
            // twice
            [AssumeFenceSafe("TODO: why is this safe?")]
            private void Grow() => _page = Kmem.Get();
        }
        """);

    [Fact]
    public Task A_property_a_local_function_a_generic_and_a_constructor() => Assume.Code(
        """
        class Ring
        {
            object Page { get { return Kmem.Get(); } }

            [MayAllocate] void Own() { }

            T Make<T>() { Kmem.Get(); return default; }

            [FenceCritical]
            void Property() { _ = {|FENCE001:Page|}; }

            [FenceCritical]
            void Generic() => {|FENCE001:Make<int>()|};

            [FenceCritical]
            void Local()
            {
                {|FENCE001:Grow()|};
                static void Grow() => Kmem.Get();
            }

            [FenceCritical]
            void Struct() { var s = {|FENCE001:new Slot(1)|}; }
        }

        struct Slot
        {
            public Slot(int n) { Kmem.Get(); }
        }
        """,
        """
        class Ring
        {
            [AssumeFenceSafe("TODO: why is this safe?")]
            object Page { get { return Kmem.Get(); } }

            [MayAllocate] void Own() { }

            [AssumeFenceSafe("TODO: why is this safe?")]
            T Make<T>() { Kmem.Get(); return default; }

            [FenceCritical]
            void Property() { _ = Page; }

            [FenceCritical]
            void Generic() => Make<int>();

            [FenceCritical]
            void Local()
            {
                Grow();
                [AssumeFenceSafe("TODO: why is this safe?")]
                static void Grow() => Kmem.Get();
            }

            [FenceCritical]
            void Struct() { var s = new Slot(1); }
        }

        struct Slot
        {
            [AssumeFenceSafe("TODO: why is this safe?")]
            public Slot(int n) { Kmem.Get(); }
        }
        """);

    [Fact]
    public Task In_another_document_by_its_full_name()
    {
        const string Before = "namespace Other;\n\npublic static partial class Pages\n{\n    public static void Grow() => global::Vocabulary.Kmem.Get();\n}\n";
        var test = Assume.Test(
            "class C { [FenceCritical] void Run() => {|FENCE001:Other.Pages.Grow()|}; }",
            "class C { [FenceCritical] void Run() => Other.Pages.Grow(); }");
        test.TestState.Sources.Clear();
        test.TestState.Sources.Add(("C.cs", "using FenceSafety;\n\nclass C { [FenceCritical] void Run() => {|FENCE001:Other.Pages.Grow()|}; }"));
        test.FixedState.Sources.Clear();
        test.FixedState.Sources.Add(("C.cs", "using FenceSafety;\n\nclass C { [FenceCritical] void Run() => Other.Pages.Grow(); }"));
        test.TestState.Sources.Add(("Kmem.cs", "namespace Vocabulary;\n\npublic static class Kmem\n{\n    [FenceSafety.MayAllocate] public static void Get() { }\n}\n"));
        test.TestState.Sources.Add(("Pages.cs", Before));
        test.FixedState.Sources.Add(("Pages.cs", Before.Replace(
            "    public static void", "    [FenceSafety.AssumeFenceSafe(\"TODO: why is this safe?\")]\n    public static void", StringComparison.Ordinal)));
        return test.RunAsync();
    }

    [Fact]
    public Task Refused_for_what_says_that_it_allocates() => Assume.Code(
        """
        class C
        {
            [FenceCritical] void Run() => {|FENCE001:Kmem.Get()|};
        }
        """);

    [Fact]
    public Task Refused_where_nothing_is_called_that_could_be_annotated() => Assume.Code(
        """
        class C
        {
            readonly object _gate = new();

            [FenceCritical]
            void Managed(Action step)
            {
                _ = {|FENCE011:new object()|};
                {|FENCE008:step()|};
                lock ({|FENCE002:_gate|}) { }
                {|FENCE003:Thread.Sleep(1)|};
            }

            void Fill()
            {
                lock (_gate)
                    {|FENCE004:Kmem.Get()|};
            }
        }
        """);

    [Fact]
    public void It_has_no_Fix_All_and_comes_last()
    {
        var provider = new AssumeFenceSafeCodeFixProvider();
        Assert.Null(provider.GetFixAllProvider());
        Assert.Equal(CodeActionRequestPriority.Low, provider.RequestPriority);
    }
}
