using System.Collections.Immutable;

namespace FenceSafety.Differential.Tests.Execution;

/// <summary>Follows values that must be consumed, objects that are counted, and snapshots through one run.</summary>
internal sealed class ValueTracker(ProgramRun run)
{
    private readonly Dictionary<object, ImmutableArray<Frame>> _tickets = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<object, Finding> _found = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<int, Finding> _snapshots = [];
    private int _lastSnapshot;

    /// <summary>Under what a value was read.</summary>
    private sealed record Finding(ImmutableArray<Holding> Under)
    {
        public int References { get; set; }
    }

    public void Created(object ticket) => _tickets[ticket] = run.Stack.Read();

    public void Consumed(object ticket) => _tickets.Remove(ticket);

    public void Found(object value) => _found[value] = new Finding(Locks()) { References = _found.GetValueOrDefault(value)?.References ?? 0 };

    public bool TakeReference(object value)
    {
        bool taken = run.Number(4) != 0;
        if (taken && _found.TryGetValue(value, out Finding? found))
            found.References++;
        return taken;
    }

    public void PutReference(object value)
    {
        if (_found.TryGetValue(value, out Finding? found))
            found.References--;
    }

    /// <summary>The program blocks on a lock: is it inside an object that may be gone?</summary>
    public void Blocks(object instance, bool isTry)
    {
        foreach (var (value, found) in _found)
        {
            object? inside = value.GetType().GetField("Lock")?.GetValue(value);
            if (!isTry && ReferenceEquals(inside, instance) && found.References == 0 && !found.Under.IsEmpty && !found.Under.Any(run.Held.Contains))
                run.Happened(EventKind.Unprotected, run.Stack.Read());
        }
    }

    /// <summary>Reads a value, which others may have changed since the last read only if no lock was held ever since.</summary>
    public int Snapshot()
    {
        bool isSame = _lastSnapshot != 0 && run.Number(2) == 0;
        _snapshots[isSame ? _lastSnapshot : ++_lastSnapshot] = new Finding(Locks());
        return _lastSnapshot;
    }

    public void Stable(int value)
    {
        if (_snapshots.TryGetValue(value, out Finding? read) && !read.Under.Any(run.Held.Contains))
            run.Happened(EventKind.Stale, run.Stack.Read());
    }

    public void EntryEnds()
    {
        foreach (var frames in _tickets.Values)
            run.Happened(EventKind.Dropped, frames);
        _tickets.Clear();
        _found.Clear();
        _snapshots.Clear();
    }

    private ImmutableArray<Holding> Locks() => [.. run.Held.Where(h => !h.IsRegion)];
}
