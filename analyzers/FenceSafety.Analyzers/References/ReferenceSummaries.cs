using System.Collections.Immutable;
using FenceSafety.Analyzers.Program;
using FenceSafety.Core.Summaries.External;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.Analyzers.References;

/// <summary>
/// What additional files <c>*.fencesum</c> say of the members of referenced assemblies. Files are matched by assembly name and module
/// version; of what does not fit, or cannot be read, nothing is believed, and one problem is reported for the file.
/// </summary>
sealed class ReferenceSummaries
{
    public const string Suffix = ".fencesum";

    readonly List<Summary> _all = new();
    readonly Dictionary<string, Summary> _byAssembly = new(StringComparer.Ordinal);
    readonly SortedDictionary<string, string> _problems = new(StringComparer.Ordinal);

    sealed record Summary(string Path, SummaryFile File);

    /// <summary>Reads what is given for this compilation.</summary>
    public static ReferenceSummaries Read(
        Compilation compilation, ImmutableArray<AdditionalText> files, Func<SourceText, SummaryText> open, CancellationToken cancel)
    {
        var summaries = new ReferenceSummaries();
        foreach (var file in files.Where(static f => f.Path.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase)).OrderBy(static f => f.Path, StringComparer.Ordinal))
        {
            cancel.ThrowIfCancellationRequested();
            if (file.GetText(cancel) is not { } text)
                continue;
            var opened = open(text);
            if (opened.File is { } summary)
                summaries._all.Add(new Summary(file.Path, summary));
            else
                summaries.Wrong(file.Path, opened.Problem!);
        }
        if (summaries._all.Count > 0)
            summaries.Match(compilation);
        return summaries;
    }

    /// <summary>No file is believed.</summary>
    public bool IsEmpty => _byAssembly.Count == 0;

    /// <summary>One problem a file, in the order of their paths.</summary>
    public IEnumerable<(Location Location, string Message)> Problems => _problems.Select(static p => (
        Location.Create(p.Key, default, default),
        $"{Path.GetFileName(p.Key)} is not used as a summary: {p.Value}"));

    void Wrong(string path, string problem)
    {
        // The smallest of several is the same whatever was asked for first.
        if (!_problems.TryGetValue(path, out string? old) || string.CompareOrdinal(problem, old) < 0)
            _problems[path] = problem;
    }

    void Match(Compilation compilation)
    {
        var versions = Versions(compilation);
        foreach (var same in _all.GroupBy(static s => s.File.Name, StringComparer.Ordinal))
        {
            versions.TryGetValue(same.Key, out var version);
            // Without a reference of that name it may be a reference's reference: nobody can say which build is meant.
            var fitting = same.Where(s => version is null || version.Mvid is null || version.IsReferenceAssembly || s.File.Mvid == version.Mvid).ToList();
            var exact = fitting.Where(s => s.File.Mvid == version?.Mvid).ToList();
            var chosen = exact.Concat(fitting).FirstOrDefault();
            if (chosen is not null)
                _byAssembly.Add(same.Key, chosen);
            foreach (var other in same)
            {
                if (other == chosen)
                    continue;
                if (chosen is null)
                    Wrong(other.Path, $"it was made from another build of {same.Key} (module version {other.File.Mvid}) than the one that is referenced ({version!.Mvid}); make it again");
                else if (other.File.Mvid == chosen.File.Mvid)
                    Wrong(other.Path, $"{Path.GetFileName(chosen.Path)} speaks of {same.Key} already; remove one of them");
            }
        }
    }

    sealed record Version(Guid? Mvid, bool IsReferenceAssembly);

    static Dictionary<string, Version> Versions(Compilation compilation)
    {
        var result = new Dictionary<string, Version>(StringComparer.Ordinal);
        foreach (var reference in compilation.References)
        {
            if (compilation.GetAssemblyOrModuleSymbol(reference) is not IAssemblySymbol assembly || result.ContainsKey(assembly.Name))
                continue;
            bool isReferenceAssembly = assembly.GetAttributes().Any(static a => a.AttributeClass?.Name == "ReferenceAssemblyAttribute");
            result.Add(assembly.Name, new Version(Mvid(assembly), isReferenceAssembly));
        }
        return result;
    }

    static Guid? Mvid(IAssemblySymbol assembly)
    {
        try
        {
            return assembly.GetMetadata()?.GetModules().FirstOrDefault()?.GetModuleVersionId();
        }
        catch (Exception e) when (e is BadImageFormatException or IOException or ObjectDisposedException)
        {
            return null;
        }
    }

    /// <summary>What is said of a member that has no source here. <paramref name="assembly"/>: the one that declares it; null if nobody knows.</summary>
    public ExternalMember? Find(string id, IAssemblySymbol? assembly)
    {
        if (assembly is not null)
            return _byAssembly.TryGetValue(assembly.Name, out var summary) ? Find(id, summary) : null;
        return Ordered.Select(s => Find(id, s)).FirstOrDefault(static m => m is not null);
    }

    ExternalMember? Find(string id, Summary summary)
    {
        var member = summary.File.Find(id, out string? problem);
        if (problem is not null)
            Wrong(summary.Path, problem);
        return member;
    }

    IEnumerable<Summary> Ordered => _byAssembly.Values.OrderBy(static s => s.Path, StringComparer.Ordinal);

    /// <summary>Bodies that make edges, of all files.</summary>
    public IReadOnlyList<ExternalBody> Bodies()
    {
        var result = new List<ExternalBody>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var summary in Ordered)
        {
            result.AddRange(summary.File.Bodies(out string? problem).Where(b => seen.Add(b.Id)));
            if (problem is not null)
                Wrong(summary.Path, problem);
        }
        return result;
    }

    public IEnumerable<string> CallNames => Ordered.SelectMany(static s => s.File.CallNames).Distinct();

    /// <summary>Members whose records speak of a member of another assembly.</summary>
    public IEnumerable<ExternalMember> Mentioning(string id) => Ordered
        .SelectMany(s => s.File.Mentioning(id).Where(caller => caller != id).Select(caller => Find(caller, s))).OfType<ExternalMember>();
}
