using System.Collections.Immutable;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Summaries.External;
using FenceSafety.Summaries.Metadata;
using FenceSafety.Summaries.Program;

namespace FenceSafety.Summaries.Framework;

/// <summary>What is said of each member that code outside the framework can name.</summary>
static class FrameworkMembers
{
    /// <summary>
    /// Of a member that is unknown besides, only allocations that it or its callees make themselves are named: those further on are often of paths
    /// that the unknown call decides, and FENCE008 asks to look at it anyway.
    /// </summary>
    const int MaxDistanceInUnknown = 1;

    /// <summary>Members by id with their effects; those of which nothing is known are left out.</summary>
    public static Dictionary<string, ClosedMember> Of(FrameworkWorld world, EffectSolver solver, FrameworkOverrides overrides)
    {
        var found = new ClosedMember?[world.Methods.Count];
        Pieces.ForEach(found.Length, i =>
        {
            var method = world.Methods[i];
            if (IsNameable(method) && (found[i] = overrides.Find(method, method.Id)?.Effects ?? FromCode(i, world, solver)) is not null)
                _ = method.DocumentationName;
        });
        var result = new Dictionary<string, ClosedMember>(StringComparer.Ordinal);
        for (int i = 0; i < found.Length; i++)
        {
            if (found[i] is { } effects)
                result[world.Methods[i].DocumentationName] = effects;
        }
        return result;
    }

    public static int Visible(FrameworkWorld world) => world.Methods.Count(IsNameable);

    /// <summary>Code outside can call it: by its name, or through an interface where the type is known.</summary>
    public static bool IsNameable(MethodNode method) =>
        method.Name != ".cctor" && (method.IsVisibleOutside || (method.IsExplicit && method.Type.IsVisibleOutside));

    /// <summary>
    /// Reviewed lines that say of a member what its code says with the other lines. Lines of a circle may each be so because of the others: take
    /// some away, and compare.
    /// </summary>
    public static IEnumerable<Line> Redundant(FrameworkWorld world, EffectSolver solver, FrameworkOverrides overrides) =>
        from number in Enumerable.Range(0, world.Methods.Count)
        let method = world.Methods[number]
        let line = overrides.Find(method, method.Id)
        where line is not null && line.Id == method.DocumentationName && FromCode(number, world, solver) is { } code && EffectWords.Of(code) == EffectWords.Of(line.Effects)
        orderby line.Number
        select line;

    /// <summary>What IL says; null if that is nothing.</summary>
    public static ClosedMember? FromCode(int number, FrameworkWorld world, EffectSolver solver)
    {
        var method = world.Methods[number];
        if (method.IsVirtual && Policy.Receiver(method.Type.DocName) is { } receiver && world.Type(receiver) is { } exact
            && Hierarchy.ImplementationIn(exact, method) is { } implementation)
            (method, number) = (implementation, world.Number(implementation.Id));
        // Code outside may override it; what flows to the receiver is not known here.
        else if (method.IsVirtual && !method.IsFinal && !method.Type.IsSealed && !method.Type.IsValueType)
            return null;
        if (Policy.IsHarmlessNative(method))
            return new ClosedMember(null, false, false, []);
        if (method.IsAbstract || method.Type.IsDelegate || solver.Of(number) is not { } effects)
            return null;
        bool unknown = effects.Unknown || effects.Uses != 0 || effects.Constrained.Any(static c => c.Member[0] != '#' && !Policy.IsComparison(c.Member));
        var kinds = effects.Kinds.Where(k => !unknown || k.Distance <= MaxDistanceInUnknown).ToList();
        string? kind = kinds.Exists(static k => k.Kind != "growth") ? Kind(method, kinds)
            : effects.Constrained.Any(static c => c.Member is "#new") ? "object"
            : effects.Constrained.Any(static c => c.Member is TypeParameterMembers.Box) ? "boxing"
            : kinds.Count > 0 ? "growth" : null;
        var invokes = effects.Invokes == 0 ? [] : Enumerable.Range(0, 64).Where(i => (effects.Invokes >> i & 1) != 0).ToImmutableArray();
        return unknown && kind is null && invokes.IsEmpty ? null : new ClosedMember(kind, false, unknown, invokes);
    }

    /// <summary>Of several kinds the one that the result is; else the nearest. Growth only if nothing else allocates.</summary>
    static string Kind(MethodNode method, List<(string Kind, int Distance)> kinds)
    {
        if (method.Type.DocName == "System.Linq.Enumerable")
            return "linq";
        string? result = method.Signature.ReturnType switch
        {
            NamedType { Name: "System.Threading.Tasks.Task" or "System.Threading.Tasks.Task`1" or "System.Threading.Tasks.ValueTask" or "System.Threading.Tasks.ValueTask`1" } => "task",
            NamedType { Name: "System.String" } => "string",
            NamedType { Name: "System.Collections.IEnumerator" or "System.Collections.Generic.IEnumerator`1" } => "enumerator",
            ArrayType => "array",
            _ => null,
        };
        if (result is "task" or "enumerator" || kinds.Exists(k => k.Kind == result))
            return result!;
        string nearest = kinds.Where(static k => k.Kind != "growth").OrderBy(static k => k.Distance).ThenBy(static k => k.Kind, StringComparer.Ordinal).First().Kind;
        // A state machine of the framework's is just an object to its caller.
        return nearest == "async" ? "task" : nearest;
    }
}
