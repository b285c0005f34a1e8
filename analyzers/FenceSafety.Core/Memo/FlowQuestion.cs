using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Flow;

namespace FenceSafety.Core.Memo;

/// <summary>A question that solving a body asked, with the answer.</summary>
abstract record FlowQuestion
{
    /// <summary>Asks again: is the answer the same?</summary>
    public abstract bool Holds(IFlowContext context, string caller);

    /// <summary>What the callees of a call do to locks.</summary>
    public sealed record Signatures(CallOp Call, RefSet Receiver, IReadOnlyList<Signature> Answer) : FlowQuestion
    {
        public override bool Holds(IFlowContext context, string caller)
        {
            var now = context.SignaturesOf(Call, Receiver, caller);
            if (ReferenceEquals(now, Answer))
                return true;
            if (now.Count != Answer.Count)
                return false;
            for (int i = 0; i < now.Count; i++)
            {
                if (!ReferenceEquals(now[i], Answer[i]) && !now[i].SameAs(Answer[i]))
                    return false;
            }
            return true;
        }
    }

    /// <summary>What a callee gives back.</summary>
    public sealed record Returns(string Method, int Parameter, RefSet Answer) : FlowQuestion
    {
        public override bool Holds(IFlowContext context, string caller) => context.ReturnsOf(Method, Parameter, caller).Equals(Answer);
    }

    /// <summary>Which callees of an enumeration run: those that are known to be iterators by now.</summary>
    public sealed record Iterators(CallOp Call, RefSet Receiver, ImmutableArray<string> Answer) : FlowQuestion
    {
        public override bool Holds(IFlowContext context, string caller) => context.LockTargets(Call, Receiver).SequenceEqual(Answer);
    }
}

/// <summary>Writes down what is asked, each question the first time: while one body is solved, no answer changes.</summary>
sealed class FlowQuestions(IFlowContext context) : IFlowContext
{
    readonly HashSet<(string, int)> _returns = new();
    readonly HashSet<(CallOp Call, RefSet Receiver)> _signatures = new(new CallComparer());
    readonly HashSet<(CallOp Call, RefSet Receiver)> _iterators = new(new CallComparer());

    public List<FlowQuestion> All { get; } = new();

    public ImmutableArray<string> LockTargets(CallOp call, RefSet receiver)
    {
        var targets = context.LockTargets(call, receiver);
        // What any other call may reach is declared, but for the receiver, which the body itself says.
        if (call.Enumerates && _iterators.Add((call, receiver)))
            All.Add(new FlowQuestion.Iterators(call, receiver, targets));
        return targets;
    }

    public bool IsUnseen(CallTarget.Virtual call) => context.IsUnseen(call);

    public bool SameClass(Ref a, Ref b) => context.SameClass(a, b);

    public IReadOnlyList<Signature> SignaturesOf(CallOp call, RefSet receiver, string caller)
    {
        var signatures = context.SignaturesOf(call, receiver, caller);
        if (_signatures.Add((call, receiver)))
            All.Add(new FlowQuestion.Signatures(call, receiver, signatures));
        return signatures;
    }

    public RefSet ReturnsOf(string method, int parameter, string caller)
    {
        var returns = context.ReturnsOf(method, parameter, caller);
        if (_returns.Add((method, parameter)))
            All.Add(new FlowQuestion.Returns(method, parameter, returns));
        return returns;
    }

    /// <summary>The op itself: to compare what it says would cost more than it saves.</summary>
    sealed class CallComparer : IEqualityComparer<(CallOp Call, RefSet Receiver)>
    {
        public bool Equals((CallOp Call, RefSet Receiver) x, (CallOp Call, RefSet Receiver) y) =>
            ReferenceEquals(x.Call, y.Call) && x.Receiver.Equals(y.Receiver);

        public int GetHashCode((CallOp Call, RefSet Receiver) key) => RuntimeHelpers.GetHashCode(key.Call) * 397 ^ key.Receiver.GetHashCode();
    }
}
