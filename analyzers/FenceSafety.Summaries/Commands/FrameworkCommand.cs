using System.Diagnostics;
using System.Globalization;
using FenceSafety.Summaries.Framework;
using FenceSafety.Summaries.Metadata;

namespace FenceSafety.Summaries.Commands;

/// <summary>The installed runtime to what its members do.</summary>
static class FrameworkCommand
{
    public static int Run(IReadOnlyList<string> folders, string? overridesFile, string? to, bool compare, TextWriter output, TextWriter error)
    {
        var watch = Stopwatch.StartNew();
        using var world = new World();
        var framework = FrameworkWorld.Load(folders.Count > 0 ? folders : Runtime.Folders, world);
        var digested = watch.Elapsed;
        using var reader = overridesFile is null ? TextReader.Null : new StreamReader(overridesFile);
        var overrides = FrameworkOverrides.Read(reader);
        var solver = new EffectSolver(framework, overrides);
        solver.Solve();
        var solved = watch.Elapsed;
        if (compare)
            return Compare(framework, solver, output);
        var members = FrameworkMembers.Of(framework, solver, overrides);
        if (to is not null)
            File.WriteAllLines(to, members.Select(static m => m.Key + "; " + m.Value));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{framework.Assemblies.Count} assemblies, {framework.Digests.Count} bodies; decoded in {digested.TotalSeconds:F1} s, solved in {(solved - digested).TotalSeconds:F1} s, {watch.Elapsed.TotalSeconds:F1} s in all; {members.Count} members known"));
        _ = error;
        return 0;
    }

    /// <summary>Where IL alone says something else than the reviewed lines.</summary>
    static int Compare(FrameworkWorld framework, EffectSolver solver, TextWriter output)
    {
        var shipped = Program.FrameworkContracts.Shipped();
        var byName = framework.Methods.ToLookup(static m => m.DocumentationName, StringComparer.Ordinal);
        var byOwner = framework.Methods.Where(static m => m.IsVisibleOutside).ToLookup(static m => m.Type.Id, StringComparer.Ordinal);
        var byProperty = framework.Methods.Where(static m => m.Property is not null).ToLookup(static m => m.Property!.Id, StringComparer.Ordinal);
        int same = 0, total = 0;
        foreach (var (id, effects) in shipped.Effects.OrderBy(static e => e.Key, StringComparer.Ordinal))
        {
            var methods = id[0] switch
            {
                'M' => byName[id],
                'P' => byProperty[id],
                _ => byOwner[id].Where(m => shipped.Find(m.DocumentationName, m.Property?.Id, m.Type.Id) == effects
                    && !shipped.Effects.ContainsKey(m.DocumentationName)),
            };
            foreach (var method in methods)
            {
                total++;
                string found = FrameworkMembers.Text(method, solver) ?? "?";
                if (found == effects)
                    same++;
                else
                    output.WriteLine($"{method.DocumentationName}\t{effects}\t{found}");
            }
        }
        foreach (var (cause, count) in solver.Causes.OrderByDescending(static c => c.Value).Take(100))
            output.WriteLine($"# {count} bodies are unknown because of {cause}");
        output.WriteLine($"{same} of {total} agree");
        return 0;
    }
}
