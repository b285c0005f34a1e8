using System.Globalization;
using FenceSafety.Summaries.Metadata;

namespace FenceSafety.Summaries.Framework;

/// <summary>What is said of each member that code outside the framework can name.</summary>
static class FrameworkMembers
{
    /// <summary>Members by id with their effects; those that are unknown are left out.</summary>
    public static SortedDictionary<string, string> Of(FrameworkWorld world, EffectSolver solver, FrameworkOverrides overrides)
    {
        var result = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var method in world.Methods)
        {
            if (!method.IsVisibleOutside || method.Name == ".cctor")
                continue;
            if ((overrides.Find(method, method.Id)?.Effects ?? Text(method, solver)) is { } effects)
                result[method.DocumentationName] = effects;
        }
        return result;
    }

    /// <summary>What IL alone says; null if something in it is unknown, for then so is the member.</summary>
    public static string? Text(MethodNode method, EffectSolver solver)
    {
        // Code outside may override it; what flows to the receiver is not known here.
        bool open = method.IsVirtual && !method.IsFinal && !method.Type.IsSealed && !method.Type.IsValueType;
        if (method.IsAbstract || open || method.Type.IsDelegate || solver.Of(method.Id) is not { Unknown: false } effects
            || effects.Constrained.Any(static c => c.Member[0] != '#'))
            return null;
        // Of several kinds the nearest is named; growth only if nothing else allocates.
        string? kind = effects.Kinds.Where(static k => k.Kind != "growth").OrderBy(static k => k.Distance).ThenBy(static k => k.Kind, StringComparer.Ordinal)
            .Select(static k => k.Kind).FirstOrDefault();
        if (kind is null && effects.Constrained.Count > 0)
            kind = effects.Constrained.Any(static c => c.Member == "#new") ? "object" : "boxing";
        var parts = new List<string>();
        if (kind is not null)
            parts.Add("managed:" + Plain(kind));
        else if (effects.Kinds.Any())
            parts.Add("growth");
        for (int i = 0; i < 64; i++)
        {
            if ((effects.Invokes >> i & 1) != 0)
                parts.Add("invokes:" + i.ToString(CultureInfo.InvariantCulture));
        }
        return parts.Count == 0 ? "safe" : string.Join(",", parts);
    }

    /// <summary>The file's kinds: a state machine of the framework's is just an object to its caller.</summary>
    static string Plain(string kind) => kind == "async" ? "task" : kind;
}
