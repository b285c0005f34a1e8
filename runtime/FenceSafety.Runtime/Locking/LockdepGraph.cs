using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;

namespace FenceSafety.Runtime.Locking;

/// <summary>
/// The lock-order graph of run-time lockdep. Its nodes are lock classes and the two contexts, fence-critical code and reclaim. An edge
/// that closes a cycle is reported once, with the stack of every edge on it. The order of reports follows the order of events alone.
/// </summary>
public sealed partial class LockdepGraph
{
    private static readonly LockdepGraph s_process = new();

    // For tests, which must not see each other's edges.
    [ThreadStatic]
    private static LockdepGraph? t_session;

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<(int From, int To), LockdepEdge> _edges = new();
    private readonly ConcurrentDictionary<(int Spin, int On), bool> _sleepsUnderSpin = new();
    private readonly Dictionary<LockClass, List<LockdepEdge>> _outgoing = [];
    private ImmutableArray<LockdepReport> _reports = [];

    internal LockdepGraph() => AddPrimed(LockClass.Reclaim, LockClass.Fence);

    /// <summary>
    /// Raised for each report, on the thread that made the last edge, before that thread waits for the lock. As long as nobody listens, the
    /// process's reports go to the standard error stream.
    /// </summary>
    public event Action<LockdepReport>? Reported;

    /// <summary>The graph that the calling thread's locks go to: the process's.</summary>
    public static LockdepGraph Current => t_session ?? s_process;

    /// <summary>What was reported so far, oldest first.</summary>
    public ImmutableArray<LockdepReport> Reports
    {
        get
        {
            lock (_gate)
            {
                return _reports;
            }
        }
    }

    /// <summary>The edges known so far, in the order of their first sight within each class.</summary>
    public ImmutableArray<LockdepEdge> Edges
    {
        get
        {
            lock (_gate)
            {
                return [.. _outgoing.Values.SelectMany(edges => edges)];
            }
        }
    }

    /// <summary>Tells the graph a documented order, as the kernel primes lockdep at boot: each class before the next.</summary>
    /// <param name="order">The classes, first to last; at least two.</param>
    /// <exception cref="ArgumentException">There are less than two.</exception>
    public void Prime(params ReadOnlySpan<LockClass> order)
    {
        if (order.Length < 2)
        {
            throw new ArgumentException($"An order takes at least two classes, and this has {order.Length}.", nameof(order));
        }

        for (int i = 1; i < order.Length; i++)
        {
            AddPrimed(order[i - 1], order[i]);
        }
    }

    /// <summary>Sets the graph of the calling thread; null for the process's.</summary>
    internal static void SetSession(LockdepGraph? graph) => t_session = graph;

    private void AddPrimed(LockClass from, LockClass to)
    {
        if (!_edges.ContainsKey((from.Id, to.Id)))
        {
            Add(new LockdepEdge(from, to, [], null));
        }
    }

    private void AddSeen(LockClass from, LockClass to)
    {
        if (!_edges.ContainsKey((from.Id, to.Id)))
        {
            Add(Seen(from, to));
        }
    }

    private static LockdepEdge Seen(LockClass from, LockClass to)
    {
        ImmutableArray<LockClass>.Builder held = ImmutableArray.CreateBuilder<LockClass>();
        foreach (HeldLock lockHeld in HeldLocks.All)
        {
            held.Add(lockHeld.Class);
        }

        return new LockdepEdge(from, to, held.ToImmutable(), new StackTrace(fNeedFileInfo: true));
    }

    private void Add(LockdepEdge edge)
    {
        LockdepReport? report = null;
        lock (_gate)
        {
            if (!_edges.TryAdd((edge.From.Id, edge.To.Id), edge))
            {
                return;
            }

            // Before the edge itself is there to be walked.
            if (FindPath(edge.To, edge.From) is { } back)
            {
                report = new LockdepReport(LockdepRules.Of(edge, back), [edge, .. back]);
            }

            if (!_outgoing.TryGetValue(edge.From, out List<LockdepEdge>? edges))
            {
                _outgoing.Add(edge.From, edges = []);
            }

            edges.Add(edge);
        }

        if (report is not null)
        {
            Publish(report);
        }
    }

    private void Publish(LockdepReport report)
    {
        lock (_gate)
        {
            _reports = _reports.Add(report);
        }

        if (Reported is { } reported)
        {
            reported(report);
        }
        else if (this == s_process)
        {
            Console.Error.WriteLine(report);
        }
    }

    /// <summary>The shortest path between two classes, the oldest of equals; empty from a class to itself, null if there is none.</summary>
    private List<LockdepEdge>? FindPath(LockClass from, LockClass to)
    {
        List<LockdepEdge> path = [];
        if (from == to)
        {
            return path;
        }

        Dictionary<LockClass, LockdepEdge> reachedBy = [];
        Queue<LockClass> next = new([from]);
        while (next.TryDequeue(out LockClass? at))
        {
            foreach (LockdepEdge edge in _outgoing.GetValueOrDefault(at, []))
            {
                if (edge.To == from || !reachedBy.TryAdd(edge.To, edge))
                {
                    continue;
                }

                if (edge.To != to)
                {
                    next.Enqueue(edge.To);
                    continue;
                }

                for (LockClass end = to; end != from; end = path[^1].From)
                {
                    path.Add(reachedBy[end]);
                }

                path.Reverse();
                return path;
            }
        }

        return null;
    }
}
