using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using FenceSafety.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.Mutation.Tests;

/// <summary>The runtime, compiled in memory from its sources, as they are or mutated.</summary>
internal sealed class RuntimeSources
{
    private const string ImplicitUsings =
        "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; "
        + "global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;";

    private static readonly CSharpParseOptions s_parse = new(LanguageVersion.Preview, DocumentationMode.None);

    private RuntimeSources(CSharpCompilation compilation) => Baseline = compilation;

    public CSharpCompilation Baseline { get; }

    public static RuntimeSources Load([CallerFilePath] string here = "")
    {
        string project = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../runtime/FenceSafety.Runtime"));
        var trees = Directory.EnumerateFiles(project, "*.cs", SearchOption.AllDirectories)
            .Select(path => (Path: path, Name: Path.GetRelativePath(project, path).Replace('\\', '/')))
            .Where(file => file.Name.Split('/')[0] is not ("bin" or "obj"))
            .OrderBy(file => file.Name, StringComparer.Ordinal)
            .Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file.Path), s_parse, file.Name))
            .Append(CSharpSyntaxTree.ParseText(ImplicitUsings, s_parse, "Usings.cs"));
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetDirectoryName(path) == framework)
            .Append(typeof(FenceCriticalAttribute).Assembly.Location)
            .Select(path => MetadataReference.CreateFromFile(path));
        var options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable,
            specificDiagnosticOptions: Enumerable.Range(1, 16).ToDictionary(number => $"FENCE{number:000}", _ => ReportDiagnostic.Error));
        return new RuntimeSources(CSharpCompilation.Create("FenceSafety.Runtime", trees, references, options));
    }

    /// <summary>The runtime with another file, and with an edit at each of some bodies.</summary>
    public CSharpCompilation Mutate(string addedSource, IEnumerable<CriticalBody> bodies, string inserted)
    {
        var added = CSharpSyntaxTree.ParseText(addedSource, s_parse, AddedFile.Path);
        CSharpCompilation mutated = Baseline.AddSyntaxTrees(added);
        foreach (var file in bodies.GroupBy(body => body.Declaration.SyntaxTree))
        {
            SourceText text = file.Key.GetText();
            var changes = file.SelectMany(body => body.Insert(inserted)).OrderBy(change => change.Span.Start);
            mutated = mutated.ReplaceSyntaxTree(
                file.Key, CSharpSyntaxTree.ParseText(text.WithChanges(changes), s_parse, file.Key.FilePath));
        }

        return mutated;
    }

    /// <summary>What the compiler, which must have no errors, and then the analyzer say.</summary>
    public static async Task<List<Reported>> AnalyzeAsync(CSharpCompilation compilation)
    {
        // CS8795: the bodies that the generator of LibraryImport adds in a build.
        var errors = compilation.GetDiagnostics()
            .Where(error => error.Severity == DiagnosticSeverity.Error && error.Id != "CS8795").ToList();
        Assert.True(errors.Count == 0, string.Join('\n', errors.Take(5)));
        var analyzers = ImmutableArray.Create<DiagnosticAnalyzer>(new FenceSafetyAnalyzer());
        var reports = await compilation.WithAnalyzers(analyzers).GetAnalyzerDiagnosticsAsync();
        return [.. reports.Select(Reported.Of)];
    }
}

/// <summary>A report of the analyzer.</summary>
/// <param name="Line">From 0.</param>
internal sealed record Reported(string Rule, string File, int Line, string Message)
{
    public static Reported Of(Diagnostic report)
    {
        FileLinePositionSpan at = report.Location.GetLineSpan();
        return new Reported(report.Id, at.Path, at.StartLinePosition.Line, report.GetMessage());
    }

    /// <summary>Whether it reports what is done under a lock because critical code takes that lock.</summary>
    public bool IsOtherEnd(string? lockClass) =>
        lockClass is not null && Rule is "FENCE004" or "FENCE008"
        && Message.Contains(lockClass + ", which fence-critical code takes", StringComparison.Ordinal);

    /// <summary>Whether it reports that another lock is held elsewhere while this one is taken.</summary>
    public bool IsThrough(string? lockClass) =>
        lockClass is not null && Rule == "FENCE002" && Message.Contains($" → {lockClass}; under {lockClass}: ", StringComparison.Ordinal);

    public override string ToString() => $"{File}:{Line + 1} {Rule} {Message}";
}
