using System.Collections.Immutable;
using FenceSafety.Core.Flow;

namespace FenceSafety.Core.Summaries;

/// <summary>Edges that callers have to close: they know the lock that is held, or what is done under it.</summary>
public sealed partial class Summarizer
{
    void AddPendings(SolvedBody body, BodyEvent e, Reach r, List<Pending> pendings)
    {
        if (!e.UnderLock || !_options.MattersUnderLock(r.Sink))
            return;
        foreach (var h in e.Held)
        {
            if (!h.IsLock || r.Spent.Contains(h.Site))
                continue;
            foreach (var l in h.Lock.Refs)
            {
                if (IsOpen(l, r.Sink, body))
                    pendings.Add(new Pending(body.Facts.Id, e.Site, h, l, r));
            }
        }
    }

    /// <summary>Between two classes that are known callers have nothing to say.</summary>
    bool IsOpen(Ref held, Sink sink, SolvedBody body)
    {
        if (!held.IsSymbolic && !sink.IsSymbolic)
            return false;
        if (_namer.Classes(held, body, out _).IsEmpty)
            return true;
        return sink.IsSymbolic && !(sink is Sink.Acquire { Lock: var taken } && !_namer.Classes(taken, body, out _).IsEmpty);
    }

    /// <summary>So many objects that the same lock is held in may be any: else a ring of calls would tell of one more each time.</summary>
    const int MaxObjects = 4;

    List<Pending> JoinObjects(List<Pending> pendings, SolvedBody body)
    {
        if (pendings.Count <= MaxObjects)
            return pendings;
        var objects = new Dictionary<(string, int, int, string, Sink), HashSet<Ref>>();
        foreach (var p in pendings)
        {
            if (p.Lock is not { Kind: RefKind.Field, Base: not null })
                continue;
            if (!objects.TryGetValue(Held(p), out var set))
                objects.Add(Held(p), set = new HashSet<Ref>());
            set.Add(p.Lock);
        }
        return pendings.Select(p => IsOneOfMany(p) ? p with { Lock = ByClass(p.Lock) } : p).ToList();

        static (string, int, int, string, Sink) Held(Pending p) => (p.Body, p.Site, p.Held.Site, p.Lock.Name, p.Reach.Sink);

        bool IsOneOfMany(Pending p) => p.Lock is { Kind: RefKind.Field, Base: not null } && objects[Held(p)] is var all
            && (all.Count > MaxObjects || all.Contains(ByClass(p.Lock))) && !_namer.Classes(p.Lock, body, out _).IsEmpty;
    }

    static ImmutableArray<Pending> Distinct(List<Pending> pendings)
    {
        if (pendings.Count == 0)
            return ImmutableArray<Pending>.Empty;
        var result = new List<Pending>();
        var places = new Dictionary<(string, int, int, Ref, Sink, string), int>();
        foreach (var p in pendings)
        {
            var key = (p.Body, p.Site, p.Held.Site, p.Lock, p.Reach.Sink, p.Reach.Cover.IsEmpty ? "" : string.Join("\n", p.Reach.Cover));
            if (!places.TryGetValue(key, out int same))
            {
                places.Add(key, result.Count);
                result.Add(p);
            }
            else if (Chain.IsBetter(p.Reach.Chain, result[same].Reach.Chain))
            {
                result[same] = p;
            }
        }
        return result.ToImmutableArray();
    }
}
