using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace FenceSafety.Testing.Tests.Subjects;

/// <summary>The rules of the analyzers under test in this project.</summary>
static class Rules
{
    public static readonly DiagnosticDescriptor Bad = new(
        "TEST001", "Bad name", "The type '{0}' is bad", "Test", DiagnosticSeverity.Info, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor Off = new(
        "TEST002", "Off", "The type '{0}' is off", "Test", DiagnosticSeverity.Warning, isEnabledByDefault: false);

    public static readonly DiagnosticDescriptor File = new(
        "TEST003", "File", "The file '{0}' is bad", "Test", DiagnosticSeverity.Warning, isEnabledByDefault: true);

    /// <summary>Calls <paramref name="report"/> for each named type whose name starts with Bad.</summary>
    public static void ForBadTypes(this AnalysisContext context, Action<SymbolAnalysisContext> report)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSymbolAction(
            c =>
            {
                if (c.Symbol.Name.StartsWith("Bad", StringComparison.Ordinal))
                {
                    report(c);
                }
            },
            SymbolKind.NamedType);
    }
}
