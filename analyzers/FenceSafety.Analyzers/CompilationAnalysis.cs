using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using FenceSafety.Analyzers.Annotations;
using FenceSafety.Analyzers.Framework;
using FenceSafety.Analyzers.Live;
using FenceSafety.Analyzers.Options;
using FenceSafety.Analyzers.Program;
using FenceSafety.Analyzers.References;
using FenceSafety.Analyzers.Rules;
using FenceSafety.Core;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using FENCE010 = FenceSafety.Analyzers.Rules.FENCE010;
using FENCE012 = FenceSafety.Analyzers.Rules.FENCE012;

namespace FenceSafety.Analyzers;

/// <summary>
/// The analysis of one compilation, made when the first tree asks and kept as long as the compilation is. A run that is cancelled
/// leaves nothing behind; the next who asks begins again.
/// </summary>
sealed class CompilationAnalysis(
    Compilation compilation, AnalyzerOptions options, ConditionalWeakTable<SyntaxTree, TreeFacts> cache, WorkCounts counts, Func<FrameworkSummary> framework,
    Func<SourceText, SummaryText> openSummary)
{
    readonly object _gate = new();
    volatile Results? _results;

    sealed record Results(ImmutableDictionary<SyntaxTree, ImmutableArray<Diagnostic>> ByTree, ImmutableArray<Diagnostic> Elsewhere);

    /// <summary>What is reported in the tree of a model.</summary>
    public ImmutableArray<Diagnostic> In(SemanticModel model, CancellationToken cancel) =>
        Get(model, cancel).ByTree.TryGetValue(model.SyntaxTree, out var list) ? list : ImmutableArray<Diagnostic>.Empty;

    /// <summary>What is reported without a place in source: options and annotation files.</summary>
    public ImmutableArray<Diagnostic> Elsewhere(CancellationToken cancel) => Get(null, cancel).Elsewhere;

    Results Get(SemanticModel? asked, CancellationToken cancel)
    {
        if (_results is { } done)
            return done;
        lock (_gate)
            return _results ??= Run(asked, cancel);
    }

    Results Run(SemanticModel? asked, CancellationToken cancel)
    {
        var files = AnnotationFiles.Read(compilation, options.AdditionalFiles, cancel);
        var reader = new OptionsReader(options.AnalyzerConfigOptionsProvider, compilation.SyntaxTrees);
        var (engineOptions, includeThrowPaths) = reader.Read();
        bool checksVisible = RuleSwitch.IsEnabled(FENCE012.Descriptor, compilation, cancel);

        var models = new ModelCache(compilation, asked);
        var trees = new ProgramTrees(compilation, models, cache, counts, cancel);
        var spans = new SpanMap(compilation, trees);
        var stamp = ProgramStamp.Of(
            compilation, trees, options.AdditionalFiles, string.Join("|", engineOptions, includeThrowPaths, checksVisible), cancel);
        var summaries = ReferenceSummaries.Read(compilation, options.AdditionalFiles, openSummary, cancel);
        var analysis = new ProgramAnalysis(compilation, models, trees, spans, stamp, counts)
        {
            Files = files,
            Framework = framework,
            Summaries = summaries,
            Options = engineOptions,
            ChecksVisible = checksVisible,
            IncludeThrowPaths = includeThrowPaths,
        };
        var reports = analysis.Reports(cancel);
        var elsewhere = files.Problems.Select(static p => Diagnostic.Create(FENCE010.Descriptor, p.Location, p.Message))
            .Concat(reader.Problems.Select(static p => Diagnostic.Create(FENCE010.Descriptor, Location.None, p.Message)))
            .Concat(summaries.Problems.Select(static p => Diagnostic.Create(FENCE010.Descriptor, p.Location, p.Message)));
        var byTree = reports.Select(r => r.ToDiagnostic(spans)).OfType<Diagnostic>().GroupBy(static d => d.Location.SourceTree!)
            .ToImmutableDictionary(static g => g.Key, static g => g.OrderBy(static d => d.Location.SourceSpan.Start).ThenBy(static d => d.Id, StringComparer.Ordinal).ToImmutableArray());
        return new Results(byTree, elsewhere.ToImmutableArray());
    }
}
