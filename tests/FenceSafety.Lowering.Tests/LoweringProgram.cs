using System.Collections.Immutable;
using System.Reflection;
using FenceSafety.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace FenceSafety.Lowering.Tests;

/// <summary>All rows of the table as one program: each a class, in a file of its own, with one critical method.</summary>
public sealed class LoweringProgram
{
    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    /// <summary>Calls before the measurement: enough to compile everything and to fill every cache.</summary>
    private const int WarmUp = 4;

    private const int Calls = 64;

    private readonly Dictionary<string, (List<Diagnostic> Reports, Type Class)> _rows = [];

    public LoweringProgram()
    {
        var rows = LoweringRow.Read();
        var options = new CSharpParseOptions(LanguageVersion.CSharp13);
        var trees = rows.Select((row, i) => CSharpSyntaxTree.ParseText(Class(row, i), options, row.Name)).ToList();
        var compilation = CSharpCompilation.Create(
            "Lowering",
            [.. trees, CSharpSyntaxTree.ParseText(LoweringRow.Resource("Row.cs"), options, "Row.cs"), CSharpSyntaxTree.ParseText(Usings, options, "Usings.cs")],
            References(),
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));

        using var image = new MemoryStream();
        var emitted = compilation.Emit(image);
        if (!emitted.Success)
            throw new InvalidOperationException(string.Join('\n', emitted.Diagnostics.Where(static d => d.Severity == DiagnosticSeverity.Error)));
        var assembly = Assembly.Load(image.ToArray());

        var analysis = compilation.WithAnalyzers(
            [new FenceSafetyAnalyzer()],
            new CompilationWithAnalyzersOptions(
                new AnalyzerOptions([]),
                onAnalyzerException: static (e, _, _) => throw new InvalidOperationException("The analyzer threw.", e),
                concurrentAnalysis: false,
                logAnalyzerExecutionTime: false));
        var reports = analysis.GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult().ToLookup(static d => d.Location.SourceTree);
        for (int i = 0; i < rows.Count; i++)
            _rows.Add(rows[i].Name, (reports[trees[i]].ToList(), assembly.GetType($"Row{i}", throwOnError: true)!));
    }

    /// <summary>What is reported for a row, of any rule.</summary>
    public IReadOnlyList<Diagnostic> Reports(string row) => _rows[row].Reports;

    /// <summary>
    /// The bytes that this thread takes from the managed heap in the first call of the row's method, and in each of 64 calls after a few more.
    /// To be asked once for each row: what is cached is cached for the class.
    /// </summary>
    public (long First, IReadOnlyList<long> Later) Measure(string row)
    {
        var instance = Activator.CreateInstance(_rows[row].Class)!;
        var run = _rows[row].Class.GetMethod("Run")!.CreateDelegate<Action>(instance);
        long first = Bytes(run);
        for (int i = 0; i < WarmUp; i++)
            run();
        var later = new long[Calls];
        for (int i = 0; i < Calls; i++)
            later[i] = Bytes(run);
        return (first, later);
    }

    private static long Bytes(Action run)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        run();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static string Class(LoweringRow row, int index) => $$"""
        public sealed class Row{{index}} : Row
        {
        [FenceSafety.FenceCritical]
        public override void Run()
        {
        {{row.Statements}}
        }
        {{row.Members}}
        }
        """;

    private static ImmutableArray<MetadataReference> References()
    {
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        return
        [
            .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
                .Where(path => Path.GetDirectoryName(path) == framework)
                .Append(typeof(FenceCriticalAttribute).Assembly.Location)
                .Select(static path => MetadataReference.CreateFromFile(path)),
        ];
    }
}
