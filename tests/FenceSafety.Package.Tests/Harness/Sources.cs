namespace FenceSafety.Package.Tests.Harness;

/// <summary>C# that the test projects are made of.</summary>
internal static class Sources
{
    /// <summary>The three assemblies of the analyzer, sorted.</summary>
    public static readonly string[] AnalyzerAssemblies = ["FenceSafety.Analyzers.dll", "FenceSafety.CodeFixes.dll", "FenceSafety.Core.dll"];

    /// <summary>A pool whose lock is held, two calls up, while a page is allocated.</summary>
    public static string Pool(string ns) => $$"""
        using FenceSafety;

        namespace {{ns}};

        public sealed class Pool
        {
            private readonly object _gate = new();
            private int _free;

            public void Refill()
            {
                lock (_gate)
                    Grow();
            }

            public void Return()
            {
                lock (_gate)
                    _free++;
            }

            private void Grow() => PageAllocator.Allocate();
        }

        public static class PageAllocator
        {
            [MayAllocate]
            public static void Allocate() { }
        }
        """;

    /// <summary>Fence-critical code, in a file of its own, that takes the pool's lock through a call.</summary>
    public static string Driver(string ns) => $$"""
        using FenceSafety;

        namespace {{ns}};

        public sealed class Driver(Pool pool)
        {
            [FenceCritical]
            public void Run()
            {
                pool.Return();
            }
        }
        """;

    /// <summary>Writes both, so that the project has exactly one FENCE002 and one FENCE004.</summary>
    public static void WriteMistake(this Workspace workspace, string folder, string ns)
    {
        workspace.Write($"{folder}/Pool.cs", Pool(ns));
        workspace.Write($"{folder}/Driver.cs", Driver(ns));
    }

    public const string Reference = $"""
        <ItemGroup>
          <PackageReference Include="FenceSafety.Analyzers" Version="{Workspace.Version}" />
        </ItemGroup>
        """;
}
