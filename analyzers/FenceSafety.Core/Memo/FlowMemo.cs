using System.Collections.Immutable;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Flow;

namespace FenceSafety.Core.Memo;

/// <summary>A body as it was solved with these answers.</summary>
sealed record FlowEntry(MethodFacts Facts, ImmutableArray<FlowQuestion> Questions, SolvedBody Solved);

/// <summary>Solves bodies, or finds that one was solved before with the same answers.</summary>
/// <param name="before">What an earlier run found out.</param>
/// <param name="now">Takes what this one does; null: nothing is kept.</param>
/// <param name="context">Whom the bodies ask.</param>
sealed class FlowMemo(EngineMemo? before, EngineMemo? now, IFlowContext context)
{
    /// <summary>How often a flow was solved.</summary>
    public int Solved { get; private set; }

    /// <summary>Of which bodies.</summary>
    public HashSet<string> Bodies { get; } = new(StringComparer.Ordinal);

    public SolvedBody Solve(MethodFacts facts, CancellationToken cancel)
    {
        if (now is not null && Find(facts, now) is { } known)
            return known;
        Solved++;
        Bodies.Add(facts.Id);
        if (now is null)
            return FlowSolver.Solve(facts, context, cancel);
        var asked = new FlowQuestions(context);
        var solved = FlowSolver.Solve(facts, asked, cancel);
        EngineMemo.Keep(now.Flows, facts.Id, new FlowEntry(facts, asked.All.ToImmutableArray(), solved));
        return solved;
    }

    /// <summary>What a body asked when it was solved to be this.</summary>
    public ImmutableArray<FlowQuestion> QuestionsOf(SolvedBody body) =>
        EngineMemo.Find(now?.Flows, body.Facts.Id).FirstOrDefault(e => ReferenceEquals(e.Solved, body))?.Questions ?? ImmutableArray<FlowQuestion>.Empty;

    SolvedBody? Find(MethodFacts facts, EngineMemo now)
    {
        foreach (var entry in EngineMemo.Find(now.Flows, facts.Id))
        {
            if (Holds(entry, facts))
                return entry.Solved;
        }
        foreach (var entry in EngineMemo.Find(before?.Flows, facts.Id))
        {
            if (!Holds(entry, facts))
                continue;
            EngineMemo.Keep(now.Flows, facts.Id, entry);
            return entry.Solved;
        }
        return null;
    }

    /// <summary>Asks again, in the same order: to ask has effects, and those of the questions before one that differs are wanted.</summary>
    bool Holds(FlowEntry entry, MethodFacts facts)
    {
        if (!ReferenceEquals(entry.Facts, facts))
            return false;
        foreach (var q in entry.Questions)
        {
            if (!q.Holds(context, facts.Id))
                return false;
        }
        return true;
    }
}
