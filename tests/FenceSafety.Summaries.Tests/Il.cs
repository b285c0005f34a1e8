using FenceSafety.Core;
using FenceSafety.Core.Findings;
using FenceSafety.Summaries.Metadata;
using FenceSafety.Summaries.Program;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FenceSafety.Summaries.Tests;

/// <summary>Small libraries, compiled in memory, and what the engine finds in their IL.</summary>
static class Il
{
    const string Usings = """
        using System; using System.Collections.Generic; using System.Linq; using System.Threading; using System.Threading.Tasks;
        using System.Runtime.CompilerServices; using System.Diagnostics.CodeAnalysis; using FenceSafety;

        """;

    public const string Allocator = """

        static class Heap { [MayAllocate] public static void Get() { } }
        """;

    static readonly MetadataReference[] References = MakeReferences();

    static MetadataReference[] MakeReferences()
    {
        string folder = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        string[] names = ["System.Private.CoreLib", "System.Runtime", "System.Linq", "System.Collections", "System.Collections.Concurrent", "System.Threading", "System.Console", "netstandard"];
        return [.. names.Select(n => MetadataReference.CreateFromFile(Path.Combine(folder, n + ".dll"))),
            MetadataReference.CreateFromFile(typeof(FenceCriticalAttribute).Assembly.Location)];
    }

    public static CSharpCompilation Compilation(string source, OptimizationLevel level = OptimizationLevel.Release, string name = "Lib", params MetadataReference[] more) =>
        CSharpCompilation.Create(
            name, [CSharpSyntaxTree.ParseText(Usings + source, new CSharpParseOptions(LanguageVersion.Preview))], [.. References, .. more],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: level, allowUnsafe: true, deterministic: true));

    public static byte[] Compile(string source, OptimizationLevel level = OptimizationLevel.Release, string name = "Lib", params MetadataReference[] more)
    {
        var image = new MemoryStream();
        var result = Compilation(source, level, name, more).Emit(image);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics.Where(static d => d.Severity == DiagnosticSeverity.Error)));
        return image.ToArray();
    }

    public static IlProgram Program(World world, byte[] image)
    {
        world.AddFolder(Path.GetDirectoryName(typeof(object).Assembly.Location)!);
        world.AddPath(typeof(FenceCriticalAttribute).Assembly.Location);
        return new IlProgram(world, world.Add(ManagedAssembly.Open("Lib.dll", image, world)), FrameworkContracts.Shipped());
    }

    /// <summary>Findings as <c>RULE method kind</c>, without repetition.</summary>
    public static string[] Findings(string source, OptimizationLevel level)
    {
        using var world = new World();
        var program = Program(world, Compile(source + Allocator, level));
        var found = Engine.Analyze(program, new EngineOptions(), default).Findings;
        Assert.Empty(program.Damaged);
        return [.. found.Select(Text).Distinct().Order(StringComparer.Ordinal)];
    }

    static string Text(Finding f)
    {
        string kind = f.Rule == "FENCE011" && f.Properties.TryGetValue("kind", out string? k) ? " " + k : "";
        return f.Rule + " " + f.Span.Path[2..] + kind;
    }

    /// <summary>The same from optimised and from unoptimised code.</summary>
    public static void Expect(string source, params string[] findings)
    {
        string[] wanted = [.. findings.Order(StringComparer.Ordinal)];
        Assert.Equal(wanted, Findings(source, OptimizationLevel.Release));
        Assert.Equal(wanted, Findings(source, OptimizationLevel.Debug));
    }
}
