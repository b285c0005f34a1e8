using FenceSafety.Core.Summaries.External;
using FenceSafety.Summaries.Commands;
using FenceSafety.Summaries.Framework;
using FenceSafety.Summaries.Metadata;
using FenceSafety.Summaries.Program;

namespace FenceSafety.Summaries.Tests.Framework;

/// <summary>
/// The shipped summary is what the command makes of the installed runtime. If the runtime is another patch than the file's, members of both
/// must have the same effects, but for a few that the patch changed, and few may be in one alone: what changed is then in the message of
/// <see cref="A_runtime_of_another_patch_changes_little"/>, and the file should be made again (docs/summaries.md).
/// </summary>
public class ShippedFileTests
{
    const string Regenerate =
        "dotnet run -c Release --project analyzers/FenceSafety.Summaries -- framework --output analyzers/FenceSafety.Analyzers/Framework/Framework.fencesum";

    /// <summary>Of 10,000 members, those that a patch may change: it mends few bodies.</summary>
    const int PatchedOf10000 = 20;

    static readonly byte[] Shipped = FrameworkContracts.Bytes();
    static readonly Lazy<Dictionary<string, ClosedMember>> LazyMade = new(Make);

    static Dictionary<string, ClosedMember> Make()
    {
        using var world = new World();
        return FrameworkFile.Members(FrameworkWorld.Load(Runtime.Folders, world), FrameworkOverrides.Shipped(), "FrameworkOverrides.txt", out _);
    }

    static bool SamePatch => SummaryFile.Open(Shipped).Source == FrameworkFile.Source(Runtime.Folders);

    [Fact]
    public void The_installed_runtime_makes_the_shipped_bytes()
    {
        byte[] made = FrameworkFile.Write(LazyMade.Value, Runtime.Folders);
        if (!SamePatch)
        {
            // Another patch: at least the version in the header differs, and the other test compares what both say.
            Assert.NotEqual(Shipped, made);
            return;
        }
        string changes = Shipped.AsSpan().SequenceEqual(made) ? "" : string.Join("\n", Differences().Take(50));
        Assert.True(Shipped.AsSpan().SequenceEqual(made), $"The file is not what is made from {FrameworkFile.Source(Runtime.Folders)}. Make it again: {Regenerate}\n{changes}");
    }

    [Fact]
    public void A_runtime_of_another_patch_changes_little()
    {
        var differences = Differences();
        int allowed = SamePatch ? 0 : LazyMade.Value.Count * PatchedOf10000 / 10_000;
        Assert.True(differences.Count <= allowed,
            $"{differences.Count} members differ between {SummaryFile.Open(Shipped).Source} and {FrameworkFile.Source(Runtime.Folders)}. Make the file again: {Regenerate}\n"
            + string.Join("\n", differences.Take(50)));
    }

    static List<string> Differences()
    {
        var file = SummaryFile.Open(Shipped);
        var before = file.Ids.ToDictionary(static id => id, id => EffectWords.Of(ClosedMember.Of(file.Find(id, out _)!)), StringComparer.Ordinal);
        var after = LazyMade.Value.ToDictionary(static m => m.Key, static m => EffectWords.Of(m.Value), StringComparer.Ordinal);
        return [.. before.Keys.Union(after.Keys).Order(StringComparer.Ordinal)
            .Select(id => (Id: id, Before: before.GetValueOrDefault(id, "unknown"), After: after.GetValueOrDefault(id, "unknown")))
            .Where(static d => d.Before != d.After).Select(static d => $"{d.Id}: {d.Before} → {d.After}")];
    }

    [Fact]
    public void A_reviewed_line_gives_its_reason() =>
        Assert.Empty(FrameworkOverrides.Shipped().Lines.Where(static l => l.Reason.Length < 4).Select(static l => l.Id));
}
