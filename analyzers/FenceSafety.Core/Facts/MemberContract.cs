using System.Collections.Immutable;

namespace FenceSafety.Core.Facts;

/// <summary>What is declared of a member, by attributes, annotation files or the framework's summary.</summary>
public sealed record MemberContract(string Display)
{
    /// <summary>What is known of nothing.</summary>
    public static readonly MemberContract Nothing = new("?");

    public SourceSpan Name { get; init; } = SourceSpan.None;
    public bool Critical { get; init; }
    public bool MayAllocate { get; init; }

    /// <summary>The parameter whose bits decide whether it allocates, or -1.</summary>
    public int FlagsParameter { get; init; } = -1;
    public long BlockingFlags { get; init; } = -1;
    public bool WaitsForFence { get; init; }

    /// <summary>An unbounded wait of the framework: exactly that, and nothing else.</summary>
    public bool BlockingWait { get; init; }
    public bool RunsInReclaim { get; init; }
    public bool RunsAtomic { get; init; }
    public bool AssumeSafe { get; init; }

    /// <summary>Declared <c>[AcquiresLock]</c>: what it holds at its end is meant.</summary>
    public bool Acquires { get; init; }
    public bool Releases { get; init; }

    /// <summary>Declared to begin or to end a region: what it leaves open, or closes, is meant.</summary>
    public bool BeginsRegion { get; init; }
    public bool EndsRegion { get; init; }

    /// <summary>No body will be found; what is said here is all that is known.</summary>
    public bool Closed { get; init; }

    /// <summary>A closed member that calls code which cannot be seen, such as a comparer.</summary>
    public bool CallsBack { get; init; }

    /// <summary>Managed allocation kind of a closed member, or null.</summary>
    public string? Managed { get; init; }

    /// <summary>Delegate parameters that a closed member calls (-1: the receiver's own callbacks).</summary>
    public ImmutableArray<int> Invokes { get; init; } = ImmutableArray<int>.Empty;

    public bool HasContract => Critical || MayAllocate || WaitsForFence || AssumeSafe;
}

/// <summary>The members that a call may reach.</summary>
/// <param name="Open">Code that is not visible may implement the member as well.</param>
public sealed record Dispatch(ImmutableArray<string> Targets, bool Open)
{
    public static readonly Dispatch Unknown = new(ImmutableArray<string>.Empty, true);
}
