using FenceSafety.Core.Facts;
using FenceSafety.Core.Graph;
using FenceSafety.Core.Summaries;

namespace FenceSafety.Core.Findings;

/// <summary>Why a lock class may not be taken: a path of classes, and what is done elsewhere under the last of them.</summary>
public sealed record Taint(IReadOnlyList<string> Path, LockEdge Effect);

/// <summary>Finds the paths lock class → … → reclaim or fence, made elsewhere.</summary>
public sealed class TaintFinder(FindingContext context, bool reclaim)
{
    readonly Dictionary<string, Taint?> _cache = new(StringComparer.Ordinal);
    HashSet<string>? _offending;

    /// <summary>Does this edge lead to the context node that must not be reached?</summary>
    bool Offends(LockEdge e)
    {
        if (e.To is not null || e.Critical || (reclaim && e.InReclaim) || e.Reach.EdgeOnly)
            return false;
        if (context.Blocks(e.Reach))
            return reclaim || context.Options.ReclaimWaitsForFences;
        return !reclaim && FindingContext.IsFenceWait(e.Reach);
    }

    Taint? Of(string lockClass)
    {
        if (_cache.TryGetValue(lockClass, out var known))
            return known;
        return _cache[lockClass] = Find(lockClass, null);
    }

    Taint? Find(string lockClass, string? avoided)
    {
        _offending ??= new HashSet<string>(context.Graph.Edges.Where(Offends).Select(static e => e.From.Name), StringComparer.Ordinal);
        var path = _offending.Count == 0 ? null : context.Graph.Path(lockClass, _offending.Contains, avoided);
        return path is null ? null : new Taint(path, Best(path[path.Count - 1], static _ => true)!);
    }

    /// <summary>On a path that does not come back to the class from which it is asked.</summary>
    Taint? Behind(string next, string lockClass) =>
        Of(next) is { } behind && behind.Path.Contains(lockClass) ? Find(next, lockClass) : Of(next);

    LockEdge? Best(string lockClass, Func<LockEdge, bool> filter)
    {
        LockEdge? best = null;
        foreach (var e in context.EdgesFrom(lockClass))
        {
            if (Offends(e) && filter(e) && (best is null || Chain.IsBetter(e.Reach.Chain, best.Reach.Chain)))
                best = e;
        }
        return best;
    }

    /// <summary>
    /// The taint of a class as one critical body sees it: paths that begin with an edge of that body itself, or of what it calls, are
    /// reported where that edge is made.
    /// </summary>
    public Taint? For(string lockClass, RootReach root)
    {
        if (Of(lockClass) is not { } taint)
            return null;
        string body = root.Body.Facts.Id;
        // A region of a body that runs in reclaim is critical; what that body does outside of it is elsewhere.
        bool declared = context.Program.Contract(body) is { Critical: true } || (reclaim && context.Program.Contract(body).RunsInReclaim);
        bool IsCalled(string id) => context.IsCalledFrom(id, root.Body, regionsOnly: !declared);
        bool IsMadeHere(LockEdge e) => declared || (e.Body == body ? e.Critical : IsCalled(e.Body));
        bool IsOwn(LockEdge e) => e.Makers.All(m => m == body ? IsMadeHere(e) : IsCalled(m));
        if (Best(lockClass, e => !IsOwn(e)) is { } direct)
            return new Taint(new[] { lockClass }, direct);
        foreach (var e in context.EdgesFrom(lockClass))
        {
            if (e.To is null || e.To.Name == lockClass || IsOwn(e))
                continue;
            if (Behind(e.To.Name, lockClass) is { } behind)
                return new Taint(new[] { lockClass }.Concat(behind.Path).ToList(), behind.Effect);
        }
        // Declared orders are nobody's own.
        foreach (string next in context.Graph.Next(lockClass).Where(n => context.Graph.IsDeclared(lockClass, n)))
        {
            if (Behind(next, lockClass) is { } behind)
                return new Taint(new[] { lockClass }.Concat(behind.Path).ToList(), behind.Effect);
        }
        return null;
    }
}
