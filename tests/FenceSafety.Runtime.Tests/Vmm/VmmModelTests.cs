namespace FenceSafety.Runtime.Tests.VirtualMemory;

public class VmmModelTests
{
    [Theory]
    [InlineData(GpuArchitecture.Turing, 1)]
    [InlineData(GpuArchitecture.Turing, 2)]
    [InlineData(GpuArchitecture.Ampere, 3)]
    [InlineData(GpuArchitecture.Ada, 4)]
    [InlineData(GpuArchitecture.Hopper, 5)]
    [InlineData(GpuArchitecture.Hopper, 6)]
    [InlineData(GpuArchitecture.Blackwell, 7)]
    [InlineData(GpuArchitecture.Blackwell, 8)]
    public void A_random_life_agrees_with_the_dictionary(GpuArchitecture architecture, int seed)
    {
        using var run = new VmmModelRun(architecture, seed);
        run.Run(500);

        // A run that never got to the interesting cases would prove nothing.
        foreach (string what in new[]
        {
            "prepared", "overlap refused", "out of video memory", "executed", "execute undone", "dropped", "unmapped", "unmap undone",
            "trimmed", "cleaned up", "protected", "protect failed",
        })
        {
            Assert.True(run.Seen.GetValueOrDefault(what) > 0, $"no step ended as: {what}");
        }
    }

    [Fact]
    public void The_runs_together_have_seen_what_is_rare()
    {
        var seen = new Dictionary<string, int>();
        for (int seed = 100; seed < 112; seed++)
        {
            using var run = new VmmModelRun(seed % 2 == 0 ? GpuArchitecture.Turing : GpuArchitecture.Hopper, seed);
            run.Run(500);
            foreach ((string what, int count) in run.Seen)
                seen[what] = seen.GetValueOrDefault(what) + count;
        }

        foreach (string what in new[] { "cleanup failed", "prepare failed", "execute owes an undo", "quarantined", "unmap torn" })
            Assert.True(seen.GetValueOrDefault(what) > 0, $"no step ended as: {what}");
    }
}
