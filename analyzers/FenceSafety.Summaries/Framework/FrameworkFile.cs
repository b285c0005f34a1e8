using FenceSafety.Core.Summaries.External;

namespace FenceSafety.Summaries.Framework;

/// <summary>The summary of a framework as the analyzer embeds it.</summary>
static class FrameworkFile
{
    /// <summary>The reviewed lines are checked on the way.</summary>
    public static Dictionary<string, ClosedMember> Members(FrameworkWorld world, FrameworkOverrides overrides, string overridesFile, out EffectSolver solver)
    {
        overrides.Check(world, overridesFile);
        solver = new EffectSolver(world, overrides);
        solver.Solve();
        return FrameworkMembers.Of(world, solver, overrides);
    }

    /// <param name="folders">…/shared/Microsoft.NETCore.App/10.0.12 and its like: they name what the summary is made from.</param>
    public static byte[] Write(IReadOnlyDictionary<string, ClosedMember> members, IEnumerable<string> folders) =>
        SummaryWriter.Write("Microsoft.NETCore.App", Guid.Empty, Source(folders), members);

    public static string Source(IEnumerable<string> folders) => string.Join(", ", folders.Select(static f =>
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(f));
        return Path.GetFileName(Path.GetDirectoryName(full)) + " " + Path.GetFileName(full);
    }));
}
