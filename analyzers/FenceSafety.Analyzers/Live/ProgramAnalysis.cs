using System.Collections.Immutable;
using FenceSafety.Analyzers.Annotations;
using FenceSafety.Analyzers.Framework;
using FenceSafety.Analyzers.Program;
using FenceSafety.Analyzers.References;
using FenceSafety.Analyzers.Rules;
using FenceSafety.Core;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Findings;
using FenceSafety.Core.Memo;
using Microsoft.CodeAnalysis;
using Misuse = FenceSafety.Analyzers.Rules.FENCE010;

namespace FenceSafety.Analyzers.Live;

/// <summary>
/// Analyses one compilation: from nothing, or from what is known of an earlier one that differs inside bodies alone. Both give the same
/// reports; only a complete run is remembered.
/// </summary>
sealed class ProgramAnalysis(Compilation compilation, ModelCache models, ProgramTrees trees, SpanMap spans, ProgramStamp stamp, WorkCounts counts)
{
    public required AnnotationFileContents Files { get; init; }
    public required Func<FrameworkSummary> Framework { get; init; }
    public required ReferenceSummaries Summaries { get; init; }
    public required EngineOptions Options { get; init; }
    public required bool ChecksVisible { get; init; }
    public required bool IncludeThrowPaths { get; init; }

    public ImmutableArray<Report> Reports(CancellationToken cancel)
    {
        if (ProgramEdit.Find(trees, stamp, spans, cancel) is { } edit)
        {
            try
            {
                return Run(edit, cancel);
            }
            catch (StaleMemoException)
            {
                // Something that was known has no name any more: from nothing, then.
            }
        }
        return Run(null, cancel);
    }

    ImmutableArray<Report> Run(ProgramEdit? edit, CancellationToken cancel)
    {
        var annotations = new AnnotationStore(Files.Annotations);
        var contracts = new ContractReader(annotations, Framework, spans);
        var symbols = new SymbolTable(compilation, contracts, spans, IncludeThrowPaths, counts, hasMemo: edit is not null);
        var before = edit?.Memo.Answers;
        var answers = new Answers(before);
        var members = new MemberLookup(symbols, models, trees, answers, edit, cancel);
        var program = new RoslynProgram(compilation, symbols, members, models, Summaries, trees, answers, edit, cancel);
        if (edit is not null && new Replay(edit, program).Reports() is { } same)
        {
            Remember(symbols, edit.Carry(edit.Memo.Bodies, program.Body), edit.Memo.Answers, same, edit.Memo.Engine);
            return same;
        }
        if (edit is not null && !edit.ChangesMentions(before!.DeclarationNames))
        {
            answers.Seeds = before.Seeds;
            answers.Declared = before.Declared;
            answers.DeclarationNames.UnionWith(before.DeclarationNames);
        }
        answers.Declared ??= Declare(symbols, members, program, annotations, cancel);
        var result = Engine.Analyze(program, answers.Declared.Options, edit?.Memo.Engine, cancel);
        counts.EngineRun(result);
        var found = result.Findings.Select(f => ToReport(f, answers.Declared))
            .Concat(answers.Declared.Misuse)
            .Concat(program.Effects.LockCopies.OrderBy(static c => c.Span).Select(static c => Copy(c.Span, c.Type)))
            .Where(static r => !r.Span.IsNone).ToImmutableArray();
        Remember(symbols, program.Bodies, answers, found, result.Memo);
        return found;
    }

    void Remember(SymbolTable symbols, ImmutableDictionary<string, BodyMemo> bodies, Answers answers, ImmutableArray<Report> found, EngineMemo engine)
    {
        // A summary that turned out to be broken has to be met again to be reported again. A place outside of all stretches moves with none.
        if (symbols.IsAmbiguous || spans.IsLoose || Summaries.Problems.Any())
            return;
        var memo = new ProgramMemo(stamp, trees.Facts, bodies, answers, found, engine);
        foreach (var facts in trees.Facts)
            facts.Remember(memo);
    }

    Declared Declare(SymbolTable symbols, MemberLookup members, RoslynProgram program, AnnotationStore annotations, CancellationToken cancel)
    {
        var vouched = Declarations.Vouched(members, symbols, annotations, cancel);
        var options = Options with
        {
            LockOrders = Declarations.LockOrders(compilation, annotations),
            FenceSafeLocks = Declarations.FenceSafeLocks(members, symbols, annotations, cancel),
            VisibleMembers = ChecksVisible ? Declarations.VisibleMembers(compilation, symbols, cancel) : Array.Empty<string>(),
            Vouched = vouched.Keys.OrderBy(static k => k, StringComparer.Ordinal).ToList(),
        };
        var misuse = new DeclarationRules(symbols, members, program, cancel).Check().Select(d => Report.Of(d, spans)).ToImmutableArray();
        return new Declared(
            options, vouched.ToImmutableDictionary(static v => v.Key, v => spans.Of(v.Value.SourceTree!, v.Value.SourceSpan), StringComparer.Ordinal), misuse);
    }

    /// <summary>A suggestion to take an attribute away stands at the attribute: it is not wrong, only idle.</summary>
    static Report ToReport(Finding finding, Declared declared) => finding.Properties.TryGetValue(FenceSafety.Core.Findings.FENCE010.Vouched, out string? id)
        ? new Report(finding.Rule, declared.Vouched[id], finding.Message) { IsSuggestion = true }
        : Report.Of(finding);

    static Report Copy(SourceSpan span, string type) =>
        new(Misuse.Descriptor.Id, span, $"This copies a lock ({type}): the copy is another lock; use it in place, or pass it by ref");
}
