using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using FenceSafety.Analyzers.Annotations;
using FenceSafety.Analyzers.Framework;
using FenceSafety.Analyzers.Live;
using FenceSafety.Analyzers.Options;
using FenceSafety.Analyzers.Program;
using FenceSafety.Analyzers.References;
using FenceSafety.Core;
using FenceSafety.Core.Findings;
using FenceSafety.Differential.Tests.Checking;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FenceSafety.Differential.Tests.Power;

using Report = FenceSafety.Differential.Tests.Checking.Report;

/// <summary>
/// The analyzer taken apart: its front end reads a compilation once, and its engine runs over that again and again, with a defect between
/// the two each time. A test compares it, without a defect, with the analyzer itself.
/// </summary>
internal sealed class FrontEnd
{
    private static readonly Lazy<FrameworkSummary> s_framework = new(FrameworkSummary.Load);

    private readonly CSharpCompilation _compilation;
    private readonly SpanMap _spans;
    private readonly EngineOptions _options;
    private readonly Mode _mode;
    private readonly ImmutableArray<AdditionalText> _files;
    private FrontEnd? _withoutAnnotations;

    public FrontEnd(CSharpCompilation compilation, Mode mode, ImmutableArray<AdditionalText> files)
    {
        var cancel = CancellationToken.None;
        _compilation = compilation;
        var annotations = new AnnotationStore(AnnotationFiles.Read(compilation, files, cancel).Annotations);
        _spans = new SpanMap(compilation);
        var counts = new WorkCounts();
        var (options, includeThrowPaths) = new OptionsReader(mode, compilation.SyntaxTrees).Read();
        (_mode, _files) = (mode, files);
        var answers = new Answers();
        var models = new ModelCache(compilation);
        var trees = new ProgramTrees(compilation, models, new ConditionalWeakTable<SyntaxTree, TreeFacts>(), counts, cancel);
        var symbols = new SymbolTable(compilation, new ContractReader(annotations, static () => s_framework.Value, _spans), _spans, includeThrowPaths, counts, hasMemo: false);
        var members = new MemberLookup(symbols, models, trees, answers, null, cancel);
        var summaries = ReferenceSummaries.Read(compilation, files, SummaryText.Open, cancel);
        _options = options with
        {
            LockOrders = Declarations.LockOrders(compilation, annotations),
            FenceSafeLocks = Declarations.FenceSafeLocks(members, symbols, annotations, cancel),
            VisibleMembers = mode.ChecksVisible ? Declarations.VisibleMembers(compilation, symbols, cancel) : [],
            Vouched = [.. Declarations.Vouched(members, symbols, annotations, cancel).Keys.Order(StringComparer.Ordinal)],
        };
        Program = new RoslynProgram(compilation, symbols, members, models, summaries, trees, answers, null, cancel);
        Places = new SourcePlaces(compilation);
    }

    public IProgram Program { get; }

    public EngineOptions Options => _options;

    public SourcePlaces Places { get; }

    public List<Report> Run(Defect? defect)
    {
        if (defect is { ForgetsAnnotations: true })
        {
            _withoutAnnotations ??= new FrontEnd(_compilation, _mode, _files.RemoveAll(static f => f.Path.EndsWith(AnnotationFiles.Suffix, StringComparison.Ordinal)));
            return _withoutAnnotations.Run(null);
        }

        IProgram program = defect is null ? Program : new DefectiveProgram(Program, defect, Places);
        EngineOptions options = defect?.Options is { } change ? change(_options) : _options;
        return [.. Engine.Analyze(program, options, CancellationToken.None).Findings
            .Where(f => defect?.Keeps is not { } keeps || keeps(f)).Select(ToReport).OfType<Report>()];
    }

    /// <summary>What is found of this compilation, by rule and member.</summary>
    public IEnumerable<(string Rule, string Member)> Findings() =>
        from finding in Engine.Analyze(Program, _options, CancellationToken.None).Findings
        let member = _spans.ToLocation(finding.Span) is { } at ? MemberAt(at) : null
        where member is not null
        select (finding.Rule, member);

    /// <summary>The members whose text has this in it.</summary>
    public IEnumerable<string> MembersWith(string text) =>
        from tree in _compilation.SyntaxTrees
        from member in tree.GetRoot().DescendantNodes().OfType<BaseMethodDeclarationSyntax>()
        where member.ToString().Contains(text, StringComparison.Ordinal)
        select _compilation.GetSemanticModel(tree).GetDeclaredSymbol(member)!.GetDocumentationCommentId();

    private string? MemberAt(Location at)
    {
        SyntaxNode node = at.SourceTree!.GetRoot().FindNode(at.SourceSpan);
        ISymbol? symbol = node.AncestorsAndSelf().Select(n => _compilation.GetSemanticModel(at.SourceTree).GetDeclaredSymbol(n))
            .FirstOrDefault(s => s is IMethodSymbol { MethodKind: not (MethodKind.LambdaMethod or MethodKind.LocalFunction) } or INamedTypeSymbol { IsAnonymousType: false });
        return symbol?.GetDocumentationCommentId();
    }

    private Report? ToReport(Finding finding)
    {
        if (_spans.ToLocation(finding.Span) is not { } location)
            return null;
        FileLinePositionSpan at = location.GetLineSpan();
        return new Report(finding.Rule, at.Path, at.StartLinePosition.Line + 1, finding.Properties.GetValueOrDefault("lockClass"), finding.Message);
    }
}
