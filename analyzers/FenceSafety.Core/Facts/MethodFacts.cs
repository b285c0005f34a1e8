using System.Collections.Immutable;

namespace FenceSafety.Core.Facts;

/// <summary>
/// What one body does, said without syntax: a control-flow graph of <see cref="Op"/>s. It says nothing of other bodies, so it
/// can be kept as long as its own text and declarations stay the same.
/// </summary>
public sealed record MethodFacts
{
    /// <summary>Documentation-comment id; nested bodies add <c>#n</c>.</summary>
    public required string Id { get; init; }

    /// <summary>What chains call it: <c>Type.Method</c>.</summary>
    public required string Display { get; init; }

    /// <summary>The name, where reports go that have no expression.</summary>
    public required SourceSpan Name { get; init; }

    /// <summary>The name of the member as it is declared: of the property, for an accessor.</summary>
    public SourceSpan Member { get; init; } = SourceSpan.None;

    /// <summary>Entry is block 0.</summary>
    public required ImmutableArray<Block> Blocks { get; init; }

    /// <summary>The slot of each parameter.</summary>
    public ImmutableArray<int> ParameterSlots { get; init; } = ImmutableArray<int>.Empty;

    /// <summary>What a parameter is if nothing flows to it.</summary>
    public ImmutableArray<Value> ParameterDefaults { get; init; } = ImmutableArray<Value>.Empty;

    /// <summary>What the receiver is as a lock.</summary>
    public Value ReceiverDefault { get; init; } = Value.None;

    /// <summary>The body that this one is nested in.</summary>
    public string? Parent { get; init; }

    /// <summary>Bodies nested in this one: lambdas and local functions.</summary>
    public ImmutableArray<string> Nested { get; init; } = ImmutableArray<string>.Empty;

    /// <summary>Out and ref parameters.</summary>
    public ImmutableArray<int> OutParameters { get; init; } = ImmutableArray<int>.Empty;

    /// <summary>Out parameters that can be disposed: a lock held on return is handed over with one of them.</summary>
    public ImmutableArray<int> GuardParameters { get; init; } = ImmutableArray<int>.Empty;

    /// <summary>The result can be disposed: a lock held on return is handed over with it.</summary>
    public bool ReturnsDisposable { get; init; }

    public bool IsConstructor { get; init; }

    /// <summary>Constructor or <c>Dispose</c> of a type that can be disposed.</summary>
    public bool IsOfDisposable { get; init; }

    public bool IsDispose { get; init; }

    /// <summary>Calling it only makes an iterator; the body runs later.</summary>
    public bool IsIterator { get; init; }

    /// <summary>The initialiser of a type has the id of the type, and this.</summary>
    public const string TypeInitializerSuffix = ".#cctor";

    public static bool IsTypeInitializer(string id) => id.EndsWith(TypeInitializerSuffix, StringComparison.Ordinal);

    /// <summary>A type initialiser that a call of a static method or a constructor of its type runs as well: there is a static constructor.</summary>
    public bool RunsAtCalls { get; init; }

    /// <summary>Code outside the assembly can call it.</summary>
    public bool IsVisibleOutside { get; init; }

    /// <summary>Names by which other bodies call it.</summary>
    public string CallName { get; init; } = "";

    /// <summary>Slots that nested bodies or aliases assign: what they hold cannot be told from this body alone.</summary>
    public ImmutableHashSet<int> WrittenElsewhere { get; init; } = ImmutableHashSet<int>.Empty;

    /// <summary>Slots whose value nested bodies consume: they have it for as long as they like.</summary>
    public ImmutableHashSet<int> ConsumedElsewhere { get; init; } = ImmutableHashSet<int>.Empty;

    /// <summary>Slots that nested bodies capture.</summary>
    public ImmutableHashSet<int> CapturedSlots { get; init; } = ImmutableHashSet<int>.Empty;
}

/// <summary>A basic block. Cold blocks always end in a throw: they are left out.</summary>
public sealed record Block
{
    public ImmutableArray<Op> Ops { get; init; } = ImmutableArray<Op>.Empty;

    /// <summary>What decides between the two successors, or null.</summary>
    public Condition? Condition { get; init; }

    /// <summary>The next block if there is no condition or it holds; -1: none.</summary>
    public int Next { get; init; } = -1;

    /// <summary>The next block if the condition does not hold; -1: none.</summary>
    public int Otherwise { get; init; } = -1;

    /// <summary>More successors: exception handlers that this block can reach, and loops of finally blocks.</summary>
    public ImmutableArray<int> Handlers { get; init; } = ImmutableArray<int>.Empty;

    /// <summary>Handlers that only the end of the block leads to: a finally block that an exception passes through.</summary>
    public ImmutableArray<int> Rethrows { get; init; } = ImmutableArray<int>.Empty;

    /// <summary>Leaving this block leaves the body.</summary>
    public bool IsExit { get; init; }
}

/// <summary>A test of a slot: is it true, or (with <paramref name="IsNull"/>) is it null.</summary>
public sealed record Condition(Value Value, bool IsNull)
{
    /// <summary>Two slots that are equal if the test holds (differ, if <see cref="Different"/>).</summary>
    public (int Left, int Right)? Compares { get; init; }

    public bool Different { get; init; }
}
