using System.Runtime.CompilerServices;
using FenceSafety.Analyzers.Annotations;
using FenceSafety.Analyzers.Framework;
using FenceSafety.Analyzers.Live;
using FenceSafety.Analyzers.Program;
using FenceSafety.Analyzers.References;
using FenceSafety.Core;
using FenceSafety.Core.Findings;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FenceSafety.Differential.Tests.Power;

using Report = FenceSafety.Differential.Tests.Checking.Report;

/// <summary>
/// The analyzer taken apart: its front end reads a compilation once, and its engine runs over that again and again, with a defect between
/// the two each time. A test compares it, without a defect, with the analyzer itself.
/// </summary>
internal sealed class FrontEnd
{
    private static readonly Lazy<FrameworkSummary> s_framework = new(FrameworkSummary.Load);

    private readonly SpanMap _spans;
    private readonly EngineOptions _options;

    public FrontEnd(CSharpCompilation compilation)
    {
        var cancel = CancellationToken.None;
        var annotations = new AnnotationStore(AnnotationFiles.Read(compilation, [], cancel).Annotations);
        _spans = new SpanMap(compilation);
        var counts = new WorkCounts();
        var answers = new Answers();
        var models = new ModelCache(compilation);
        var trees = new ProgramTrees(compilation, models, new ConditionalWeakTable<SyntaxTree, TreeFacts>(), counts, cancel);
        var symbols = new SymbolTable(compilation, new ContractReader(annotations, static () => s_framework.Value, _spans), _spans, false, counts, hasMemo: false);
        var members = new MemberLookup(symbols, models, trees, answers, null, cancel);
        var summaries = ReferenceSummaries.Read(compilation, [], SummaryText.Open, cancel);
        _options = new EngineOptions
        {
            LockOrders = Declarations.LockOrders(compilation, annotations),
            FenceSafeLocks = Declarations.FenceSafeLocks(members, symbols, annotations, cancel),
        };
        Program = new RoslynProgram(compilation, symbols, members, models, summaries, trees, answers, null, cancel);
        Places = new SourcePlaces(compilation);
    }

    public IProgram Program { get; }

    public SourcePlaces Places { get; }

    public List<Report> Run(Defect? defect)
    {
        IProgram program = defect is null ? Program : new DefectiveProgram(Program, defect, Places);
        EngineOptions options = defect?.Options is { } change ? change(_options) : _options;
        return [.. Engine.Analyze(program, options, CancellationToken.None).Findings
            .Where(f => defect?.Keeps is not { } keeps || keeps(f)).Select(ToReport).OfType<Report>()];
    }

    private Report? ToReport(Finding finding)
    {
        if (_spans.ToLocation(finding.Span) is not { } location)
            return null;
        FileLinePositionSpan at = location.GetLineSpan();
        return new Report(finding.Rule, at.Path, at.StartLinePosition.Line + 1, finding.Message);
    }
}
