using FenceSafety.Core.Facts;
using FenceSafety.Core.Findings;
using FenceSafety.Core.Flow;
using FenceSafety.Core.Graph;
using FenceSafety.Core.Memo;
using FenceSafety.Core.Summaries;

namespace FenceSafety.Core;

/// <summary>
/// The whole analysis of one program: solves bodies from the seeds on, follows what they reach, builds the lock-order graph and
/// finds its cycles. Nothing is read that no rule needs; nothing is kept of a run that was cancelled.
/// </summary>
public sealed class Engine
{
    readonly IProgram _program;
    readonly EngineOptions _options;
    readonly CancellationToken _cancel;

    readonly EngineMemo? _before;
    readonly EngineMemo _now = new();
    readonly SummaryMemo _summaries;

    Engine(IProgram program, EngineOptions options, EngineMemo? before, CancellationToken cancel)
    {
        _program = program;
        _options = options;
        _before = before;
        _summaries = new SummaryMemo(before, _now);
        _cancel = cancel;
    }

    public static AnalysisResult Analyze(IProgram program, EngineOptions options, CancellationToken cancel) =>
        Analyze(program, options, null, cancel);

    /// <param name="before">What is known of an earlier run over the same declarations, or null. The findings are the same.</param>
    public static AnalysisResult Analyze(IProgram program, EngineOptions options, EngineMemo? before, CancellationToken cancel) =>
        new Engine(program, options, before, cancel).Run();

    /// <summary>The same without rules: what a summary is made of.</summary>
    internal static FindingContext Solve(IProgram program, EngineOptions options, BodyStore bodies, CancellationToken cancel) =>
        new Engine(program, options, null, cancel).Reach(bodies).Context;

    AnalysisResult Run()
    {
        var (context, edges) = Reach(new BodyStore(_program, _before, _now, _cancel));
        return new AnalysisResult(FindingBuilder.Build(context, _cancel), context.Bodies.Count, context.Bodies.Solved, _summaries.Summarized, edges, _now)
        {
            ChangedFlows = context.Bodies.SolvedBodies,
            ChangedSummaries = _summaries.Bodies.Count,
        };
    }

    (FindingContext Context, int Edges) Reach(BodyStore bodies)
    {
        foreach (string seed in _program.Seeds)
            bodies.Add(seed);
        foreach (string wanted in _options.VisibleMembers.Concat(_options.Vouched))
            bodies.Add(wanted);
        foreach (string name in _program.ExternalCallNames)
            bodies.AddMentioning(name);
        LockNamer? namer = null;
        Summarizer? summarizer = null;
        while (true)
        {
            bodies.Solve();
            var names = LockNamer.Create(bodies, _program);
            // What is known of reaches stays known when bodies come in late, unless that changes others or gives other names to locks. Who
            // makes a summary file joins calls as they come in: all of them, then, in one go.
            if (summarizer is null || namer!.Key != names.Key || !summarizer.IsCurrent || _options.KeepCalls)
            {
                namer = names;
                summarizer = new Summarizer(bodies, namer, _program, _options, _summaries, _cancel);
            }
            if (!summarizer.Run())
                continue;
            var (edges, atomic, external) = EdgeCollector.Collect(bodies, summarizer, namer, _program, _options, _cancel);
            var graph = LockOrderGraph.Build(edges, _options);
            var context = new FindingContext(bodies, summarizer, namer, graph, atomic, external, _program, _options);
            if (context.Callers.ReadCallers() || (context.Callers.IsAsked && summarizer.IsIncomplete) || FENCE004.ReadCallers(context))
                continue;
            return (context, edges.Count);
        }
    }
}

/// <summary>What a run found and what it cost.</summary>
/// <param name="Memo">For the next run.</param>
public sealed record AnalysisResult(IReadOnlyList<Finding> Findings, int BodiesRead, int BodiesSolved, int BodiesSummarized, int Edges, EngineMemo Memo)
{
    /// <summary>How many bodies were not found in the memo: flows. <see cref="BodiesSolved"/> counts each time.</summary>
    public int ChangedFlows { get; init; }

    /// <summary>The same of summaries.</summary>
    public int ChangedSummaries { get; init; }
}
