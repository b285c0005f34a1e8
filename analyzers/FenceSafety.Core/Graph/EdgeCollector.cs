using System.Collections.Immutable;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Flow;
using FenceSafety.Core.Summaries;

namespace FenceSafety.Core.Graph;

/// <summary>Everything that the bodies say about locks held: the raw material of the graph.</summary>
public sealed partial class EdgeCollector
{
    readonly BodyStore _bodies;
    readonly Summarizer _summaries;
    readonly LockNamer _namer;
    readonly IProgram _program;
    readonly EngineOptions _options;
    readonly List<LockEdge> _edges = new();
    readonly List<AtomicViolation> _atomic = new();

    public EdgeCollector(BodyStore bodies, Summarizer summaries, LockNamer namer, IProgram program, EngineOptions options)
    {
        _options = options;
        _bodies = bodies;
        _summaries = summaries;
        _namer = namer;
        _program = program;
        Callers = new CallerArguments(bodies);
    }

    /// <summary>What critical code and code in reclaim is handed.</summary>
    public CallerArguments Callers { get; }

    /// <summary>What one body says.</summary>
    public Contribution Of(SolvedBody body, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        _edges.Clear();
        _atomic.Clear();
        Read(body);
        var contract = _program.Contract(body.Facts.Id);
        return new Contribution(body)
        {
            Edges = _edges.ToImmutableArray(),
            Atomic = _atomic.ToImmutableArray(),
            Critical = contract.AssumeSafe ? ImmutableArray<RootReach>.Empty : Closed(body, e => contract.Critical || e.InRegion),
            Reclaim = contract.AssumeSafe || !contract.RunsInReclaim ? ImmutableArray<RootReach>.Empty : Closed(body, static _ => true),
        };
    }

    ImmutableArray<RootReach> Closed(SolvedBody body, Func<BodyEvent, bool> counts) =>
        body.Events.Where(counts).SelectMany(e => _summaries.Reader.Closed(body, e, Callers)).ToImmutableArray();

    void Read(SolvedBody body)
    {
        string id = body.Facts.Id;
        var contract = _program.Contract(id);
        if (contract.AssumeSafe)
            return;
        bool root = contract.Critical || contract.RunsInReclaim || contract.RunsAtomic || body.Facts.IsVisibleOutside
            || (_summaries.HasNoCallers(id) && body.Facts.Parent is null) || _summaries.IsClosed(id);
        // Edges that callees left open are open in this body's summary too, unless it closes them.
        bool hasPendings = _options.KeepCalls || !_summaries.Of(id).Pendings.IsEmpty;
        foreach (var e in body.Events)
        {
            foreach (var p in hasPendings ? _summaries.Reader.Pendings(body, e) : Enumerable.Empty<Pending>())
                Emit(body, p.Held, p.Lock, p.Reach, p.Body, p.Site, root, p.Through);
            if (!e.UnderLock && !contract.RunsAtomic)
                continue;
            foreach (var r in _summaries.Reader.Reaches(body, e))
            {
                if (contract.RunsAtomic)
                {
                    foreach (var closed in _summaries.Reader.Close(body, r))
                        Atomic(contract.Display, null, id, e.Site, closed);
                }
                foreach (var h in e.Held.Where(h => h.IsLock && !r.Spent.Contains(h.Site)))
                {
                    foreach (var l in h.Lock.Refs)
                        Emit(body, h, l, r, id, e.Site, root);
                }
            }
        }
    }

    void Emit(SolvedBody body, HeldLock held, Ref heldRef, Reach reach, string origin, int site, bool root, Entry? through = null)
    {
        var classes = _namer.Classes(heldRef, body, out _);
        if (classes.IsEmpty && heldRef.IsSymbolic)
        {
            if (!root)
                return;
            heldRef = _summaries.Reader.CloseLock(body, heldRef);
            classes = _namer.Classes(heldRef, body, out _);
        }
        if (reach.Sink.IsSymbolic && !(reach.Sink is Sink.Acquire a && !_namer.Classes(a.Lock, body, out _).IsEmpty))
        {
            if (!root)
                return;
            foreach (var closed in _summaries.Reader.Close(body, reach))
                EmitClosed(body, held, heldRef, classes, closed, origin, site, through);
            return;
        }
        EmitClosed(body, held, heldRef, classes, reach, origin, site, through);
    }

    void EmitClosed(
        SolvedBody body, HeldLock held, Ref heldRef, ImmutableArray<LockClass> classes, Reach reach, string origin, int site, Entry? through)
    {
        if (through is not null)
            reach = reach with { Chain = Enter(through, origin, reach.Chain) };
        if (held.Mode.Kind == LockKind.Spin && !classes.Any(c => reach.Cover.Contains(c.Name)))
            Atomic(classes.IsEmpty ? "a spin lock" : classes[0].Display, classes.IsEmpty ? null : classes[0].Name, through?.Body ?? origin, site, reach);
        var made = _bodies.Find(origin);
        var at = made?.Events.FirstOrDefault(e => e.Site == site);
        var contract = _program.Contract(origin);
        foreach (var from in classes)
        {
            var edge = new LockEdge(from, held, heldRef, reach, origin, site)
            {
                Makers = ImmutableArray.Create(body.Facts.Id),
                Critical = contract.Critical || at is { SurelyInRegion: true },
                InReclaim = contract.RunsInReclaim,
                Gates = Gates(made, at, from),
                Through = through,
                Display = through is null ? null : _program.Contract(through.Body).Display,
            };
            if (reach.Sink is Sink.Acquire acquire)
            {
                foreach (var to in _namer.Classes(acquire.Lock, body, out _))
                    Keep(edge with { To = to });
            }
            else if (!reach.Cover.Contains(from.Name))
            {
                Keep(edge);
            }
        }
    }

    ImmutableArray<string> Gates(SolvedBody? body, BodyEvent? e, LockClass from)
    {
        if (body is null || e is null)
            return ImmutableArray<string>.Empty;
        return e.Held.Where(static h => h.IsLock && !h.Uncertain && !h.Mode.Shared && h.Lock.Count == 1)
            .SelectMany(h => _namer.Names(h, body))
            .Where(n => n != from.Name).Distinct().OrderBy(static n => n, StringComparer.Ordinal).ToImmutableArray();
    }

    void Keep(LockEdge edge)
    {
        if (_options.MattersUnderLock(edge.Reach.Sink))
            _edges.Add(edge);
    }

    void Atomic(string context, string? lockClass, string body, int site, Reach reach)
    {
        if (IsForbidden(reach, _program.Contract(body).Critical, _options))
            _atomic.Add(new AtomicViolation(context, body, site, reach) { LockClass = lockClass });
    }

    /// <summary>What must not happen in atomic context.</summary>
    internal static bool IsForbidden(Reach reach, bool critical, EngineOptions options) => reach is { EdgeOnly: false } && reach.Sink switch
    {
        // In fence-critical code a managed allocation stays FENCE011.
        Sink.Effect { Kind: EffectKind.ManagedAllocation } => options.ManagedAllocations == ManagedAllocations.Blocking && !critical,
        Sink.Effect e => e.Kind is EffectKind.BlockingAllocation or EffectKind.FenceWait or EffectKind.BlockingWait,
        Sink.Acquire a => a.Mode.Kind == LockKind.Sleeping,
        _ => false,
    };
}
