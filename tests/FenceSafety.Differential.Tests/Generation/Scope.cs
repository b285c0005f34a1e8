namespace FenceSafety.Differential.Tests.Generation;

/// <summary>What the statement that is written next may use.</summary>
/// <param name="Callable">The first method that it may call: calls only go forward, so that every program ends.</param>
/// <param name="Depth">How deep it is nested.</param>
internal sealed record Scope(int Callable, int Depth)
{
    /// <summary>What leaves the body; null where leaving would not be well formed.</summary>
    public string? Return { get; init; } = "return;";

    public bool IsStatic { get; init; } = true;

    /// <summary>The body is declared fence-critical, or inside a region.</summary>
    public bool IsCritical { get; init; }

    /// <summary>An <c>Oops</c> that is thrown here is caught in the same body.</summary>
    public bool Catches { get; init; }

    public string? LockParameter { get; init; }

    /// <summary>A statement that calls the body that is written, or its partner, once more.</summary>
    public string? Recursion { get; init; }

    public string? FlagsParameter { get; init; }

    public string? ActionParameter { get; init; }

    /// <summary>Monitors that are held here, as expressions that mean the same object each time.</summary>
    public IReadOnlyList<string> Held { get; init; } = [];

    public Scope Deeper() => this with { Depth = Depth + 1 };

    public Scope Holding(string? monitor) => monitor is null ? Deeper() : Deeper() with { Held = [.. Held, monitor] };

    /// <summary>A lambda or a local function inside: a body of its own.</summary>
    public Scope Nested() => Deeper() with { Return = "return;", Held = [], Catches = false, Recursion = null };

    /// <summary>Where a lock would leak if the body were left here.</summary>
    public Scope NoReturn() => this with { Return = null };
}
