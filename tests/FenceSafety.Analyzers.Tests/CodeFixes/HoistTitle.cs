using System.Collections.Immutable;
using FenceSafety.CodeFixes.HoistAllocation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;

namespace FenceSafety.Analyzers.Tests.CodeFixes;

/// <summary>The title of the fix for the only FENCE004 of a body.</summary>
static class HoistTitle
{
    public static async Task<string?> OfAsync(string body)
    {
        using var workspace = new AdhocWorkspace();
        var project = workspace.CurrentSolution.AddProject("Test", "Test", LanguageNames.CSharp)
            .WithMetadataReferences(((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(p => MetadataReference.CreateFromFile(p)))
            .WithCompilationOptions(new Microsoft.CodeAnalysis.CSharp.CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary))
            .AddDocument("Usings.cs", Vocabulary.Usings).Project
            .AddDocument("Vocabulary.cs", Vocabulary.Types).Project;
        var document = project.AddDocument("Test.cs", Hoist.Class($"void M() {{ {body} }}"));
        var compilation = (await document.Project.GetCompilationAsync())!.WithAnalyzers(ImmutableArray.Create<DiagnosticAnalyzer>(new FenceSafetyAnalyzer()));
        var diagnostic = (await compilation.GetAnalyzerDiagnosticsAsync()).Single(d => d.Id == "FENCE004");
        string? title = null;
        var context = new CodeFixContext(document, diagnostic, (action, _) => title = action.Title, default);
        await new HoistAllocationCodeFixProvider().RegisterCodeFixesAsync(context);
        return title;
    }
}
