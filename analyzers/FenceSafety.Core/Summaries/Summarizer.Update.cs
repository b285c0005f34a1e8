using FenceSafety.Core.Flow;
using FenceSafety.Core.Graph;
using FenceSafety.Core.Memo;

namespace FenceSafety.Core.Summaries;

/// <summary>
/// Goes on from where an earlier run ended: bodies that were solved again are summarized, and those above as far as what they are told
/// changes. Without rings what is known of a body follows from what is known of its callees, in whatever order they are visited; so
/// anything else is left to a run that takes every step again.
/// </summary>
public sealed partial class Summarizer
{
    readonly SummaryState? _before;
    readonly HashSet<string> _pushed = new(StringComparer.Ordinal);
    readonly HashSet<string> _visited = new(StringComparer.Ordinal);
    readonly HashSet<string> _flipped = new(StringComparer.Ordinal);
    bool _isLost;

    internal Summarizer(
        BodyStore bodies, LockNamer namer, IProgram program, EngineOptions options, SummaryMemo memo, SummaryState before, CancellationToken cancel)
        : this(bodies, namer, program, options, memo, cancel)
    {
        _before = before;
        _known = before.Fork();
    }

    bool IsUpdate => _before is not null;

    /// <summary>Bodies that were looked at.</summary>
    internal int Visited => _visited.Count;

    /// <summary>Bodies of which something may be other than it was.</summary>
    internal IEnumerable<string> Changed => _visited.Concat(_flipped).Distinct();

    /// <summary>What the next run can go on from.</summary>
    internal SummaryState Finish()
    {
        if (!IsUpdate)
        {
            foreach (var ring in StrongComponents.Of(_known.Entries.Pairs.Select(static p => p.Key), id => Callees(id).ToList()))
            {
                if (ring.Count > 1 || Callees(ring[0]).Contains(ring[0]))
                    _known.Rings.UnionWith(ring);
            }
        }
        return _known;
    }

    /// <summary>Summarizes bodies that were solved since the last call. False if it cannot go on.</summary>
    internal bool Update(IEnumerable<string> touched)
    {
        (_readMore, _newBodies, _callees) = (false, false, null);
        foreach (string id in touched)
        {
            if (!_pushed.Add(id))
                continue;
            if (IsFullByItself(id))
                _known.Full.TryAdd(id, true);
            Push(id);
            // Who reads what it stores does not call it.
            if (_before!.Entries.TryGetValue(id, out var old) && !old.Body.Stores.SequenceEqual(_bodies.Find(id)!.Stores))
            {
                foreach (string reader in _known.Callers.Of(id))
                    Again(reader);
            }
        }
        Visit();
        return !_isLost;
    }

    bool IsFullByItself(string id) =>
        _program.Contract(id) is { Critical: true } or { RunsInReclaim: true } or { RunsAtomic: true } || _options.VisibleMembers.Contains(id) || _options.Vouched.Contains(id);

    /// <summary>Counts the calls of a body that was solved again.</summary>
    void Rebind(Calls old, Calls now)
    {
        // What flows to a critical body is of many callers.
        _isLost |= !old.Bindings.SequenceEqual(now.Bindings);
        foreach (string callee in now.Called.Except(old.Called))
            Count(callee, 1);
        foreach (string callee in old.Called.Except(now.Called))
            Count(callee, -1);
    }

    void Count(string callee, int by)
    {
        _known.Called.TryGetValue(callee, out int was);
        _known.Called[callee] = was + by;
        if (was == 0 || was + by == 0)
            _flipped.Add(callee);
    }

    static bool IsDependency(SummaryQuestion q) => q.Kind is SummaryQuestionKind.Demand or SummaryQuestionKind.Peek or SummaryQuestionKind.DemandWriter;

    IEnumerable<string> Callees(string id) =>
        _known.Entries.TryGetValue(id, out var entry) ? entry.Questions.Where(IsDependency).Select(static q => q.Name) : Enumerable.Empty<string>();

    /// <summary>Nothing was read, or read in full, for a reason that is gone, and no ring has come to be.</summary>
    internal bool IsSettled(HashSet<string> roots) => !HasStrays && _visited.All(id => IsSettled(id, roots));

    bool IsSettled(string id, HashSet<string> roots)
    {
        if (!_known.Entries.TryGetValue(id, out var now))
            return true;
        // What a body that changed does because it is read in full, or because a callee is known, must not be why that is so.
        if (_pushed.Contains(id) && (now.IsFull ? !IsFullByItself(id) && !IsWanted(id, roots) : _bodies.HoldsForOthers(now.Body, roots)))
            return false;
        _before!.Entries.TryGetValue(id, out var old);
        var before = new HashSet<string>(StringComparer.Ordinal);
        if (old is not null)
        {
            before.UnionWith(old.Questions.Where(IsDependency).Select(static q => q.Name));
            if (IsMentioned(old.Body, _before.Summaries[id].Summary) && !IsMentionedByItself(now.Body, roots))
                return false;
            var asked = new HashSet<(SummaryQuestionKind, string)>(now.Questions.Select(static q => (q.Kind, q.Name)));
            foreach (var q in old.Questions)
            {
                if (!IsDependency(q) || asked.Contains((q.Kind, q.Name)))
                    continue;
                if (q.Kind == SummaryQuestionKind.DemandWriter || (q.Kind == SummaryQuestionKind.Demand && !IsWanted(q.Name, roots)))
                    return false;
                if (!Callees(id).Contains(q.Name))
                    _known.Callers.Remove(q.Name, id);
            }
        }
        return Callees(id).Where(c => !before.Contains(c)).Distinct().All(c => !Leads(c, id));
    }

    /// <summary>Callers were read for edges that turned out not to be open.</summary>
    internal bool HasStrays => _bodies.LeftOpen.Any(id => _bodies.Find(id) is { } body && !IsMentioned(body, Of(id)));

    bool IsMentioned(SolvedBody body, Summary summary) => summary.LeavesOpen || NeedsCallers(body, summary);

    bool IsMentionedByItself(SolvedBody body, HashSet<string> roots)
    {
        var summary = Of(body.Facts.Id);
        return summary.Pendings.Any(p => p.IsOpen && roots.Contains(p.Body) && !_bodies.HoldsForOthers(_bodies.Find(p.Body)!, roots))
            || (roots.Contains(body.Facts.Id) && NeedsCallers(body, summary));
    }

    bool Leads(string from, string to)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { from };
        var work = new Stack<string>(seen);
        while (work.Count > 0)
        {
            string at = work.Pop();
            if (at == to)
                return true;
            foreach (string callee in Callees(at))
            {
                if (seen.Add(callee))
                    work.Push(callee);
            }
        }
        return false;
    }

    /// <summary>A body is read in full all the same: along calls from one that is read whoever calls it.</summary>
    bool IsWanted(string id, HashSet<string> roots)
    {
        if (_bodies.Find(id) is null || (roots.Contains(id) && IsFullByItself(id)))
            return true;
        var seen = new HashSet<string>(StringComparer.Ordinal) { id };
        var work = new Stack<string>(seen);
        while (work.Count > 0)
        {
            string at = work.Pop();
            foreach (string caller in _known.Callers.Of(at))
            {
                if (!_known.Entries.TryGetValue(caller, out var entry) || !entry.Questions.Any(q => q.Kind == SummaryQuestionKind.Demand && q.Name == at))
                    continue;
                // What is held in it must not be for what is read for no other reason.
                if (roots.Contains(caller) && (entry.IsFull ? IsFullByItself(caller) : !_bodies.HoldsForOthers(entry.Body, roots)))
                    return true;
                if (seen.Add(caller))
                    work.Push(caller);
            }
        }
        return false;
    }
}
