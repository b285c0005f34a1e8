using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using FenceSafety.Analyzers.Annotations;
using FenceSafety.Analyzers.Bodies;
using FenceSafety.Analyzers.Framework;
using FenceSafety.Analyzers.Options;
using FenceSafety.Analyzers.Program;
using FenceSafety.Analyzers.References;
using FenceSafety.Analyzers.Rules;
using FenceSafety.Core;
using FenceSafety.Core.Facts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using FENCE010 = FenceSafety.Analyzers.Rules.FENCE010;
using FENCE012 = FenceSafety.Analyzers.Rules.FENCE012;
using Finding = FenceSafety.Core.Findings.Finding;

namespace FenceSafety.Analyzers;

/// <summary>
/// The analysis of one compilation, made when the first tree asks and kept as long as the compilation is. A run that is cancelled
/// leaves nothing behind; the next who asks begins again.
/// </summary>
sealed class CompilationAnalysis(
    Compilation compilation, AnalyzerOptions options, ConditionalWeakTable<SyntaxTree, IdentifierIndex> indices, Func<FrameworkSummary> framework,
    Func<SourceText, SummaryText> openSummary)
{
    readonly object _gate = new();
    volatile Results? _results;

    sealed record Results(ImmutableDictionary<SyntaxTree, ImmutableArray<Diagnostic>> ByTree, ImmutableArray<Diagnostic> Elsewhere);

    /// <summary>What is reported in one tree.</summary>
    public ImmutableArray<Diagnostic> In(SyntaxTree tree, CancellationToken cancel) =>
        Get(cancel).ByTree.TryGetValue(tree, out var list) ? list : ImmutableArray<Diagnostic>.Empty;

    /// <summary>What is reported without a place in source: options and annotation files.</summary>
    public ImmutableArray<Diagnostic> Elsewhere(CancellationToken cancel) => Get(cancel).Elsewhere;

    Results Get(CancellationToken cancel)
    {
        if (_results is { } done)
            return done;
        lock (_gate)
            return _results ??= Run(cancel);
    }

    Results Run(CancellationToken cancel)
    {
        var found = new List<Diagnostic>();
        var files = AnnotationFiles.Read(compilation, options.AdditionalFiles, cancel);
        found.AddRange(files.Problems.Select(static p => Diagnostic.Create(FENCE010.Descriptor, p.Location, p.Message)));
        var reader = new OptionsReader(options.AnalyzerConfigOptionsProvider, compilation.SyntaxTrees);
        var (engineOptions, includeThrowPaths) = reader.Read();
        found.AddRange(reader.Problems.Select(static p => Diagnostic.Create(FENCE010.Descriptor, Location.None, p.Message)));

        var annotations = new AnnotationStore(files.Annotations);
        var spans = new SpanMap(compilation);
        var contracts = new ContractReader(annotations, framework(), spans);
        var symbols = new SymbolTable(compilation, contracts, spans, includeThrowPaths);
        var models = new ModelCache(compilation);
        var members = new MemberLookup(compilation, symbols, models, indices, cancel);
        engineOptions = engineOptions with
        {
            LockOrders = Declarations.LockOrders(compilation, annotations),
            FenceSafeLocks = Declarations.FenceSafeLocks(members, symbols, annotations, cancel),
        };
        if (RuleSwitch.IsEnabled(FENCE012.Descriptor, compilation, cancel))
            engineOptions = engineOptions with { VisibleMembers = Declarations.VisibleMembers(compilation, symbols, cancel) };
        var vouched = Declarations.Vouched(members, symbols, annotations, cancel);
        engineOptions = engineOptions with { Vouched = vouched.Keys.OrderBy(static k => k, StringComparer.Ordinal).ToList() };
        var summaries = ReferenceSummaries.Read(compilation, options.AdditionalFiles, openSummary, cancel);
        var program = new RoslynProgram(compilation, symbols, members, models, summaries, cancel);
        var result = Engine.Analyze(program, engineOptions, cancel);
        found.AddRange(summaries.Problems.Select(static p => Diagnostic.Create(FENCE010.Descriptor, p.Location, p.Message)));
        found.AddRange(result.Findings.Select(f => f.Properties.TryGetValue("vouched", out string? id) ? Needless(f, vouched[id]) : ToDiagnostic(f, spans)).OfType<Diagnostic>());
        found.AddRange(new DeclarationRules(symbols, members, program, cancel).Check());
        found.AddRange(symbols.LockCopies.Select(c => Copy(c.Span, c.Type, spans)).OfType<Diagnostic>());

        var byTree = found.Where(static d => d.Location.IsInSource).GroupBy(static d => d.Location.SourceTree!)
            .ToImmutableDictionary(static g => g.Key, static g => g.OrderBy(static d => d.Location.SourceSpan.Start).ThenBy(static d => d.Id, StringComparer.Ordinal).ToImmutableArray());
        return new Results(byTree, found.Where(static d => !d.Location.IsInSource).ToImmutableArray());
    }

    /// <summary>A suggestion: the attribute is not wrong, only idle.</summary>
    static Diagnostic Needless(Finding finding, Location attribute) =>
        Diagnostic.Create(FENCE010.Descriptor, attribute, DiagnosticSeverity.Info, null, null, finding.Message);

    static Diagnostic? Copy(SourceSpan span, string type, SpanMap spans) => spans.ToLocation(span) is { } location
        ? Diagnostic.Create(FENCE010.Descriptor, location, $"This copies a lock ({type}): the copy is another lock; use it in place, or pass it by ref")
        : null;

    static Diagnostic? ToDiagnostic(Finding finding, SpanMap spans)
    {
        if (spans.ToLocation(finding.Span) is not { } location)
            return null;
        return Diagnostic.Create(
            Rule.Get(finding.Rule),
            location,
            finding.Hops.Select(spans.ToLocation).OfType<Location>(),
            finding.Properties.ToImmutableDictionary(static p => p.Key, static p => (string?)p.Value),
            finding.Message);
    }
}
