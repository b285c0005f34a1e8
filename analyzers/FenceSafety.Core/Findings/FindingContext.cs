using System.Collections.Immutable;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Flow;
using FenceSafety.Core.Graph;
using FenceSafety.Core.Summaries;

namespace FenceSafety.Core.Findings;

/// <summary>A reach of one event, closed: what flows to parameters is filled in.</summary>
public sealed record RootReach(SolvedBody Body, BodyEvent Event, Reach Reach);

/// <summary>What the rules look at. Computed once for all of them.</summary>
public sealed class FindingContext
{
    readonly Dictionary<string, HashSet<string>> _reachable = new(StringComparer.Ordinal);
    readonly Dictionary<string, List<LockEdge>> _edgesFrom = new(StringComparer.Ordinal);

    public FindingContext(
        BodyStore bodies, Summarizer summaries, LockNamer namer, LockOrderGraph graph, IReadOnlyList<AtomicViolation> atomic,
        ExternalRoots external, IProgram program, EngineOptions options)
    {
        Bodies = bodies;
        Summaries = summaries;
        Namer = namer;
        Graph = graph;
        Atomic = atomic;
        Program = program;
        Options = options;
        Callers = new CallerArguments(bodies);
        foreach (var e in graph.Edges)
        {
            if (!_edgesFrom.TryGetValue(e.From.Name, out var list))
                _edgesFrom.Add(e.From.Name, list = new List<LockEdge>());
            list.Add(e);
        }
        var critical = new List<RootReach>();
        var reclaim = new List<RootReach>();
        foreach (var body in bodies.All)
        {
            var contract = program.Contract(body.Facts.Id);
            if (contract.AssumeSafe)
                continue;
            foreach (var e in body.Events)
            {
                if (contract.Critical || e.InRegion)
                    critical.AddRange(Closed(body, e));
                if (contract.RunsInReclaim)
                    reclaim.AddRange(Closed(body, e));
            }
        }
        Critical = critical;
        Reclaim = reclaim;
        var fenceSafe = graph.Classes.Where(static c => c.FenceSafe).Select(static c => c.Name).Concat(options.FenceSafeLocks);
        FromFence = graph.Reach(Acquired(critical).Concat(fenceSafe).Concat(external.Fence));
        FromReclaim = graph.Reach(Acquired(reclaim).Concat(external.Reclaim));
        Scope = new FindingScope(this);
    }

    public BodyStore Bodies { get; }
    public Summarizer Summaries { get; }
    public LockNamer Namer { get; }
    public LockOrderGraph Graph { get; }
    public CallerArguments Callers { get; }
    public IReadOnlyList<AtomicViolation> Atomic { get; }
    public IProgram Program { get; }
    public EngineOptions Options { get; }

    /// <summary>Everything that fence-critical code reaches, first hop by first hop.</summary>
    public IReadOnlyList<RootReach> Critical { get; }

    /// <summary>The same for code that runs in reclaim.</summary>
    public IReadOnlyList<RootReach> Reclaim { get; }

    /// <summary>Lock classes that fence-critical code reaches in the graph.</summary>
    public Dictionary<string, string?> FromFence { get; }

    public Dictionary<string, string?> FromReclaim { get; }

    /// <summary>Where the rules apply that need no annotation.</summary>
    public FindingScope Scope { get; }

    public IReadOnlyList<LockEdge> EdgesFrom(string lockClass) =>
        _edgesFrom.TryGetValue(lockClass, out var list) ? list : (IReadOnlyList<LockEdge>)Array.Empty<LockEdge>();

    /// <summary>An allocation that may block, in the current mode.</summary>
    public bool Blocks(Reach r) => r.Sink is Sink.Effect e
        && (e.Kind == EffectKind.BlockingAllocation
            || (e.Kind == EffectKind.ManagedAllocation && Options.ManagedAllocations == ManagedAllocations.Blocking));

    public static bool IsFenceWait(Reach r) => r.Sink is Sink.Effect { Kind: EffectKind.FenceWait };

    /// <summary>The best reach of each first hop, in source order.</summary>
    public static IEnumerable<RootReach> FirstHops(IEnumerable<RootReach> reaches) =>
        reaches.GroupBy(static r => r.Reach.Chain.Span).OrderBy(static g => g.Key).Select(static g => g.Aggregate(
            static (a, b) => Chain.IsBetter(b.Reach.Chain, a.Reach.Chain) ? b : a));

    /// <summary>Is this body the one given, or one that it calls?</summary>
    public bool IsCalledFrom(string body, string root)
    {
        if (!_reachable.TryGetValue(root, out var set))
            _reachable.Add(root, set = Summaries.ReachableFrom(root));
        return set.Contains(body);
    }

    internal IEnumerable<RootReach> Closed(SolvedBody body, BodyEvent e) =>
        Summaries.Reader.Reaches(body, e).SelectMany(r => Summaries.Reader.Close(body, r, Callers)).Select(r => new RootReach(body, e, r));

    internal IEnumerable<string> Acquired(IEnumerable<RootReach> roots) =>
        roots.Where(static r => r.Reach.Sink is Sink.Acquire).SelectMany(r => ClassesOf(r)).Select(static c => c.Name);

    public ImmutableArray<LockClass> ClassesOf(RootReach root) =>
        Namer.Classes(((Sink.Acquire)root.Reach.Sink).Lock, root.Body, out _);
}
