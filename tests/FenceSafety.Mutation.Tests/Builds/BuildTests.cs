using System.Globalization;
using System.Text.RegularExpressions;
using FenceSafety.Package.Tests.Harness;

namespace FenceSafety.Mutation.Tests.Builds;

/// <summary>Mistakes that somebody could make in the runtime's critical code: the build fails, at the line of the mistake, and only there.</summary>
public sealed partial class BuildTests(RuntimeCopy runtime) : IClassFixture<RuntimeCopy>
{
    [Fact]
    public async Task Another_buffer_size_builds()
    {
        var (result, _) = await runtime.BuildEditedAsync("Vmm/Vmm.Execute.cs", "stackalloc ulong[1 <<", "stackalloc ulong[2 <<");
        result.Succeeded().ReportsNothing();
    }

    [Fact]
    public Task A_blocking_allocation() => FailsAsync(
        "FENCE001", "Vmm/Vmm.Execute.cs", "            status = Unmap(range);", """
                        _mm.Allocator.AllocateFrames(default);
                        status = Unmap(range);
            """);

    [Fact]
    public Task A_buffer_on_the_managed_heap() => FailsAsync(
        "FENCE011", "Mmu/Tlb.cs", "        uint command = AllAddresses |", """
                    Span<uint> registers = new uint[3];
                    registers.Clear();
                    uint command = AllAddresses |
            """);

    [Fact]
    public Task A_wait_for_the_fence_that_is_to_signal() => FailsAsync(
        "FENCE003", "Fences/DmaFence.cs", "        DmaFenceCallback? callback;\n        lock (_gate)", """
                    Wait();
                    DmaFenceCallback? callback;
                    lock (_gate)
            """);

    [Fact]
    public Task The_allocators_lock() => FailsAsync(
        "FENCE002", "Memory/GpuBuddy.Free.cs", "        Claim(blocks);\n\n        // Until", """
                    using SleepingMutex.Guard guard = _mutex.Lock();
                    Claim(blocks);

                    // Until
            """,
        otherEnd: "gpu_buddy, which fence-critical code takes");

    [Fact]
    public Task Blocks_dropped_instead_of_deferred() => FailsAsync(
        "FENCE002", "Memory/AllocatedBlocks.cs", "=> Owner?.FreeDeferred(this, flags);", "=> Owner?.Free(this, flags);",
        otherEnd: "gpu_buddy, which fence-critical code takes");

    [Fact]
    public Task A_call_that_cannot_be_seen_into() => FailsAsync(
        "FENCE008", "Memory/GpuBuddy.Free.cs", "        Claim(blocks);\n\n        // Until", """
                    _ = PlatformBeep(0);
                    Claim(blocks);

                    // Until
            """,
        add: """

                [System.Runtime.InteropServices.DllImport("elsewhere")]
                private static extern int PlatformBeep(int tone);
            }
            """);

    /// <param name="otherEnd">In the message of further reports, if the mistake has ends elsewhere.</param>
    /// <param name="add">What takes the place of the file's last brace.</param>
    private async Task FailsAsync(string rule, string path, string old, string replacement, string? otherEnd = null, string? add = null)
    {
        var (result, line) = await runtime.BuildEditedAsync(path, old, replacement, add);
        Assert.NotEqual(0, result.ExitCode);
        var errors = Error().Matches(result.Output).Select(match => match.Value.Trim()).Distinct().ToList();
        var made = errors.Where(error => IsAt(Error().Match(error), rule, path, line)).ToList();
        Assert.True(made.Count == 1, $"{rule} at {path}({line}) was expected once; the build said:\n{string.Join('\n', errors)}");
        var ends = errors.Where(error => otherEnd is not null && error.Contains(otherEnd, StringComparison.Ordinal)).ToList();
        Assert.Equal(otherEnd is null, ends.Count == 0);
        Assert.Equal(made, errors.Except(ends));
    }

    private static bool IsAt(Match error, string rule, string path, int line) =>
        error.Groups["rule"].Value == rule
        && error.Groups["path"].Value.Replace('\\', '/').EndsWith("/FenceSafety.Runtime/" + path, StringComparison.Ordinal)
        && error.Groups["line"].Value == line.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\s*(?<path>[^\r\n(]+)\((?<line>\d+),\d+\): error (?<rule>[A-Z]+\d+): .*", RegexOptions.Multiline)]
    private static partial Regex Error();
}
