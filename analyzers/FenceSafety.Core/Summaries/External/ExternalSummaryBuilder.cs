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
        var bodies = new BodyStore(program, cancel);
        for (int round = 1; ; round++)
        {
            cancel.ThrowIfCancellationRequested();
            var options = new EngineOptions { KeepCalls = true, VisibleMembers = wanted };
            var context = Engine.Solve(program, options, bodies, cancel);
            var outward = new Outward(context);
            var members = wanted.Select(id => Member(context, outward, id, implementations.TryGetValue(id, out var i) ? i : ImmutableArray<string>.Empty))
                .OfType<ExternalMember>().ToImmutableArray();
            // A delegate that is handed out is called outside: its body is as good as visible.
            int before = wanted.Count;
            wanted.UnionWith(outward.Delegates.Where(d => context.Bodies.Find(d) is not null));
            if (wanted.Count > before)
                continue;
            int bounded = context.Bodies.All.Count(b => context.Summaries.IsBounded(b.Facts.Id));
            report?.Invoke(new SummaryWork(context.Bodies.Count, round, context.Bodies.Solved, context.Summaries.Visits, bounded));
            return new ExternalAssembly(name, mvid, source, members, ExternalBodies.Of(context, outward, members));
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
            Implementations = implementations,
        };
    }
}
