namespace FenceSafety.Analyzers.Tests.Rules;

/// <summary>Collections of the user's whose enumerator is behind an interface: what the object is that GetEnumerator makes decides.</summary>
public class FENCE001EnumeratorTests
{
    static string Collection(string moveNext, string current, string dispose) => $$"""
        class Pages
        {
            public IEnumerator<int> GetEnumerator() => new Cursor();

            sealed class Cursor : IEnumerator<int>
            {
                public int Current { get { {{current}} return 1; } }
                object System.Collections.IEnumerator.Current => null;
                public bool MoveNext() { {{moveNext}} return false; }
                public void Reset() { }
                public void Dispose() { {{dispose}} }
            }
        }

        """;

    static FenceTest Test(string collection, string body) => new FenceTest(collection + $$"""
        class C
        {
            [FenceCritical]
            void Run(Pages pages)
            {
                {{body}}
            }
        }
        """).WithOption("fence_safety.managed_allocations", "ignore").WithOption("fence_safety.unknown_calls", "report");

    [Theory]
    [InlineData("Kmem.Get();", "", "", "Pages.Cursor.MoveNext")]
    [InlineData("", "Kmem.Get();", "", "Pages.Cursor.Current")]
    [InlineData("", "", "Kmem.Get();", "Pages.Cursor.Dispose")]
    public Task Reports_what_the_enumerator_does(string moveNext, string current, string dispose, string member) =>
        Test(Collection(moveNext, current, dispose), "foreach (int p in {|#0:pages|}) { }").Expecting(Verify.At0("FENCE001", member, "Kmem.Get")).RunAsync();

    /// <summary>The variable is not what the user can change.</summary>
    [Theory]
    [InlineData("foreach (Page p in {|#0:new int[3]|}) { }", "op_Implicit")]
    [InlineData("foreach (var (a, b) in {|#0:new Page[3]|}) { }", "Deconstruct")]
    public Task Reports_what_fills_the_variable_at_the_collection(string loop, string member) => new FenceTest(
        $$"""
        class Page
        {
            public static implicit operator Page(int n) { Kmem.Get(); return null; }
            public void Deconstruct(out int a, out int b) { Kmem.Get(); a = b = 0; }
        }

        class C
        {
            [FenceCritical]
            void Run() { {{loop}} }
        }
        """).WithOption("fence_safety.managed_allocations", "ignore").Expecting(Verify.At0("FENCE001", member == "op_Implicit" ? "Kmem.Get" : member)).RunAsync();

    [Fact]
    public Task Silent_on_an_enumerator_that_does_nothing() => Test(Collection("", "", ""), "foreach (int p in pages) { }").RunAsync();

    [Theory]
    [InlineData("yield return 1; Kmem.Get();")]
    [InlineData("try { yield return 1; } finally { Kmem.Get(); }")]
    public Task Reports_a_GetEnumerator_that_is_an_iterator(string body) =>
        Test("class Pages { public IEnumerator<int> GetEnumerator() { " + body + " } }\n", "foreach (int p in {|#0:pages|}) { }").Expecting(Verify.At0("FENCE001", "Kmem.Get")).RunAsync();

    [Theory]
    [InlineData("yield return 1;")]
    [InlineData("if (Value > 3) throw new Exception(Kmem.Get()?.ToString()); yield return 1;")]
    public Task Silent_on_an_iterator_that_does_nothing(string body) =>
        Test("class Pages { int Value; public IEnumerator<int> GetEnumerator() { " + body + " } }\n", "foreach (int p in pages) { }").RunAsync();

    [Fact]
    public Task Silent_on_the_enumerator_of_a_collection_of_the_framework() =>
        Test("class Pages { readonly List<int> _pages = new(); public IEnumerator<int> GetEnumerator() => _pages.GetEnumerator(); }\n", "foreach (int p in pages) { }").RunAsync();

    /// <summary>A framework interface is what flows to it, through a method that makes the object too.</summary>
    [Fact]
    public Task Reports_what_a_method_makes_and_another_disposes() => new FenceTest(
        """
        sealed class Scope : IDisposable { public void Dispose() => Kmem.Get(); }
        sealed class Quiet : IDisposable { public void Dispose() { } }

        class C
        {
            static IDisposable Begin() => new Scope();
            static IDisposable Nothing() => new Quiet();

            [FenceCritical]
            void Run()
            {
                using ({|FENCE001:Begin()|}) { }
                using (Nothing()) { }
            }

            [FenceCritical]
            void Given(IDisposable given)
            {
                using ({|FENCE008:given|}) { }
            }
        }
        """).WithOption("fence_safety.managed_allocations", "ignore").RunAsync();

    [Theory]
    [InlineData("System.Collections.ArrayList")]
    [InlineData("System.Collections.Hashtable")]
    [InlineData("System.Collections.BitArray")]
    [InlineData("IEnumerable<int>")]
    [InlineData("System.Collections.ObjectModel.ReadOnlyCollection<int>")]
    public Task Reports_a_class_enumerator_of_the_framework_and_nothing_besides(string type) => Verify.Async(
        $$"""
        class C
        {
            [FenceCritical]
            void Run({{type}} items)
            {
                foreach (var item in {|FENCE011:items|}) { }
            }
        }
        """);
}
