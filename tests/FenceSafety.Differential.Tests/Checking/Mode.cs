using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace FenceSafety.Differential.Tests.Checking;

/// <summary>The options that the programs of one batch are analysed with, and what they make of what happens.</summary>
internal sealed class Mode : AnalyzerConfigOptionsProvider
{
    private readonly Values _values;

    private Mode(string name, params (string Key, string Value)[] options)
    {
        Name = name;
        _values = new Values(options.ToImmutableDictionary(o => "fence_safety." + o.Key, o => o.Value));
    }

    public static readonly Mode Default = new("default");

    /// <summary>As the package has it: the mode <c>realtime</c>, a preset.</summary>
    private static readonly Mode s_realtime = new("realtime", ("preset.managed_allocations", "blocking")) { ManagedBlocks = true };

    private static readonly Mode s_strict = new("strict", ("unknown_calls", "report"), ("throw_paths", "include")) { ChecksVisible = true, ThrowPathsCount = true };

    private static readonly Mode s_lenient = new(
        "lenient", ("managed_allocations", "ignore"), ("unknown_calls", "ignore"), ("reclaim_waits_for_fences", "false"))
    {
        ManagedCounts = false,
        UnknownCounts = false,
        ReclaimWaits = false,
    };

    private static readonly Mode s_criticalOnly = new("critical-only", ("preset.scope", "critical"), ("collection_growth", "ignore"))
    {
        IsCriticalOnly = true,
        GrowthCounts = false,
    };

    /// <summary>That of a batch. Strict is the default and more.</summary>
    public static Mode Of(int batch) => s_cycle[batch % s_cycle.Length];

    private static readonly Mode[] s_cycle = [Default, s_realtime, s_strict, Default, s_lenient, s_criticalOnly, s_strict];

    public string Name { get; }

    /// <summary>A managed allocation taints locks as a blocking one does.</summary>
    public bool ManagedBlocks { get; private init; }

    public bool ManagedCounts { get; private init; } = true;

    public bool GrowthCounts { get; private init; } = true;

    public bool UnknownCounts { get; private init; } = true;

    public bool ThrowPathsCount { get; private init; }

    public bool ReclaimWaits { get; private init; } = true;

    /// <summary>Rules that need no annotation apply on paths from one.</summary>
    public bool IsCriticalOnly { get; private init; }

    /// <summary>FENCE012 is switched on.</summary>
    public bool ChecksVisible { get; private init; }

    public override AnalyzerConfigOptions GlobalOptions => _values;

    public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => _values;

    public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => _values;

    public override string ToString() => Name;

    private sealed class Values(ImmutableDictionary<string, string> values) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, out string value)
        {
            bool found = values.TryGetValue(key, out string? known);
            value = known!;
            return found;
        }
    }
}
