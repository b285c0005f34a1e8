using System.Collections.Immutable;
using FenceSafety.Core.Facts;

namespace FenceSafety.Core.Flow;

/// <summary>What the flow of one body asks of the rest of the program.</summary>
public interface IFlowContext
{
    /// <summary>The members that a call may reach, as far as their effect on locks matters.</summary>
    ImmutableArray<string> LockTargets(CallOp call, RefSet receiver);

    Signature SignatureOf(string method, string caller);

    /// <summary>Locks behind a call's result, where the callee returns a field.</summary>
    RefSet ReturnsOf(string method, string caller);

    /// <summary>The classes of a lock reference; see LockNamer.</summary>
    bool SameClass(Ref a, Ref b);
}
