using System.Collections.Immutable;

namespace FenceSafety.Differential.Tests.Execution;

internal enum EventKind
{
    Acquire,
    Try,
    Allocation,
    FenceWait,
    BlockingWait,
    Managed,
    Leak,
    Dropped,
    Unprotected,
    Stale,
}

/// <summary>How a program takes a lock.</summary>
internal sealed record Acquisition(object Instance, bool IsShared, bool IsSpin, bool IsRecursive, bool IsUpgradeable, bool IsTry)
{
    /// <summary>Whether it may be taken while the same thread holds it in that way.</summary>
    public bool MayFollow(Acquisition held) =>
        IsRecursive || (IsShared && held.IsShared) || (held.IsUpgradeable && !IsUpgradeable);
}

/// <summary>A lock, or a region, that the program holds.</summary>
/// <param name="Class">The class; null: no lock of a field.</param>
/// <param name="Frames">The stack that acquired it, innermost first.</param>
/// <param name="How">Null: no lock, but a fence-signalling region.</param>
internal sealed record Holding(Acquisition? How, string? Class, ImmutableArray<Frame> Frames)
{
    public object? Instance => How?.Instance;

    public bool IsShared => How is { IsShared: true };

    public bool IsSpin => How is { IsSpin: true };

    public bool IsRegion => How is null;

    /// <summary>Distance of the body that holds it from the bottom of the stack.</summary>
    public int Depth { get; init; } = Frames.Length - 1;
}

/// <summary>Something that a rule may care about, as it happened.</summary>
/// <param name="Lock">The lock that is acquired or leaked.</param>
/// <param name="Held">What was held before, oldest first.</param>
internal sealed record TraceEvent(EventKind Kind, Holding? Lock, ImmutableArray<Holding> Held, ImmutableArray<Frame> Frames)
{
    /// <summary>The same instance is held already, and cannot be taken twice.</summary>
    public bool IsSelfDeadlock { get; init; }

    /// <summary>Lines of calls that cannot be seen through, behind which it happened; they are no part of <see cref="Frames"/>.</summary>
    public ImmutableArray<int> Opaque { get; init; } = [];

    /// <summary>Two events with the same key say the same.</summary>
    public string Key =>
        Kind + (IsSelfDeadlock ? "!" : "") + (Lock is null ? "" : Describe(Lock)) + "|" + string.Join(",", Held.Select(Describe)) + "|"
        + string.Join(",", Frames.Select(f => f.Method.Name + f.Line + (f.IsConverted ? "c" : "")));

    public override string ToString() =>
        $"{Kind} {Lock?.Class} holding [{string.Join(", ", Held.Select(h => h.IsRegion ? "region" : h.Class ?? "?"))}] at "
        + string.Join(" < ", Frames.Select(f => $"{f.Method.Name}:{f.Line}"));

    private static string Describe(Holding h) =>
        $"{h.Class}{(h.Instance is null ? 0 : System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(h.Instance))}{h.IsShared}{h.Depth}";
}
