using System.Collections.Immutable;
using FenceSafety.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace FenceSafety.Benchmarks.Analyzer;

/// <summary>What a build and an editor ask of an analyzer.</summary>
internal static class AnalyzerDriver
{
    /// <summary>A build: all diagnostics and an assembly.</summary>
    /// <returns>How many diagnostics the analyzer reported.</returns>
    public static int Build(CSharpCompilation compilation, DiagnosticAnalyzer? analyzer)
    {
        int found = 0;
        if (analyzer is null)
            compilation.GetDiagnostics();
        else
            found = With(compilation, analyzer).GetAnalysisResultAsync(CancellationToken.None).GetAwaiter().GetResult().GetAllDiagnostics().Length;
        if (!compilation.Emit(Stream.Null).Success)
            throw new InvalidOperationException("The generated program does not compile.");
        return found;
    }

    /// <summary>An editor: the diagnostics of one file.</summary>
    public static int Document(CSharpCompilation compilation, DiagnosticAnalyzer analyzer, string path)
    {
        CompilationWithAnalyzers run = With(compilation, analyzer);
        SemanticModel model = run.Compilation.GetSemanticModel(compilation.SyntaxTrees.Single(t => t.FilePath == path));
        return run.GetAnalyzerSemanticDiagnosticsAsync(model, null, CancellationToken.None).GetAwaiter().GetResult().Length;
    }

    private static CompilationWithAnalyzers With(CSharpCompilation compilation, DiagnosticAnalyzer analyzer) => compilation.WithAnalyzers(
        [analyzer], new CompilationWithAnalyzersOptions(GeneratedCompilation.Options, onAnalyzerException: null, concurrentAnalysis: true, logAnalyzerExecutionTime: false));
}

/// <summary>The registrations of <see cref="FenceSafetyAnalyzer"/> with empty actions: what being asked costs.</summary>
#pragma warning disable RS1036, RS1038, RS1041 // No compiler ever loads it.
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class EmptyAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = new FenceSafetyAnalyzer().SupportedDiagnostics;

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            start.RegisterSemanticModelAction(static _ => { });
            start.RegisterCompilationEndAction(static _ => { });
        });
    }
}
