using System.Collections.Immutable;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Findings;
using FenceSafety.Core.Flow;
using SummaryOf = FenceSafety.Core.Summaries.Summary;

namespace FenceSafety.Core.Summaries.External;

/// <summary>
/// What a body says of itself, in words that callers in other assemblies understand: parameters, fields, types, delegates. Objects that
/// the body made, what calls gave it, and variables of bodies around it are known by their types, or not at all.
/// </summary>
sealed class Outward(FindingContext context)
{
    /// <summary>Bodies that callers can get as delegates.</summary>
    public SortedSet<string> Delegates { get; } = new(StringComparer.Ordinal);

    public Signature Signature(SolvedBody body)
    {
        var s = body.Signature;
        IFlowContext flow = context.Bodies;
        return new Signature(
            s.Held.Where(static h => h.Mode.Kind is LockKind.Sleeping or LockKind.Spin or LockKind.Region).Select(h => h with { Lock = Set(h.Lock) }).ToImmutableArray(),
            s.Released.SelectMany(Refs).Distinct().ToImmutableArray(),
            Returned(flow.ReturnsOf(body.Facts.Id, -1, body.Facts.Id)),
            s.DisposedParameters)
        {
            OutValues = s.OutValues.Select(o => (o.Parameter, Value: Returned(flow.ReturnsOf(body.Facts.Id, o.Parameter, body.Facts.Id))))
                .Where(static o => !o.Value.IsEmpty).ToImmutableArray(),
        };
    }

    /// <summary>A result of which nothing is known says nothing.</summary>
    RefSet Returned(RefSet value)
    {
        var set = Set(value);
        return set.Count == 1 && set.Refs[0].Equals(Ref.Unknown) ? RefSet.Empty : set;
    }

    public SummaryOf Summary(SolvedBody body, SummaryOf summary)
    {
        var pendings = summary.Pendings.SelectMany(p =>
            from l in Refs(p.Lock)
            from r in Reaches(p.Reach)
            where l.IsSymbolic || r.Sink.IsSymbolic
            select p with
            {
                Lock = l,
                Reach = r,
                Held = new HeldLock(p.Held.Site, Set(p.Held.Lock), p.Held.Mode, SourceSpan.None, p.Held.Api),
                Through = null,
            });
        return new SummaryOf(summary.Reaches.SelectMany(Reaches).ToImmutableArray(), pendings.ToImmutableArray());
    }

    public IEnumerable<Reach> Reaches(Reach reach) => Sinks(reach.Sink).Select(sink => reach with
    {
        Sink = sink,
        Except = reach.Except.SelectMany(Refs).Distinct().OrderBy(static r => r).ToImmutableArray(),
    });

    IEnumerable<Sink> Sinks(Sink sink)
    {
        switch (sink)
        {
            case Sink.Acquire { Lock: var @lock } when @lock.Equals(Ref.Unknown):
                // That it cannot be verified stands beside it.
                return Array.Empty<Sink>();
            case Sink.Acquire acquire:
                return Refs(acquire.Lock).Select(r => r.Equals(Ref.Unknown) ? new Sink.Effect(EffectKind.Unknown, "lock") : (Sink)new Sink.Acquire(r, acquire.Mode));
            case Sink.Invoke invoke:
                return Refs(invoke.Delegate).Where(r => !invoke.Enumerates || !r.Equals(Ref.Unknown))
                    .Select(r => r.Equals(Ref.Unknown) ? new Sink.Effect(EffectKind.Unknown, "delegate") : (Sink)(invoke with { Delegate = r }));
            case Sink.AllocateIf allocate:
                return Refs(allocate.Flags).Select(r => r.Equals(Ref.Unknown) ? new Sink.Effect(EffectKind.BlockingAllocation, "blocking") : (Sink)new Sink.AllocateIf(r, allocate.Mask));
            case Sink.Call call:
                return new Sink[] { call with { Receiver = Set(call.Receiver), Arguments = call.Arguments.Select(Set).ToImmutableArray() } };
            default:
                return new[] { sink };
        }
    }

    RefSet Set(RefSet set) => RefSet.Of(set.Refs.SelectMany(Refs));

    IEnumerable<Ref> Refs(Ref r)
    {
        switch (r.Kind)
        {
            case RefKind.Guard or RefKind.Found or RefKind.Snapshot:
                return Array.Empty<Ref>();
            case RefKind.Fresh:
                return One(Ref.Opaque(r.Name.Length == 0 ? null : r.Name, r.Display));
            case RefKind.CallResult:
                return One(r.Base ?? Ref.Unknown);
            case RefKind.Captured:
                return One(Ref.Unknown);
            case RefKind.Field:
                // What constructors of the assembly fill a field with is known here, and nowhere else.
                var classes = r.Info!.InjectedBy is null ? ImmutableArray<Graph.LockClass>.Empty : context.Namer.Classes(r, null, out _);
                var infos = classes.IsEmpty ? new[] { r.Info } : classes.Select(static c => new LockInfo(c.Name, c.Display, c.FenceSafe));
                var bases = r.Base is null ? new Ref?[] { null } : Refs(r.Base).Cast<Ref?>().DefaultIfEmpty(Ref.Unknown);
                return bases.SelectMany(_ => infos, (b, info) => Ref.Field(b, info.Class == r.Info.Class ? r.Name : info.Class, info));
            case RefKind.Element:
                return Refs(r.Base!).Select(Ref.Element);
            case RefKind.Delegate:
                Delegates.Add(r.Name);
                return r.Base is null ? One(r) : Refs(r.Base).DefaultIfEmpty(Ref.Unknown).Select(b => Ref.Delegate(r.Name, r.Display, b));
            case RefKind.Query:
                return Refs(r.Base!).Where(Ref.MayRun).Select(b => b.Kind == RefKind.Query ? b : Ref.Query(b, r.Enumerates, "", 0));
            default:
                return One(r);
        }
    }

    static Ref[] One(Ref r) => new[] { r };
}
