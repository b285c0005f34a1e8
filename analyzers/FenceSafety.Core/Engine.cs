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
    readonly EngineMemo _now;
    readonly SummaryMemo _summaries;

    Engine(IProgram program, EngineOptions options, EngineMemo? before, EngineMemo now, CancellationToken cancel)
    {
        _program = program;
        _options = options;
        _before = before;
        _now = now;
        _summaries = new SummaryMemo(before, _now);
        _cancel = cancel;
    }

    public static AnalysisResult Analyze(IProgram program, EngineOptions options, CancellationToken cancel) =>
        Analyze(program, options, null, cancel);

    /// <param name="before">What is known of an earlier run over the same declarations, or null. The findings are the same.</param>
    public static AnalysisResult Analyze(IProgram program, EngineOptions options, EngineMemo? before, CancellationToken cancel) =>
        new Engine(program, options, before, new EngineMemo(), cancel).Run();

    /// <summary>
    /// Goes on from where an earlier run ended, if the facts of some bodies are others than they were then, and all else that was asked of
    /// the program would be answered as it was. Null if that is not enough; else the findings are those of <see cref="Analyze(IProgram, EngineOptions, CancellationToken)"/>.
    /// </summary>
    public static AnalysisResult? Update(IProgram program, EngineOptions options, EngineMemo before, IReadOnlyCollection<string> changed, CancellationToken cancel) =>
        before.State is { } state ? new Engine(program, options, null, before.Fork(), cancel).Update(state, changed) : null;

    /// <summary>The same without rules: what a summary is made of.</summary>
    internal static FindingContext Solve(IProgram program, EngineOptions options, BodyStore bodies, CancellationToken cancel) =>
        new Engine(program, options, null, new EngineMemo(), cancel).Reach(bodies);

    AnalysisResult Run() => Result(Reach(new BodyStore(_program, _before, _now, _cancel)), isUpdate: false);

    AnalysisResult Result(FindingContext context, bool isUpdate)
    {
        var findings = FindingBuilder.Build(context, _cancel);
        return new AnalysisResult(findings, context.Bodies.Count, context.Bodies.Solved, _summaries.Summarized, context.Graph.Edges.Count, _now)
        {
            ChangedFlows = context.Bodies.SolvedBodies,
            ChangedSummaries = _summaries.Bodies.Count,
            Visited = context.Summaries.Visited,
            IsUpdate = isUpdate,
        };
    }

    FindingContext Reach(BodyStore bodies)
    {
        var roots = new HashSet<string>(_program.Seeds.Concat(_options.VisibleMembers).Concat(_options.Vouched), StringComparer.Ordinal);
        foreach (string root in roots)
            bodies.Add(root);
        bool isAlone = true;
        foreach (string name in _program.ExternalCallNames)
        {
            isAlone = false;
            bodies.AddMentioning(name);
        }
        LockNamer? namer = null;
        Summarizer? summarizer = null;
        while (true)
        {
            bodies.Solve();
            var names = LockNamer.Create(bodies);
            // What is known of reaches stays known when bodies come in late, unless that changes others or gives other names to locks. Who
            // makes a summary file joins calls as they come in: all of them, then, in one go.
            if (summarizer is null || namer!.Key != names.Key || !summarizer.IsCurrent || _options.KeepCalls)
            {
                namer = names;
                summarizer = new Summarizer(bodies, namer, _program, _options, _summaries, _cancel);
            }
            if (!summarizer.Run())
                continue;
            var collector = new EdgeCollector(bodies, summarizer, namer, _program, _options);
            var contributions = bodies.All.Select(b => collector.Of(b, _cancel)).ToList();
            var (edges, external) = collector.External(_cancel);
            var found = LockFindings.Of(contributions, edges, _options);
            var context = new FindingContext(bodies, summarizer, namer, found, external, collector.Callers, _program, _options);
            if (collector.Callers.ReadCallers() || (collector.Callers.IsAsked && summarizer.IsIncomplete) || FENCE004.ReadCallers(context))
                continue;
            // What summaries of other assemblies say of a body here is not told apart from what it says itself.
            if (isAlone && !collector.Callers.IsAsked && !summarizer.ExternalBodies.Any() && !_options.KeepCalls && !bodies.HasStrays && !summarizer.HasStrays)
                _now.State = new EngineState(bodies.State, summarizer.Finish(), namer, found) { Roots = roots };
            return context;
        }
    }

    AnalysisResult? Update(EngineState before, IReadOnlyCollection<string> changed)
    {
        var bodies = new BodyStore(_program, before.Bodies, _now, _cancel);
        if (!bodies.Change(changed))
            return null;
        var summarizer = new Summarizer(bodies, before.Names, _program, _options, _summaries, before.Summaries, _cancel);
        int solved;
        do
        {
            solved = bodies.Touched.Count;
            if (!summarizer.Update(bodies.Touched.ToList()))
                return null;
            bodies.Solve();
        }
        while (bodies.Touched.Count > solved);
        if (!bodies.IsSettled(before.Names) || !summarizer.IsSettled(before.Roots))
            return null;
        var collector = new EdgeCollector(bodies, summarizer, before.Names, _program, _options);
        var contributions = summarizer.Changed.Select(bodies.Find).OfType<SolvedBody>().ToDictionary(static b => b.Facts.Id, b => collector.Of(b, _cancel), StringComparer.Ordinal);
        if (collector.Callers.IsAsked)
            return null;
        var found = before.Found.With(contributions, _options);
        var context = new FindingContext(bodies, summarizer, before.Names, found, ExternalRoots.None, collector.Callers, _program, _options);
        _now.State = new EngineState(bodies.State, summarizer.Finish(), before.Names, found) { Roots = before.Roots };
        return Result(context, isUpdate: true);
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

    /// <summary>Bodies that were looked at: all of them, or those that an update leads to.</summary>
    public int Visited { get; init; }

    /// <summary>The run went on from where the last one ended.</summary>
    public bool IsUpdate { get; init; }
}
