using System.Collections.Immutable;
using FenceSafety.Core.Facts;

namespace FenceSafety.Core.Flow;

/// <summary>What the flow of one body asks of the rest of the program.</summary>
public interface IFlowContext
{
    /// <summary>The members that a call may reach, as far as their effect on locks matters.</summary>
    ImmutableArray<string> LockTargets(CallOp call, RefSet receiver);

    /// <summary>What they do to locks; all those that do nothing are one empty signature.</summary>
    IReadOnlyList<Signature> SignaturesOf(CallOp call, RefSet receiver, string caller);

    /// <summary>Nobody who can be seen implements it, or it is never looked for: only what the receiver is made as says what is called.</summary>
    bool IsUnseen(CallTarget.Virtual call);

    /// <summary>Locks behind what a call gives back: its result (-1), or what it leaves in a parameter.</summary>
    RefSet ReturnsOf(string method, int parameter, string caller);

    /// <summary>The classes of a lock reference; see LockNamer.</summary>
    bool SameClass(Ref a, Ref b);
}
