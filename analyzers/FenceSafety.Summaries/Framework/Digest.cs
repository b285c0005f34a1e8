using System.Collections.Immutable;
using FenceSafety.Core.Facts;
using FenceSafety.Summaries.Metadata;

namespace FenceSafety.Summaries.Framework;

/// <summary>Where a delegate comes from that a body calls or hands on.</summary>
enum Origin
{
    /// <summary>A parameter of the body.</summary>
    Parameter,

    /// <summary>A method or lambda.</summary>
    Method,

    /// <summary>Anything else: a field, a result.</summary>
    Elsewhere,
}

readonly record struct DelegateRef(Origin Origin, int Parameter, string Method);

/// <summary>An argument that matters.</summary>
/// <param name="Parameter">The callee's parameter.</param>
/// <param name="From">The parameters of this body that may flow there, as bits; see <see cref="DigestReader.Unseen"/>.</param>
readonly record struct Passed(int Parameter, DelegateRef Value, ulong From);

/// <summary>Code that runs only while a field is empty, and fills it.</summary>
/// <param name="Field">The field, as lock classes are called.</param>
/// <param name="Stored">The code itself fills the field; else a callee may.</param>
sealed record LazyGuard(string Field, bool Instance, bool Stored);

/// <summary>A call in a body, as far as effects are concerned.</summary>
/// <param name="Exact">The type that the receiver is known to be, or null.</param>
/// <param name="Receiver">The parameters that may be the receiver, as bits.</param>
sealed record DigestCall(CallTarget Target, string? Exact, ulong Receiver, ImmutableArray<Passed> Arguments, ImmutableArray<LazyGuard> Guards);

readonly record struct DigestKind(string Kind, ImmutableArray<LazyGuard> Guards);

/// <summary>What one body does by itself: its own allocations, what it calls, which delegates it invokes.</summary>
/// <param name="Stores">Fields that it fills, unless it is a constructor.</param>
/// <param name="Resets">Fields that it empties, unless it ends an object's life.</param>
sealed record Digest(
    MethodNode Method, ImmutableArray<DigestKind> Kinds, bool Unknown, ImmutableArray<DigestCall> Calls, ImmutableArray<DelegateRef> Invokes,
    ImmutableArray<string> Stores, ImmutableArray<string> Resets);

/// <summary>Allocations that only enlarge a collection's own store.</summary>
static class Growth
{
    static readonly string[] Names = ["Grow", "Resize", "EnsureCapacity", "Expand", "SetCapacity", "GrowForInsertion", "ExpandByABlock", "EnsureArrayCapacity", "GrowTable"];

    /// <summary>By name: the framework calls them like this, everywhere.</summary>
    public static bool IsGrowing(MethodNode method)
    {
        string name = method.Name is ['<', ..] ? "" : method.Name;
        return Names.Contains(name) || name.StartsWith("Grow", StringComparison.Ordinal) || name == "set_Capacity";
    }
}
