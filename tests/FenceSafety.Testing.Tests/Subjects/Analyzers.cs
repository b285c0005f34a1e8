using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.Testing.Tests.Subjects;

/// <summary>A correct analyzer: TEST001 on types named Bad…, with the second declaration as an additional location; TEST002 on Off….</summary>
public sealed class BadNameAnalyzer : DiagnosticAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rules.Bad, Rules.Off];

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSymbolAction(Analyze, SymbolKind.NamedType);
    }

    static void Analyze(SymbolAnalysisContext context)
    {
        var symbol = context.Symbol;
        var rule = symbol.Name.StartsWith("Bad", StringComparison.Ordinal) ? Rules.Bad
            : symbol.Name.StartsWith("Off", StringComparison.Ordinal) ? Rules.Off : null;
        if (rule is not null)
        {
            var places = symbol.Locations.OrderBy(l => l.SourceTree!.FilePath, StringComparer.Ordinal).ToList();
            var properties = ImmutableDictionary<string, string?>.Empty.Add("length", symbol.Name.Length.ToString(null as IFormatProvider));
            context.ReportDiagnostic(Diagnostic.Create(rule, places[0], places.Skip(1), properties, symbol.Name));
        }
    }
}

/// <summary>Only TEST001, so that <c>[|…|]</c> means it.</summary>
public sealed class SingleRuleAnalyzer : DiagnosticAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rules.Bad];

    public override void Initialize(AnalysisContext context)
        => context.ForBadTypes(c => c.ReportDiagnostic(Diagnostic.Create(Rules.Bad, c.Symbol.Locations[0], c.Symbol.Name)));
}

/// <summary>Throws on BadCrash….</summary>
public sealed class CrashingAnalyzer : DiagnosticAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rules.Bad];

    public override void Initialize(AnalysisContext context)
        => context.ForBadTypes(_ => throw new InvalidOperationException("the subject crashes"));
}

/// <summary>Throws while a class has no name yet, as code does that trusts its syntax.</summary>
public sealed class CrashingOnHalfCodeAnalyzer : DiagnosticAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rules.Bad];

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSymbolAction(c => _ = c.Symbol.Name[0], SymbolKind.NamedType);
    }
}

/// <summary>Never returns from a type named Hang….</summary>
public sealed class HangingAnalyzer : DiagnosticAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rules.Bad];

    public override void Initialize(AnalysisContext context)
        => context.ForBadTypes(_ => Thread.Sleep(5_000));
}

/// <summary>Reports in source at the end of the compilation.</summary>
public sealed class CompilationEndAnalyzer : DiagnosticAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rules.Bad];

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationAction(c =>
        {
            foreach (var type in c.Compilation.GetSymbolsWithName(n => n.StartsWith("Bad", StringComparison.Ordinal), SymbolFilter.Type))
            {
                c.ReportDiagnostic(Diagnostic.Create(Rules.Bad, type.Locations[0], type.Name));
            }
        });
    }
}

/// <summary>Reports a call at the declaration of the callee, which may be in another file.</summary>
public sealed class CalleeAnalyzer : DiagnosticAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rules.Bad];

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterOperationAction(
            c =>
            {
                var callee = ((IInvocationOperation)c.Operation).TargetMethod;
                c.ReportDiagnostic(Diagnostic.Create(Rules.Bad, callee.Locations[0], callee.Name));
            },
            OperationKind.Invocation);
    }
}

/// <summary>Reports BadTwo if it has seen BadOne, and so depends on what else is analysed.</summary>
public sealed class StatefulAnalyzer : DiagnosticAnalyzer
{
    readonly ManualResetEventSlim _seen = new();

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rules.Bad];

    public override void Initialize(AnalysisContext context)
        => context.ForBadTypes(c =>
        {
            if (c.Symbol.Name == "BadOne")
            {
                _seen.Set();
            }
            else if (_seen.Wait(500))
            {
                c.ReportDiagnostic(Diagnostic.Create(Rules.Bad, c.Symbol.Locations[0], c.Symbol.Name));
            }
        });
}

/// <summary>Says a random number.</summary>
public sealed class RandomAnalyzer : DiagnosticAnalyzer
{
    static int s_count;

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rules.Bad];

    public override void Initialize(AnalysisContext context)
        => context.ForBadTypes(c => c.ReportDiagnostic(
            Diagnostic.Create(Rules.Bad, c.Symbol.Locations[0], c.Symbol.Name + Interlocked.Increment(ref s_count))));
}

/// <summary>Names the first file of the compilation, and so depends on their order.</summary>
public sealed class FirstFileAnalyzer : DiagnosticAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rules.Bad];

    public override void Initialize(AnalysisContext context)
        => context.ForBadTypes(c => c.ReportDiagnostic(
            Diagnostic.Create(Rules.Bad, c.Symbol.Locations[0], c.Compilation.SyntaxTrees.First().FilePath)));
}

/// <summary>Names the first file only in a property, which nobody reads but a code fix.</summary>
public sealed class FirstFilePropertyAnalyzer : DiagnosticAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rules.Bad];

    public override void Initialize(AnalysisContext context)
        => context.ForBadTypes(c => c.ReportDiagnostic(Diagnostic.Create(
            Rules.Bad,
            c.Symbol.Locations[0],
            ImmutableDictionary<string, string?>.Empty.Add("first", c.Compilation.SyntaxTrees.First().FilePath),
            c.Symbol.Name)));
}

/// <summary>Reports lines that start with "bad" in additional files, and the option test.complain without location.</summary>
public sealed class FileAnalyzer : DiagnosticAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rules.File];

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationAction(c =>
        {
            foreach (var file in c.Options.AdditionalFiles.OrderBy(f => f.Path, StringComparer.Ordinal))
            {
                var text = file.GetText(c.CancellationToken)!;
                foreach (var line in text.Lines.Where(l => text.ToString(l.Span).StartsWith("bad", StringComparison.Ordinal)))
                {
                    var lines = text.Lines.GetLinePositionSpan(line.Span);
                    c.ReportDiagnostic(Diagnostic.Create(Rules.File, Location.Create(file.Path, line.Span, lines), file.Path));
                }
            }

            if (c.Options.AnalyzerConfigOptionsProvider.GlobalOptions.TryGetValue("test.complain", out string? what))
            {
                c.ReportDiagnostic(Diagnostic.Create(Rules.File, Location.None, what));
            }
        });
    }
}

/// <summary>Reports each name once in its life, as with a cache that is never renewed.</summary>
public sealed class ForgetfulAnalyzer : DiagnosticAnalyzer
{
    readonly System.Collections.Concurrent.ConcurrentDictionary<string, bool> _done = new();

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rules.Bad];

    public override void Initialize(AnalysisContext context)
        => context.ForBadTypes(c =>
        {
            if (_done.TryAdd(c.Symbol.Name, true))
            {
                c.ReportDiagnostic(Diagnostic.Create(Rules.Bad, c.Symbol.Locations[0], c.Symbol.Name));
            }
        });
}

/// <summary>Its first action reports if the second begins before the first has ended, which happens only with concurrency.</summary>
public sealed class ScheduleAnalyzer : DiagnosticAnalyzer
{
    readonly ManualResetEventSlim _second = new();
    int _started;

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rules.Bad];

    public override void Initialize(AnalysisContext context)
        => context.ForBadTypes(c =>
        {
            if (Interlocked.Increment(ref _started) > 1)
            {
                _second.Set();
            }
            else if (_second.Wait(2_000))
            {
                c.ReportDiagnostic(Diagnostic.Create(Rules.Bad, c.Symbol.Locations[0], c.Symbol.Name));
            }
        });
}
