using System.Collections.Immutable;
using FenceSafety.Core.Facts;

namespace FenceSafety.Core.Findings;

/// <summary>One report: rule, place, message, and every further hop.</summary>
public sealed record Finding(string Rule, SourceSpan Span, string Message, ImmutableArray<SourceSpan> Hops)
{
    /// <summary>For code fixes and tools: <c>kind</c>, <c>sink</c>, <c>lockClass</c>, <c>chain</c>; FENCE006 also <c>effect</c>.</summary>
    public ImmutableSortedDictionary<string, string> Properties { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}
