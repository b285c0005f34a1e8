namespace FenceSafety.Benchmarks.Harness;

/// <summary>Something that is measured.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Run">The part that counts; about 0.1 ms or more.</param>
/// <param name="Before">What it needs done before, each time, unmeasured.</param>
/// <param name="After">What has to be done after it, each time, unmeasured.</param>
public sealed record Side(string Name, Action Run, Action? Before = null, Action? After = null);

/// <summary>Something that is measured, and what it is compared with.</summary>
/// <param name="Measured">What it is about.</param>
/// <param name="Baseline">What it is compared with.</param>
/// <param name="Goal">The ratio that it shall not exceed; null if there is no such goal.</param>
/// <param name="AtP95">The goal is that of 95 in 100 ratios, not of their median.</param>
public sealed record Pair(Side Measured, Side Baseline, double? Goal = null, bool AtP95 = false);
