using System.Collections.Immutable;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Flow;

namespace FenceSafety.Core.Summaries.External;

/// <summary>A member of another assembly where the engine expects a body: it has no ops and no places, only its record.</summary>
public sealed class ExternalStub(ExternalMember member)
{
    public ExternalMember Member => member;

    public SolvedBody Body { get; } = Of(member.Id, member.Display, member.IsIterator, member.CallName);

    /// <summary>A body that nothing is known of.</summary>
    public static SolvedBody Of(string id, string display, bool isIterator = false, string callName = "") => new()
    {
        Facts = new MethodFacts
        {
            Id = id,
            Display = display,
            Name = SourceSpan.None,
            Blocks = ImmutableArray<Block>.Empty,
            IsIterator = isIterator,
            CallName = callName,
            IsVisibleOutside = true,
        },
        Events = ImmutableArray<BodyEvent>.Empty,
        Signature = Signature.Empty,
        Errors = ImmutableArray<BalanceError>.Empty,
        Captured = ImmutableDictionary<int, RefSet>.Empty,
        Stores = ImmutableArray<(LockInfo, RefSet)>.Empty,
        Escaping = ImmutableHashSet<int>.Empty,
    };
}
