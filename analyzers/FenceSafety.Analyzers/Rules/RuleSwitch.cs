using Microsoft.CodeAnalysis;

namespace FenceSafety.Analyzers.Rules;

/// <summary>Is a rule that costs more than looking switched on anywhere?</summary>
static class RuleSwitch
{
    public static bool IsEnabled(DiagnosticDescriptor rule, Compilation compilation, CancellationToken cancel)
    {
        if (compilation.Options.SpecificDiagnosticOptions.TryGetValue(rule.Id, out var specific))
            return specific is not (ReportDiagnostic.Suppress or ReportDiagnostic.Default);
        if (compilation.Options.SyntaxTreeOptionsProvider is { } provider)
        {
            if (provider.TryGetGlobalDiagnosticValue(rule.Id, cancel, out var global))
                return global != ReportDiagnostic.Suppress;
            foreach (var tree in compilation.SyntaxTrees)
            {
                if (provider.TryGetDiagnosticValue(tree, rule.Id, cancel, out var value) && value != ReportDiagnostic.Suppress)
                    return true;
            }
        }
        return rule.IsEnabledByDefault;
    }
}
