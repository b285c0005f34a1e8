using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FenceSafety.Testing.State;

/// <summary>Compiler options, the same for all projects of one test.</summary>
public sealed class ProjectOptions
{
    /// <summary>C# version. The default is what the referenced Roslyn calls preview: C# 14 on 4.14.</summary>
    public LanguageVersion LanguageVersion { get; set; } = LanguageVersion.Preview;

    /// <summary>Symbols for <c>#if</c> and <c>[Conditional]</c>.</summary>
    public List<string> PreprocessorSymbols { get; } = [];

    /// <summary>Rules that are switched on, at warning, though they are off by default.</summary>
    public List<string> EnabledDiagnostics { get; } = [];

    /// <summary>Rules, or compiler warnings, that are switched off.</summary>
    public List<string> DisabledDiagnostics { get; } = [];

    /// <summary>Nullable reference types.</summary>
    public NullableContextOptions NullableContext { get; set; }

    /// <summary>Whether a project is referenced as source or as an assembly.</summary>
    public ProjectReferenceKind ReferenceKind { get; set; }

    internal CSharpParseOptions Parse()
        => new CSharpParseOptions(LanguageVersion, DocumentationMode.Diagnose).WithPreprocessorSymbols(PreprocessorSymbols);

    internal CSharpCompilationOptions Compile(OutputKind kind)
    {
        var specific = EnabledDiagnostics.Select(id => KeyValuePair.Create(id, ReportDiagnostic.Warn))
            .Concat(DisabledDiagnostics.Select(id => KeyValuePair.Create(id, ReportDiagnostic.Suppress)));
        return new CSharpCompilationOptions(
            kind,
            allowUnsafe: true,
            deterministic: true,
            nullableContextOptions: NullableContext,
            specificDiagnosticOptions: specific);
    }
}
