using FenceSafety.Core.Facts;
using FenceSafety.Core.Summaries;

namespace FenceSafety.Core;

/// <summary>How managed allocations count outside FENCE011.</summary>
public enum ManagedAllocations
{
    Report,

    /// <summary>They taint locks as blocking allocations do.</summary>
    Blocking,
    Ignore,
}

public enum UnknownCalls
{
    Suggest,

    /// <summary>Virtual calls of which more implementations may exist are unknown too.</summary>
    Report,
    Ignore,
}

/// <summary>Which code the rules speak about that need no annotation to apply.</summary>
public enum RuleScope
{
    Everything,

    /// <summary>Code that an annotated body reaches, and whatever holds a lock that such a body waits for.</summary>
    Critical,
}

/// <summary>The options of rules.md that the engine needs; one value for a compilation.</summary>
public sealed record EngineOptions(
    ManagedAllocations ManagedAllocations = ManagedAllocations.Report,
    bool IgnoreGrowth = false,
    UnknownCalls UnknownCalls = UnknownCalls.Suggest,
    bool ReclaimWaitsForFences = true,
    RuleScope Scope = RuleScope.Everything)
{
    public IReadOnlyList<IReadOnlyList<string>> LockOrders { get; init; } = Array.Empty<IReadOnlyList<string>>();

    /// <summary>Classes with <c>[FenceSafeLock]</c> that are declared, whether or not anybody takes them.</summary>
    public IReadOnlyCollection<string> FenceSafeLocks { get; init; } = Array.Empty<string>();

    /// <summary>Bodies that <c>[AssumeFenceSafe]</c> vouches for: is there anything to vouch for?</summary>
    public IReadOnlyCollection<string> Vouched { get; init; } = Array.Empty<string>();

    /// <summary>
    /// The run is for a summary of this assembly: calls of other assemblies' members stay calls (<see cref="Sink.Call"/>).
    /// </summary>
    internal bool KeepCalls { get; init; }

    /// <summary>A virtual call that may reach more implementations than this is not followed in a run for a summary: it is unknown.</summary>
    internal const int MaxTargets = 128;

    internal bool IsTooMany(System.Collections.Immutable.ImmutableArray<string> targets) => KeepCalls && targets.Length > MaxTargets;

    /// <summary>Nobody asks what is allocated on the managed heap under a lock, unless that counts as blocking.</summary>
    internal bool MattersUnderLock(Sink sink) => KeepCalls || ManagedAllocations == ManagedAllocations.Blocking
        || sink is not (Sink.Effect { Kind: EffectKind.ManagedAllocation } or Sink.Constrained { Method: TypeParameterMembers.Box });

    /// <summary>Members that code outside can call, if FENCE012 is on.</summary>
    public IReadOnlyCollection<string> VisibleMembers { get; init; } = Array.Empty<string>();
}
