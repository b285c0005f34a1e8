using FenceSafety.Core.Facts;
using FenceSafety.Core.Findings;
using FenceSafety.Core.Flow;
using FenceSafety.Core.Graph;
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

    Engine(IProgram program, EngineOptions options, CancellationToken cancel)
    {
        _program = program;
        _options = options;
        _cancel = cancel;
    }

    public static AnalysisResult Analyze(IProgram program, EngineOptions options, CancellationToken cancel) =>
        new Engine(program, options, cancel).Run();

    /// <summary>The same without rules: what a summary is made of.</summary>
    internal static FindingContext Solve(IProgram program, EngineOptions options, BodyStore bodies, CancellationToken cancel) =>
        new Engine(program, options, cancel).Reach(bodies).Context;

    AnalysisResult Run()
    {
        var (context, edges) = Reach(new BodyStore(_program, _cancel));
        return new AnalysisResult(FindingBuilder.Build(context, _cancel), context.Bodies.Count, context.Bodies.Solved, edges);
    }

    (FindingContext Context, int Edges) Reach(BodyStore bodies)
    {
        foreach (string seed in _program.Seeds)
            bodies.Add(seed);
        foreach (string wanted in _options.VisibleMembers.Concat(_options.Vouched))
            bodies.Add(wanted);
        foreach (string name in _program.ExternalCallNames)
            bodies.AddMentioning(name);
        while (true)
        {
            bodies.Solve();
            var namer = LockNamer.Create(bodies, _program);
            var summarizer = new Summarizer(bodies, namer, _program, _options, _cancel);
            if (!summarizer.Run())
                continue;
            var (edges, atomic, external) = EdgeCollector.Collect(bodies, summarizer, namer, _program, _options, _cancel);
            var graph = LockOrderGraph.Build(edges, _options);
            var context = new FindingContext(bodies, summarizer, namer, graph, atomic, external, _program, _options);
            if (FENCE004.ReadCallers(context))
                continue;
            return (context, edges.Count);
        }
    }
}

/// <summary>What a run found and what it cost.</summary>
public sealed record AnalysisResult(IReadOnlyList<Finding> Findings, int BodiesRead, int BodiesSolved, int Edges);
