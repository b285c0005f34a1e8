using System.Collections.Immutable;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Flow;

namespace FenceSafety.Core.Summaries.External;

/// <summary>
/// What a caller can see of one member of another assembly. It speaks of the member's parameters, of fields, types and delegates by
/// name, and of nothing inside the member; the hops of its chains are text.
/// </summary>
/// <param name="Id">Documentation-comment id; nested bodies that are handed out add <c>#n</c>.</param>
/// <param name="Display">What chains call it: <c>Type.Method</c>.</param>
/// <param name="CallName">See <see cref="MethodFacts.CallName"/>.</param>
public sealed record ExternalMember(string Id, string Display, string CallName, Signature Signature, Summary Summary)
{
    /// <summary>Calling it only makes an iterator.</summary>
    public bool IsIterator { get; init; }

    /// <summary>See <see cref="MethodFacts.RunsAtCalls"/>.</summary>
    public bool RunsAtCalls { get; init; }

    /// <summary>It has a body. Without one only <see cref="Implementations"/> are known.</summary>
    public bool HasBody { get; init; } = true;

    /// <summary>The members of the same assembly that a virtual call may reach instead.</summary>
    public ImmutableArray<string> Implementations { get; init; } = ImmutableArray<string>.Empty;

    /// <summary>Of a constructor: the lock fields that it fills from its parameters.</summary>
    public ImmutableArray<(LockInfo Field, RefSet Value)> Stores { get; init; } = ImmutableArray<(LockInfo, RefSet)>.Empty;

    /// <summary>Who calls it must be read, whatever else is of interest: it changes locks, or takes locks of its caller.</summary>
    public bool ConcernsCallers => Signature.ChangesLocks || !Summary.Pendings.IsEmpty || !Stores.IsEmpty;
}
