using System.Runtime.CompilerServices;
using FenceSafety.Analyzers.Annotations;
using FenceSafety.Analyzers.Framework;
using FenceSafety.Analyzers.Program;
using FenceSafety.Core;
using FenceSafety.Core.Findings;
using FenceSafety.Differential.Tests.Checking;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FenceSafety.Differential.Tests.Power;

/// <summary>
/// The analyzer taken apart: its front end reads a compilation once, and its engine runs over that again and again, with a defect between
/// the two each time. A test compares it, without a defect, with the analyzer itself.
/// </summary>
internal sealed class FrontEnd
{
    private readonly SpanMap _spans;
    private readonly EngineOptions _options;

    public FrontEnd(CSharpCompilation compilation)
    {
        var annotations = new AnnotationStore(AnnotationFiles.Read(compilation, [], CancellationToken.None).Annotations);
        _spans = new SpanMap(compilation);
        var symbols = new SymbolTable(compilation, new ContractReader(annotations, FrameworkSummary.Load(), _spans), _spans, false);
        var models = new ModelCache(compilation);
        var members = new MemberLookup(compilation, symbols, models, new ConditionalWeakTable<SyntaxTree, IdentifierIndex>(), CancellationToken.None);
        _options = new EngineOptions
        {
            LockOrders = Declarations.LockOrders(compilation, annotations),
            FenceSafeLocks = Declarations.FenceSafeLocks(members, symbols, annotations, CancellationToken.None),
        };
        Program = new RoslynProgram(compilation, symbols, members, models, CancellationToken.None);
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
