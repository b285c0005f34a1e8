using FenceSafety.Summaries.Metadata;

namespace FenceSafety.Summaries.Framework;

/// <summary>Why a member is said to do what it is said to do: the calls that lead there. For whoever reviews a line.</summary>
static class Explanation
{
    const int MaxHops = 40;

    public static IEnumerable<string> Of(string documentationId, ILookup<string, MethodNode> byName, EffectSolver solver)
    {
        var methods = byName[documentationId];
        if (!methods.Any())
            yield return documentationId + " is no member of this framework";
        foreach (var method in methods)
        {
            if (solver.Of(method.Id) is not { } effects)
            {
                yield return documentationId + " has no IL";
                continue;
            }
            if (effects.Unknown)
                yield return "unknown: " + string.Join(" → ", Unknown(method.Id, solver));
            foreach (var (kind, _) in effects.Kinds.OrderBy(static k => k.Distance))
                yield return kind + ": " + string.Join(" → ", Allocation(method.Id, kind, solver));
            foreach (var (parameter, member) in effects.Constrained)
                yield return $"a member of the type parameter {parameter}: {member}";
            if (effects.Uses != 0)
                yield return "members of parameters: " + effects.Uses.ToString("b", null);
        }
    }

    public static IEnumerable<string> Unknown(string id, EffectSolver solver)
    {
        string? at = id;
        for (int i = 0; i < MaxHops && at is not null; i++)
        {
            yield return at;
            at = solver.Of(at)?.Cause;
        }
    }

    static IEnumerable<string> Allocation(string id, string kind, EffectSolver solver)
    {
        string at = id;
        for (int i = 0; i < MaxHops; i++)
        {
            yield return at;
            int own = Distance(solver.Of(at), kind);
            if (own == 0)
                yield break;
            var next = solver.Callees(at).FirstOrDefault(c => c.Effects is null ? c.Declared?.Managed == kind && own == 1 : Distance(c.Effects, kind) == own - 1);
            if (next.Id is null)
                yield break;
            at = next.Id;
            if (next.Effects is null)
            {
                yield return at + " (reviewed)";
                yield break;
            }
        }
    }

    static int Distance(Effects? effects, string kind) =>
        effects is null ? -1 : effects.Kinds.Where(k => k.Kind == kind).Select(static k => k.Distance).DefaultIfEmpty(-1).First();
}
