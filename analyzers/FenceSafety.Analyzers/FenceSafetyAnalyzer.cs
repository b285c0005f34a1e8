using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using FenceSafety.Analyzers.Framework;
using FenceSafety.Analyzers.Live;
using FenceSafety.Analyzers.References;
using FenceSafety.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace FenceSafety.Analyzers;

/// <summary>
/// A compile-time lockdep. All rules are statements about one graph, so one analyzer reports them; each report is made from the
/// semantic model of its own tree, and so is shown while typing and can be fixed.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class FenceSafetyAnalyzer : DiagnosticAnalyzer
{
    readonly ConditionalWeakTable<SyntaxTree, TreeFacts> _trees = new();
    readonly Lazy<FrameworkSummary> _framework;

    /// <summary>Creates the analyzer, which reads the framework's summary when a call needs it.</summary>
    public FenceSafetyAnalyzer()
        : this(FrameworkSummary.Load)
    {
    }

    /// <summary>For measurements: with another summary, or with none.</summary>
    internal FenceSafetyAnalyzer(Func<FrameworkSummary> framework)
    {
        _framework = new Lazy<FrameworkSummary>(
            () =>
            {
                Counts.SummaryOpened();
                return framework();
            },
            LazyThreadSafetyMode.PublicationOnly);
    }

    internal WorkCounts Counts { get; } = new();

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => Rule.All;

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(Start);
    }

    void Start(CompilationStartAnalysisContext context)
    {
        var analysis = new CompilationAnalysis(context.Compilation, context.Options, _trees, Counts, () => _framework.Value,
            text => context.TryGetValue(text, SummaryText.Provider, out var summary) ? summary : SummaryText.Open(text));
        context.RegisterSemanticModelAction(model =>
        {
            foreach (var diagnostic in analysis.In(model.SemanticModel, model.CancellationToken))
                model.ReportDiagnostic(diagnostic);
        });
        context.RegisterCompilationEndAction(end =>
        {
            foreach (var diagnostic in analysis.Elsewhere(end.CancellationToken))
                end.ReportDiagnostic(diagnostic);
        });
    }
}
