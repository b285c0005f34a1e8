using System.Collections.Immutable;
using FenceSafety.Differential.Tests.Generation;

namespace FenceSafety.Differential.Tests.Execution;

/// <summary>One execution of a program: its decisions, what it holds, and what happened that had not happened before.</summary>
internal sealed class ProgramRun
{
    /// <summary>More events than this, and the rest of the run is not looked at.</summary>
    private const int MaxEvents = 400;

    private readonly Rng _decisions;
    private readonly HashSet<(Frame At, bool IsHeld)> _releases;
    private readonly HashSet<(Frame At, bool IsHeld)> _requirements;
    private readonly LockNames _names;
    private readonly LockdepMirror _lockdep;
    private readonly Dictionary<string, TraceEvent> _trace;
    private readonly IReadOnlySet<int> _opaque;
    private readonly IReadOnlySet<int> _cold;
    private readonly List<Holding> _held = [];
    private readonly HashSet<object> _reentered = new(ReferenceEqualityComparer.Instance);
    private int _events;

    public ProgramRun(ulong seed, ProgramFacts facts)
    {
        _decisions = new Rng(seed);
        Stack = new ShadowStack(facts.Methods, facts.Bodies, facts.Lines);
        _names = facts.Names;
        _lockdep = facts.Lockdep;
        _trace = facts.Trace;
        _releases = facts.Releases;
        _requirements = facts.Requirements;
        _opaque = facts.Opaque;
        _cold = facts.Cold;
        Values = new ValueTracker(this);
    }

    public ValueTracker Values { get; }

    public ShadowStack Stack { get; }

    public IReadOnlyList<Holding> Held => _held;

    /// <summary>The run is over: what still unwinds does not count.</summary>
    public bool IsOver { get; private set; }

    public bool HoldsNothing => _held.TrueForAll(h => h.Depth < Stack.Count - 1);

    public int Number(int end)
    {
        if (++_events > MaxEvents)
            Stop();
        return IsOver ? 0 : _decisions.Next(end);
    }

    public bool Acquire(Acquisition how)
    {
        if (IsOver)
            return true;
        Holding? mine = _held.FindLast(h => ReferenceEquals(h.Instance, how.Instance));
        bool again = mine is not null && how.MayFollow(mine.How!);
        if (how.IsTry && ((mine is null && _decisions.Next(4) == 0) || (mine is not null && !again)))
            return false;
        // A third acquisition of a lock that is held in two ways is missed, as the second is (see Acquisition.MayFollow).
        bool deadlocks = mine is not null && !again && !_reentered.Contains(how.Instance);
        if (mine is not null)
            _reentered.Add(how.Instance);
        var taken = new Holding(how, _names.Of(how.Instance), Stack.Read());
        if (!again)
        {
            Add(new TraceEvent(how.IsTry ? EventKind.Try : EventKind.Acquire, taken, [.. _held], taken.Frames) { IsSelfDeadlock = deadlocks });
            Values.Blocks(how.Instance, how.IsTry);
        }

        if (taken.Class is not null)
            _lockdep.Acquire(taken, mayWait: !how.IsTry && mine is null, _held);
        _held.Add(taken);
        return true;
    }

    public void Release(object instance)
    {
        if (IsOver)
            return;
        int index = _held.FindLastIndex(h => ReferenceEquals(h.Instance, instance));
        if (index < 0)
            return;
        // Given back by the body that holds it, or by one that it called.
        _releases.Add((Stack.Read()[0], _held[index].Depth == Stack.Count - 1));
        _held.RemoveAt(index);
        _lockdep.Release(instance);
    }

    /// <summary>Whether the caller holds what the innermost body requires.</summary>
    public void Require(object instance)
    {
        if (!IsOver)
            _requirements.Add((Stack.Read()[1], _held.Exists(h => ReferenceEquals(h.Instance, instance))));
    }

    public void BeginRegion()
    {
        if (!IsOver)
            _held.Add(new Holding(null, null, Stack.Read()));
    }

    public void EndRegion()
    {
        int index = _held.FindLastIndex(h => h.IsRegion);
        if (!IsOver && index >= 0)
            _held.RemoveAt(index);
    }

    public void Happened(EventKind kind)
    {
        if (IsOver)
            return;
        var frames = Stack.Read();
        Add(new TraceEvent(kind, null, [.. _held], frames));
        if (!frames.Any(f => _cold.Contains(f.Line)))
            _lockdep.Happened(kind, frames, _held);
    }

    public void Add(TraceEvent happened)
    {
        if (++_events > MaxEvents)
            Stop();
        if (!IsOver)
            _trace.TryAdd(happened.Key, happened);
    }

    public void Happened(EventKind kind, ImmutableArray<Frame> frames) => Add(new TraceEvent(kind, null, [.. _held], frames));

    /// <summary>The innermost body returns: what it still holds is its caller's from now on.</summary>
    public void BodyEnds()
    {
        int depth = Stack.Count - 1;
        for (int i = _held.Count - 1; i >= 0; i--)
        {
            if (_held[i].Depth < depth)
                continue;
            // Which of several acquisitions a release undoes is a matter of view.
            if (!IsOver && _held[i].Depth == depth && (_held[i].IsRegion || !_reentered.Contains(_held[i].Instance!)))
                Add(new TraceEvent(EventKind.Leak, _held[i], [], Stack.Read()));
            _held[i] = _held[i] with { Depth = depth - 1 };
            // What is left held by a call that nobody can see through, nobody can know of.
            if (Stack.IsBehindContract(_opaque))
            {
                if (_held[i].Instance is { } instance)
                    _lockdep.Release(instance);
                _held.RemoveAt(i);
            }
        }

        Stack.Pop();
    }

    /// <summary>After an entry has returned nothing may be held.</summary>
    public void EntryEnds()
    {
        if (!IsOver)
            Values.EntryEnds();
        foreach (Holding left in _held)
        {
            if (left.Instance is not null)
                _lockdep.Release(left.Instance);
        }

        _held.Clear();
    }

    private void Stop() => IsOver = true;
}
