using FenceSafety.Core.Facts;
using FenceSafety.Core.Graph;
using FenceSafety.Core.Summaries;

namespace FenceSafety.Core.Findings;

/// <summary>The calls through which this compilation gets to an edge that is made in a reference.</summary>
sealed class Entries(FindingContext context)
{
    /// <summary>Summaries of further assemblies are searched for calls of this many members, and no more.</summary>
    const int MaxSearched = 64;

    readonly Dictionary<string, HashSet<string>> _gateways = new(StringComparer.Ordinal);
    List<(SolvedBodyEvent Call, string Target)>? _calls;

    sealed record SolvedBodyEvent(Flow.SolvedBody Body, Flow.BodyEvent Event);

    /// <summary>The edge, as each call that leads to it makes it.</summary>
    public IEnumerable<LockEdge> Into(LockEdge e)
    {
        var gateways = Gateways(e.Body);
        foreach (var (call, target) in Calls())
        {
            if (!gateways.Contains(target) || context.Program.Contract(target) is { AssumeSafe: true } or { Critical: true })
                continue;
            string callee = context.Program.Contract(target).Display;
            string body = call.Body.Facts.Id;
            yield return e with
            {
                Reach = e.Reach with { Chain = new Chain(call.Event.Span, callee, Inside(e, target)) },
                Display = context.Program.Contract(body).Display,
                Through = new Entry(body, call.Event.Span, callee),
            };
        }
    }

    /// <summary>From the member that is called to the sink; the hops between it and the body with the lock, if its summary tells.</summary>
    Chain Inside(LockEdge e, string target)
    {
        if (target == e.Body)
            return e.Reach.Chain;
        Chain? best = null;
        foreach (var r in context.Bodies.External(target)?.Member.Summary.Reaches ?? context.Summaries.Of(target).Reaches)
        {
            if (r.Sink.Equals(e.Reach.Sink) && r.Cover.Contains(e.From.Name) && (best is null || Chain.IsBetter(r.Chain, best)))
                best = r.Chain;
        }
        return best ?? new Chain(SourceSpan.None, e.Display ?? context.Program.Contract(e.Body).Display, e.Reach.Chain);
    }

    /// <summary>Critical code and code in reclaim are told of what they reach by FENCE001, 003 and 007, at the same place.</summary>
    public bool IsJudgedAlready(LockEdge e)
    {
        var contract = context.Program.Contract(e.Through!.Body);
        return contract.Critical || contract.RunsInReclaim
            || (context.Bodies.Find(e.Through.Body)?.Events.Any(x => x.Span == e.Through.Span && x.SurelyInRegion) ?? false);
    }

    public bool ReadCallers(LockEdge e)
    {
        bool any = false;
        foreach (string gateway in Gateways(e.Body).OrderBy(static g => g, StringComparer.Ordinal))
        {
            string? name = context.Bodies.External(gateway)?.Member.CallName ?? context.Bodies.Find(gateway)?.Facts.CallName;
            any |= name is not null && context.Bodies.AddMentioning(name);
        }
        return any;
    }

    /// <summary>The members outside of this compilation that lead to a body.</summary>
    HashSet<string> Gateways(string body)
    {
        if (_gateways.TryGetValue(body, out var known))
            return known;
        var all = new HashSet<string>(context.Summaries.Reaching(body).Where(IsElsewhere), StringComparer.Ordinal);
        var work = new Queue<string>(all.OrderBy(static g => g, StringComparer.Ordinal));
        for (int i = 0; i < MaxSearched && work.Count > 0; i++)
        {
            foreach (var caller in context.Program.ExternalCallersOf(work.Dequeue()))
            {
                if (all.Add(caller.Id))
                    work.Enqueue(caller.Id);
            }
        }
        return _gateways[body] = all;
    }

    bool IsElsewhere(string id) => context.Bodies.Find(id) is { } body ? body.Facts.Name.IsNone : context.Bodies.External(id) is not null;

    List<(SolvedBodyEvent Call, string Target)> Calls() => _calls ??= (
        from body in context.Bodies.All
        where !body.Facts.Name.IsNone
        from e in body.Events
        let call = e.Op as CallOp
        where call is not null && !e.Span.IsNone
        from target in context.Bodies.Targets(call.Target, e.Receiver)
        where IsElsewhere(target)
        select (new SolvedBodyEvent(body, e), target)).ToList();
}
