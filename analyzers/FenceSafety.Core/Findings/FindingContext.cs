using System.Collections.Immutable;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Flow;
using FenceSafety.Core.Graph;
using FenceSafety.Core.Summaries;

namespace FenceSafety.Core.Findings;

/// <summary>What the rules look at. Computed once for all of them.</summary>
public sealed class FindingContext
{
    readonly Dictionary<string, HashSet<string>> _reachable = new(StringComparer.Ordinal);
    readonly Lazy<ILookup<string, LockEdge>> _edgesFrom;

    internal FindingContext(
        BodyStore bodies, Summarizer summaries, LockNamer namer, LockFindings found, ExternalRoots external, CallerArguments callers, IProgram program, EngineOptions options)
    {
        Bodies = bodies;
        Summaries = summaries;
        Namer = namer;
        Graph = found.Graph;
        Contributions = found.Contributions;
        Program = program;
        Options = options;
        Callers = callers;
        _edgesFrom = new(() => Graph.Edges.ToLookup(static e => e.From.Name, StringComparer.Ordinal));
        Critical = Contributions.SelectMany(static c => c.Critical).ToList();
        var converted = Conversions.Of(this).ToList();
        Reclaim = Contributions.SelectMany(static c => c.Reclaim).Concat(converted.Where(static c => c.Reclaim).SelectMany(static c => c.Reaches)).ToList();
        Atomic = found.Atomic.Concat(converted.Where(static c => c.Atomic).SelectMany(c => c.Violations(this))).OrderBy(static a => a.Span).ToList();
        var fenceSafe = Graph.Classes.Where(static c => c.FenceSafe).Select(static c => c.Name).Concat(options.FenceSafeLocks);
        FromFence = Graph.Reach(Acquired(Critical).Concat(fenceSafe).Concat(external.Fence));
        FromReclaim = Graph.Reach(Acquired(Reclaim).Concat(external.Reclaim));
        Scope = new FindingScope(this);
    }

    /// <summary>What each body says that says anything, in the order of their ids.</summary>
    public IReadOnlyList<Contribution> Contributions { get; }

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

    public IEnumerable<LockEdge> EdgesFrom(string lockClass) => _edgesFrom.Value[lockClass];

    /// <summary>An allocation that may block, in the current mode.</summary>
    public bool Blocks(Reach r) => r.Sink is Sink.Effect e
        && (e.Kind == EffectKind.BlockingAllocation
            || (e.Kind == EffectKind.ManagedAllocation && Options.ManagedAllocations == ManagedAllocations.Blocking));

    public static bool IsFenceWait(Reach r) => r.Sink is Sink.Effect { Kind: EffectKind.FenceWait };

    /// <summary>The best reach of each first hop, in source order.</summary>
    public static IEnumerable<RootReach> FirstHops(IEnumerable<RootReach> reaches) =>
        reaches.GroupBy(static r => r.Reach.Chain.Span).OrderBy(static g => g.Key).Select(static g => g.Aggregate(
            static (a, b) => Chain.IsBetter(b.Reach.Chain, a.Reach.Chain) ? b : a));

    /// <summary>Is this body called, directly or not, from what runs in the critical section of the one given: all of it, or its regions?</summary>
    public bool IsCalledFrom(string body, SolvedBody root, bool regionsOnly)
    {
        if (!_reachable.TryGetValue(root.Facts.Id, out var set))
            _reachable.Add(root.Facts.Id, set = regionsOnly ? Summaries.ReachableFrom(CalledInRegions(root)) : Summaries.ReachableFrom(root.Facts.Id));
        return set.Contains(body);
    }

    IEnumerable<string> CalledInRegions(SolvedBody body)
    {
        foreach (var e in body.Events)
        {
            if (e.Op is not CallOp call || !e.InRegion)
                continue;
            foreach (string target in Bodies.Targets(call.Target, e.Receiver))
                yield return target;
            foreach (var r in e.Arguments.SelectMany(static a => a.Refs).Concat(e.Receiver.Refs))
            {
                if (r.Kind == RefKind.Delegate)
                    yield return r.Name;
            }
        }
    }

    internal IEnumerable<string> Acquired(IEnumerable<RootReach> roots) =>
        roots.Where(static r => r.Reach.Sink is Sink.Acquire).SelectMany(r => ClassesOf(r)).Select(static c => c.Name);

    public ImmutableArray<LockClass> ClassesOf(RootReach root) =>
        Namer.Classes(((Sink.Acquire)root.Reach.Sink).Lock, root.Body, out _);
}
