using FenceSafety.Summaries.Metadata;
using Microsoft.CodeAnalysis;

namespace FenceSafety.Summaries.Tests.Metadata;

/// <summary>Ids from metadata are those that the compiler makes from source: summaries are looked up by them.</summary>
public class NameTests
{
    const string Source = """
        namespace N.M
        {
            public interface IThing<T> { void Do(T x); }
            public class Outer<T> : IThing<T>
            {
                public class Inner<U> { public Inner(T t, U u) { } public void Take<V>(T t, U u, V v, List<Outer<V>.Inner<U>> l) { } }
                void IThing<T>.Do(T x) { }
                public int this[int i, T t] { get => 0; set { } }
                public event Action<T> E { add { } remove { } }
                public string P { get; set; }
                public static explicit operator int(Outer<T> o) => 0;
                public static implicit operator Outer<T>(string s) => null;
                public static Outer<T> operator +(Outer<T> a, Outer<T> b) => a;
                public void Refs(ref int a, out T b, in string c) { b = default; }
                public unsafe void Pointers(int* p, void** q, T[][] a, int[,] m, int[][,] j) { }
                public void Tuples((int, T) t, int? n, dynamic d, nint i) { }
                public unsafe void Functions(delegate*<int, void> f) { }
                ~Outer() { }
                static Outer() { }
            }
            public delegate R Make<out R>(int x);
            public record Point(int X, int Y);
        }
        """;

    [Fact]
    public void Ids_are_the_compilers()
    {
        var compilation = Il.Compilation(Source);
        var expected = new SortedSet<string>(StringComparer.Ordinal);
        var work = new Stack<INamespaceOrTypeSymbol>([compilation.GlobalNamespace.GetNamespaceMembers().Single(static n => n.Name == "N" && n.ContainingAssembly?.Name != "x")]);
        while (work.Count > 0)
        {
            foreach (var member in work.Pop().GetMembers())
            {
                if (member is INamespaceOrTypeSymbol inner)
                    work.Push(inner);
                else if (member is IMethodSymbol method && method.MethodKind != MethodKind.DelegateInvoke)
                    expected.Add(DocumentationCommentId.CreateDeclarationId(method)!);
            }
        }
        using var world = new World();
        var program = Il.Program(world, Il.Compile(Source));
        var assembly = world.All.First();
        var actual = assembly.Types.Where(static t => t.DocName.StartsWith("N.M.", StringComparison.Ordinal)).SelectMany(static t => t.Methods).Select(static m => m.Id).ToHashSet();
        Assert.Empty(expected.Except(actual));
        Assert.True(expected.Count > 30);
        Assert.All(expected, id => Assert.Equal(id, program.Method(id)?.Id));
    }
}
