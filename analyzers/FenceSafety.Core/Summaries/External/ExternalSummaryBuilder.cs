using System.Collections.Immutable;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Findings;
using FenceSafety.Core.Flow;

namespace FenceSafety.Core.Summaries.External;

/// <summary>
/// Makes the summary of one assembly from its bodies. The program shows those of this assembly alone; calls of others stay calls, and
/// mean what whoever reads the summary knows of them.
/// </summary>
public static class ExternalSummaryBuilder
{
    /// <summary>Makes a summary.</summary>
    /// <param name="program">The assembly.</param>
    /// <param name="name">Its simple name.</param>
    /// <param name="mvid">Its module's version id.</param>
    /// <param name="source">What it is made from, for people.</param>
    /// <param name="visibleMembers">The methods, accessors, constructors and operators that code outside can call or override.</param>
    /// <param name="cancel">Ends the run with an <see cref="OperationCanceledException"/>.</param>
    /// <param name="report">Is told once what it cost.</param>
    public static ExternalAssembly Build(
        IProgram program, string name, Guid mvid, string source, IReadOnlyCollection<string> visibleMembers, CancellationToken cancel,
        Action<SummaryWork>? report = null)
    {
        var implementations = visibleMembers.ToDictionary(static id => id, id => Implementations(program, id), StringComparer.Ordinal);
        var wanted = new SortedSet<string>(visibleMembers.Concat(implementations.Values.SelectMany(static i => i)), StringComparer.Ordinal);
        var bodies = new BodyStore(program, cancel) { MaxTargets = EngineOptions.MaxTargets };
        foreach (string id in program.Seeds.Concat(wanted))
            bodies.Add(id);
        bodies.Solve();
        // Any delegate may turn out to be handed out; then its body is called outside, and as good as visible.
        var visible = new SortedSet<string>(wanted.Concat(Delegates(bodies)), StringComparer.Ordinal);
        while (true)
        {
            var context = Engine.Solve(program, new EngineOptions { KeepCalls = true, VisibleMembers = visible }, bodies, cancel);
            var outward = new Outward(context);
            var members = new SortedDictionary<string, ExternalMember?>(StringComparer.Ordinal);
            for (IEnumerable<string> more = wanted; more.Any(); more = outward.Delegates.Where(d => !members.ContainsKey(d) && bodies.Find(d) is not null).ToList())
            {
                cancel.ThrowIfCancellationRequested();
                foreach (string id in more)
                    members[id] = Member(context, outward, id, implementations.TryGetValue(id, out var i) ? i : ImmutableArray<string>.Empty);
            }
            int before = visible.Count;
            visible.UnionWith(members.Keys);
            if (visible.Count > before)
                continue;
            report?.Invoke(new SummaryWork(bodies.Count, bodies.Solved, context.Summaries.Visits, bodies.All.Count(b => context.Summaries.IsBounded(b.Facts.Id))));
            var all = members.Values.OfType<ExternalMember>().ToImmutableArray();
            return new ExternalAssembly(name, mvid, source, all, ExternalBodies.Of(context, outward, all));
        }
    }

    /// <summary>The bodies of all delegates that any body has in its hands.</summary>
    static IEnumerable<string> Delegates(BodyStore bodies)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var body in bodies.All)
        {
            foreach (var e in body.Events)
            {
                Add(e.Receiver);
                foreach (var a in e.Arguments)
                    Add(a);
            }
            foreach (var (_, value) in body.Stores)
                Add(value);
            foreach (var value in body.Captured.Values)
                Add(value);
            Add(body.Signature.Returns);
            foreach (var (_, value) in body.Signature.OutValues)
                Add(value);
        }
        return found.Where(d => bodies.Find(d) is not null);

        void Add(RefSet set)
        {
            foreach (var r in set.Refs)
            {
                for (var at = r; at is not null; at = at.Base)
                {
                    if (at.Kind == RefKind.Delegate)
                        found.Add(at.Name);
                }
            }
        }
    }

    /// <summary>What a virtual call of this member may reach in the assembly, besides itself.</summary>
    static ImmutableArray<string> Implementations(IProgram program, string id)
    {
        var targets = program.Resolve(id, "", null, "").Targets;
        return targets.Length == 1 && targets[0] == id ? ImmutableArray<string>.Empty : targets.OrderBy(static t => t, StringComparer.Ordinal).ToImmutableArray();
    }

    static ExternalMember? Member(FindingContext context, Outward outward, string id, ImmutableArray<string> implementations)
    {
        var body = context.Bodies.Find(id);
        if (body is null && implementations.IsEmpty)
            return null;
        string display = context.Program.Contract(id).Display;
        if (body is null)
            return new ExternalMember(id, display, "", Signature.Empty, Summary.Empty) { HasBody = false, Implementations = implementations };
        var contract = context.Program.Contract(id);
        var summary = contract.AssumeSafe ? Summary.Empty : outward.Summary(body, context.Summaries.Of(id));
        // Of what is checked by itself, callers see the locks.
        if (contract.Critical)
            summary = new Summary(summary.Reaches.Where(static r => r.Sink is Sink.Acquire or Sink.Call).Select(static r => r with { EdgeOnly = true }).ToImmutableArray(), summary.Pendings);
        return new ExternalMember(id, display, body.Facts.CallName, outward.Signature(body), summary)
        {
            IsIterator = body.Facts.IsIterator,
            RunsAtCalls = body.Facts.RunsAtCalls,
            Implementations = implementations,
        };
    }
}
