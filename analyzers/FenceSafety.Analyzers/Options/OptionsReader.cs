using System.Collections.Immutable;
using FenceSafety.Core;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace FenceSafety.Analyzers.Options;

/// <summary>An option whose value is none of those that it may have, or on which two files disagree.</summary>
sealed record OptionProblem(string Message);

/// <summary>
/// The options of one compilation: from global configs, else MSBuild properties, else .editorconfig sections if all trees that set
/// one agree (where they disagree the strictest counts), else the preset of the package.
/// </summary>
sealed class OptionsReader(AnalyzerConfigOptionsProvider provider, IEnumerable<SyntaxTree> trees)
{
    readonly List<OptionProblem> _problems = new();
    readonly List<AnalyzerConfigOptions> _sections = trees.Select(provider.GetOptions).Distinct().ToList();

    public IReadOnlyList<OptionProblem> Problems => _problems;

    public (EngineOptions Options, bool IncludeThrowPaths) Read()
    {
        // Strictest first.
        string managed = Value("managed_allocations", "report", "blocking", "report", "ignore");
        string growth = Value("collection_growth", "report", "report", "ignore");
        string unknown = Value("unknown_calls", "suggest", "report", "suggest", "ignore");
        string throws = Value("throw_paths", "exclude", "include", "exclude");
        string reclaim = Value("reclaim_waits_for_fences", "true", "true", "false");
        string scope = Value("scope", "everything", "everything", "critical");
        var options = new EngineOptions(
            managed switch { "blocking" => ManagedAllocations.Blocking, "ignore" => ManagedAllocations.Ignore, _ => ManagedAllocations.Report },
            growth == "ignore",
            unknown switch { "report" => UnknownCalls.Report, "ignore" => UnknownCalls.Ignore, _ => UnknownCalls.Suggest },
            reclaim == "true",
            scope == "critical" ? RuleScope.Critical : RuleScope.Everything);
        return (options, throws == "include");
    }

    string Value(string name, string fallback, params string[] strictestFirst)
    {
        string key = "fence_safety." + name;
        string property = "build_property.FenceSafety" + string.Concat(name.Split('_').Select(static w => char.ToUpperInvariant(w[0]) + w.Substring(1)));
        if (provider.GlobalOptions.TryGetValue(key, out string? value) || (provider.GlobalOptions.TryGetValue(property, out value) && value.Length > 0))
            return Check(key, value, strictestFirst) ?? fallback;
        var values = new HashSet<string>(StringComparer.Ordinal);
        foreach (var section in _sections)
        {
            if (section.TryGetValue(key, out value) && Check(key, value, strictestFirst) is { } good)
                values.Add(good);
        }
        if (values.Count > 1)
            _problems.Add(new OptionProblem($"{key} has different values in different files ({string.Join(", ", values.OrderBy(static v => v, StringComparer.Ordinal))}): the strictest counts; set it once, in a global config"));
        return strictestFirst.FirstOrDefault(values.Contains) ?? Preset(name, strictestFirst) ?? fallback;
    }

    /// <summary>
    /// What the package's FenceSafetyMode says, under a key of its own: a global config counts more than a property, but the package's
    /// choice must not count more than the user's.
    /// </summary>
    string? Preset(string name, string[] allowed)
    {
        string key = "fence_safety.preset." + name;
        return provider.GlobalOptions.TryGetValue(key, out string? value) ? Check(key, value, allowed) : null;
    }

    string? Check(string key, string value, string[] allowed)
    {
        value = value.Trim();
        string? known = allowed.FirstOrDefault(a => string.Equals(a, value, StringComparison.OrdinalIgnoreCase));
        if (known is null)
        {
            var problem = new OptionProblem($"{key} cannot be '{value}': it is one of {string.Join(", ", allowed)}");
            if (!_problems.Contains(problem))
                _problems.Add(problem);
        }
        return known;
    }
}
