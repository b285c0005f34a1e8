using System.Diagnostics;
using System.Globalization;
using FenceSafety.Core.Summaries.External;
using FenceSafety.Summaries.Framework;
using FenceSafety.Summaries.Metadata;

namespace FenceSafety.Summaries.Commands;

/// <summary>The installed runtime to what its members do.</summary>
sealed record FrameworkCommand(IReadOnlyList<string> Folders, string? Overrides, string? To, string? Lines, string? Compare, bool Redundant, IReadOnlyList<string> Why)
{
    public int Run(TextWriter output, TextWriter error)
    {
        try
        {
            return Make(output);
        }
        catch (OverridesException e)
        {
            foreach (string problem in e.Problems)
                error.WriteLine("error: " + problem);
        }
        catch (SummaryFormatException e)
        {
            error.WriteLine($"error: {Compare}: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error.WriteLine("error: " + e.Message);
        }
        return 1;
    }

    int Make(TextWriter output)
    {
        var watch = Stopwatch.StartNew();
        var folders = Folders.Count > 0 ? Folders : Runtime.Folders;
        foreach (string missing in folders.Where(static f => !Directory.Exists(f)))
            throw new DirectoryNotFoundException(missing + " does not exist; --folder needs a folder with the assemblies of a runtime");
        var overrides = ReadOverrides();
        using var world = new World();
        var framework = FrameworkWorld.Load(folders, world);
        var digested = watch.Elapsed;
        var members = FrameworkFile.Members(framework, overrides, Overrides ?? "FrameworkOverrides.txt", out var solver);
        if (To is not null)
            File.WriteAllBytes(To, FrameworkFile.Write(members, folders));
        if (Lines is not null)
            File.WriteAllLines(Lines, members.OrderBy(static m => m.Key, StringComparer.Ordinal).Select(static m => m.Key + "; " + EffectWords.Of(m.Value)));
        if (Compare is not null)
            WriteDifferences(SummaryFile.Open(File.ReadAllBytes(Compare)), members, output);
        if (Redundant)
        {
            foreach (var line in FrameworkMembers.Redundant(framework, solver, overrides))
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"line {line.Number}: {line.Id}"));
        }
        if (Why.Count > 0)
        {
            var byName = framework.Methods.ToLookup(static m => m.DocumentationName, StringComparer.Ordinal);
            foreach (string line in Why.SelectMany(id => Explanation.Of(id, byName, solver)))
                output.WriteLine(line);
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{framework.Assemblies.Count} assemblies, {framework.Bodies} bodies in {digested.TotalSeconds:F1} s, {watch.Elapsed.TotalSeconds:F1} s in all; {overrides.Lines.Count()} reviewed lines; {members.Count} of {FrameworkMembers.Visible(framework)} members known"));
        return 0;
    }

    FrameworkOverrides ReadOverrides()
    {
        if (Overrides is null)
            return FrameworkOverrides.Shipped();
        using var reader = new StreamReader(Overrides);
        return FrameworkOverrides.Read(reader, Overrides);
    }

    static void WriteDifferences(SummaryFile old, Dictionary<string, ClosedMember> members, TextWriter output)
    {
        foreach (string id in old.Ids.Union(members.Keys).Order(StringComparer.Ordinal))
        {
            string before = old.Find(id, out _) is { } member ? EffectWords.Of(ClosedMember.Of(member)) : "unknown";
            string after = members.TryGetValue(id, out var made) ? EffectWords.Of(made) : "unknown";
            if (before != after)
                output.WriteLine($"{id}: {before} → {after}");
        }
    }
}
