namespace FenceSafety.Mutation.Tests;

/// <summary>A mistake that can be made in a critical section, and what the analyzer has to say to it.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Rule">The rule that reports it.</param>
/// <param name="Statement">The mistake itself, as a statement that compiles anywhere.</param>
/// <param name="LockClass">The lock that it takes, if any: its other ends, where others allocate under it, are reported too.</param>
public sealed record Mutation(string Name, string? Rule, string Statement, string? LockClass = null)
{
    public static Mutation BlockingAllocation { get; } = new("blocking allocation", "FENCE001", "global::Mutants.Things.MayAllocate();");

    public static Mutation ManagedAllocation { get; } = new("managed allocation", "FENCE011", "_ = new object();");

    public static Mutation Growth { get; } = new("growth", "FENCE011", "global::Mutants.Things.Numbers.Add(1);");

    public static Mutation Wait { get; } = new("wait", "FENCE003", "global::Mutants.Things.Fence.Wait();");

    /// <summary>A lock that is held while allocating elsewhere, which the added file does.</summary>
    public static Mutation AllocatorLock { get; } = new(
        "allocator's lock", "FENCE002", "lock (global::Mutants.Things.Gate) { }", "Things.Gate");

    /// <summary>Takes GpuBuddy's mutex, under which the runtime itself allocates: the other ends lie in the runtime.</summary>
    public static Mutation DroppedBlocks { get; } = new(
        "dropping blocks", "FENCE002", "global::Mutants.Things.Blocks.Dispose();", "gpu_buddy");

    public static Mutation UnknownCall { get; } = new("unknown call", "FENCE008", "global::Mutants.Things.Outside();");

    /// <summary>Two edits that change nothing of what the rules are about.</summary>
    public static Mutation Local { get; } = new("control: a local", null, "int mutant = 1; _ = mutant;");

    public static Mutation EmptyCall { get; } = new("control: an empty call", null, "global::Mutants.Things.Nothing();");

    public static Mutation[] Mistakes { get; } =
        [BlockingAllocation, ManagedAllocation, Growth, Wait, AllocatorLock, DroppedBlocks, UnknownCall];

    public static Mutation[] Controls { get; } = [Local, EmptyCall];

    public override string ToString() => Name;
}
