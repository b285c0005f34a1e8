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
        var replay = edit is not null && !edit.ChangesMentions(before!.BodiesByName.Keys) && !edit.ChangesMentions(before.DeclarationNames)
            ? new Replay(edit, program) : null;
        if (replay?.Reports() is { } same)
        {
            var moved = edit!.Changed.Any(id => program.Body(id).Effects.LockCopies.Count > 0) ? null
                : edit.Memo.Moved?.Union(edit.Changed.SelectMany(id => program.Body(id).Facts).Select(static f => f.Id));
            Remember(symbols, edit, program.Bodies, edit.Memo.Answers, same, edit.Memo.Engine, edit.Memo.Effects, moved);
            return same;
        }
        if (replay?.Changed() is { } changed)
        {
            program.GoOn(edit!.Memo.Effects);
            answers.GoOn(before!);
            if (Engine.Update(program, before!.Declared!.Options, edit.Memo.Engine, changed, cancel) is { } update)
                return Finish(symbols, program, answers, update, edit);
            program.GoOn(null);
        }
        if (edit is not null && !edit.ChangesMentions(before!.DeclarationNames))
        {
            answers.Seeds = before.Seeds;
            answers.Declared = before.Declared;
            answers.DeclarationNames.UnionWith(before.DeclarationNames);
        }
        answers.Declared ??= Declare(symbols, members, program, annotations, cancel);
        var result = Engine.Analyze(program, answers.Declared.Options, edit?.Memo.Engine, cancel);
        return Finish(symbols, program, answers, result, null);
    }

    /// <param name="update">What the result goes on from; null: nothing.</param>
    ImmutableArray<Report> Finish(SymbolTable symbols, RoslynProgram program, Answers answers, AnalysisResult result, ProgramEdit? update)
    {
        counts.EngineRun(result);
        var found = result.Findings.Select(f => ToReport(f, answers.Declared!))
            .Concat(answers.Declared!.Misuse)
            .Concat(program.Effects.LockCopies.OrderBy(static c => c.Span).Select(static c => Copy(c.Span, c.Type)))
            .Where(static r => !r.Span.IsNone).ToImmutableArray();
        Remember(symbols, update, program.Bodies, answers, found, result.Memo, program.Effects, NoneMoved);
        return found;
    }

    static readonly ImmutableHashSet<string> NoneMoved = ImmutableHashSet.Create<string>(StringComparer.Ordinal);

    /// <param name="edit">The bodies are to take the place of those that are known; null: they are all.</param>
    void Remember(
        SymbolTable symbols, ProgramEdit? edit, ImmutableDictionary<string, BodyMemo> bodies, Answers answers, ImmutableArray<Report> found, EngineMemo engine,
        BodyEffects effects, ImmutableHashSet<string>? moved)
    {
        // A summary that turned out to be broken has to be met again to be reported again. A place outside of all stretches moves with none.
        if (symbols.IsAmbiguous || spans.IsLoose || Summaries.Problems.Any())
            return;
        if (edit is not null)
            bodies = edit.Memo.Bodies.SetItems(bodies);
        var memo = new ProgramMemo(stamp, trees.Facts, bodies, answers, found, engine) { Effects = effects, Moved = moved };
        if (edit is not null)
            memo.KeepBodiesOf(edit.Memo);
        var slot = trees.Facts.Select(f => f.Slot(stamp)).FirstOrDefault(static s => s is not null);
        if (slot is null)
            slot = new MemoSlot(memo);
        else
            slot.Memo = memo;
        foreach (var facts in trees.Facts)
        {
            if (facts.Slot(stamp) != slot)
                facts.Remember(slot);
        }
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
