using FenceSafety.Core.Facts;
using FenceSafety.Core.Flow;

namespace FenceSafety.Core.Findings;

/// <summary>
/// A lambda or local function runs where it is called: what it needs held, the bodies around it may hold, or the member that it is passed to.
/// </summary>
static class Requirement
{
    /// <summary>Wherever the body's own member runs it, the lock is held.</summary>
    public static bool IsMetAround(FindingContext context, SolvedBody body, BalanceError error)
    {
        if (body.Facts.Parent is null)
            return false;
        var needed = new HashSet<string>(error.Lock.Refs.SelectMany(r => Names(context, r, body)), StringComparer.Ordinal);
        if (needed.Count == 0)
            return false;
        // What is run by a body that runs under the lock is run under it: those are looked at in turn.
        var seen = new HashSet<string>(StringComparer.Ordinal) { body.Facts.Id };
        var work = new Queue<SolvedBody>();
        work.Enqueue(body);
        while (work.Count > 0)
        {
            var run = work.Dequeue();
            var uses = Family(context, run).SelectMany(around => around.Events.Where(e => Uses(e, run.Facts.Id)).Select(e => (Around: around, Event: e))).ToList();
            if (uses.Count == 0)
                return false;
            foreach (var (around, e) in uses)
            {
                bool held = IsHeld(context, e.Held.Where(static h => h.IsLock).SelectMany(static h => h.Lock.Refs), around, needed);
                if (IsPassed(e, run.Facts.Id) ? IsRun(context, around, e, run.Facts.Id, held, needed) : held)
                    continue;
                if (around.Facts.Parent is null || IsPassed(e, run.Facts.Id))
                    return false;
                if (seen.Add(around.Facts.Id))
                    work.Enqueue(around);
            }
        }
        return true;
    }

    static bool Uses(BodyEvent e, string id) => e.Op is CallOp && (Calls(e, id) || IsPassed(e, id));

    static bool Calls(BodyEvent e, string id) => e.Op is CallOp { Target: CallTarget.Exact exact } ? exact.Method == id
        : e.Op is CallOp { Target: CallTarget.Invoke } && Is(e.Receiver, id);

    static bool IsPassed(BodyEvent e, string id) => !Calls(e, id) && e.Arguments.Any(a => Is(a, id));

    static bool Is(RefSet delegates, string id) => delegates.Refs.Any(r => r.Kind == RefKind.Delegate && r.Name == id);

    /// <summary>The callee runs what it is passed before it returns, under the lock: the caller's, or one of its own.</summary>
    static bool IsRun(FindingContext context, SolvedBody around, BodyEvent e, string id, bool held, HashSet<string> needed)
    {
        int index = Enumerable.Range(0, e.Arguments.Length).First(i => Is(e.Arguments[i], id));
        var targets = context.Bodies.Targets(((CallOp)e.Op).Target, e.Receiver);
        return !targets.IsEmpty && targets.All(target =>
        {
            if (context.Program.Contract(target) is { Closed: true } closed)
                return held && closed.Invokes.Contains(index);
            if (context.Bodies.Find(target) is not { } callee)
                return false;
            var runs = callee.Events.Where(r => r.Op is CallOp { Target: CallTarget.Invoke } && r.Receiver.Contains(Ref.Parameter(index))).ToList();
            var substitution = new Substitution(e.Receiver, e.Arguments, static r => RefSet.Of(r));
            return runs.Count > 0 && (held || runs.All(r => IsHeld(
                context, r.Held.Where(static h => h.IsLock).SelectMany(h => substitution.Apply(h.Lock).Refs), around, needed)));
        });
    }

    static bool IsHeld(FindingContext context, IEnumerable<Ref> held, SolvedBody around, HashSet<string> needed) =>
        held.Any(r => Names(context, r, around).Any(needed.Contains));

    static IEnumerable<string> Names(FindingContext context, Ref r, SolvedBody body) => context.Namer.Classes(r, body, out _).Select(static c => c.Name);

    /// <summary>The bodies of one member: its own, and those nested in it.</summary>
    static IEnumerable<SolvedBody> Family(FindingContext context, SolvedBody body)
    {
        while (body.Facts.Parent is { } parent && context.Bodies.Find(parent) is { } around)
            body = around;
        var work = new Stack<SolvedBody>();
        work.Push(body);
        while (work.Count > 0)
        {
            var next = work.Pop();
            yield return next;
            foreach (string nested in next.Facts.Nested)
            {
                if (context.Bodies.Find(nested) is { } inner)
                    work.Push(inner);
            }
        }
    }
}
