using System.Collections.Immutable;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Flow;

namespace FenceSafety.Core.Memo;

/// <summary>A question that solving a body asked: of a signature (no parameter), or of what a call gives back.</summary>
readonly record struct FlowQuestion(string Method, int? Parameter, Signature? Signature, RefSet Returns);

/// <summary>A body as it was solved with these answers.</summary>
sealed record FlowEntry(MethodFacts Facts, ImmutableArray<FlowQuestion> Questions, SolvedBody Solved);

/// <summary>Solves bodies, or finds that one was solved before with the same answers.</summary>
sealed class FlowMemo(EngineMemo? before, EngineMemo now, IFlowContext context)
{
    /// <summary>How often a flow was solved.</summary>
    public int Solved { get; private set; }

    /// <summary>Of which bodies.</summary>
    public HashSet<string> Bodies { get; } = new(StringComparer.Ordinal);

    public SolvedBody Solve(MethodFacts facts, CancellationToken cancel)
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
        Solved++;
        Bodies.Add(facts.Id);
        var asked = new Asked(context);
        var solved = FlowSolver.Solve(facts, asked, cancel);
        EngineMemo.Keep(now.Flows, facts.Id, new FlowEntry(facts, asked.Questions.ToImmutableArray(), solved));
        return solved;
    }

    /// <summary>Asks again, in the same order: to ask has effects, and those of the questions before one that differs are wanted.</summary>
    bool Holds(FlowEntry entry, MethodFacts facts)
    {
        if (!ReferenceEquals(entry.Facts, facts))
            return false;
        foreach (var q in entry.Questions)
        {
            bool same = q.Parameter is { } parameter
                ? context.ReturnsOf(q.Method, parameter, facts.Id).Equals(q.Returns)
                : context.SignatureOf(q.Method, facts.Id) is var s && (ReferenceEquals(s, q.Signature) || s.SameAs(q.Signature!));
            if (!same)
                return false;
        }
        return true;
    }

    /// <summary>Writes down what is asked.</summary>
    sealed class Asked(IFlowContext context) : IFlowContext
    {
        readonly HashSet<(string, int?)> _seen = new();

        public List<FlowQuestion> Questions { get; } = new();

        // What a call may reach is declared, but for the receiver, which the body itself says.
        public ImmutableArray<string> LockTargets(CallOp call, RefSet receiver) => context.LockTargets(call, receiver);

        public bool SameClass(Ref a, Ref b) => context.SameClass(a, b);

        public Signature SignatureOf(string method, string caller)
        {
            var signature = context.SignatureOf(method, caller);
            if (_seen.Add((method, null)))
                Questions.Add(new FlowQuestion(method, null, signature, RefSet.Empty));
            return signature;
        }

        public RefSet ReturnsOf(string method, int parameter, string caller)
        {
            var returns = context.ReturnsOf(method, parameter, caller);
            if (_seen.Add((method, parameter)))
                Questions.Add(new FlowQuestion(method, parameter, null, returns));
            return returns;
        }
    }
}
