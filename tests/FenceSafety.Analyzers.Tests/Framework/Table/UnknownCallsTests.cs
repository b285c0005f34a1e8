using FenceSafety.Analyzers.Framework;
using FenceSafety.Analyzers.Tests.Documentation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace FenceSafety.Analyzers.Tests.Framework.Table;

/// <summary>How many calls cannot be verified without the framework's summary, and with it.</summary>
public class UnknownCallsTests
{
    const string Projects = "tests/FenceSafety.Package.Tests/Projects/";

    const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    const string WebUsings = """
        global using Microsoft.AspNetCore.Builder;
        global using Microsoft.AspNetCore.Http;
        global using Microsoft.Extensions.Logging;
        """;

    [Theory]
    [InlineData(Projects + "Console", 34, 36, 0)]
    [InlineData(Projects + "Web", 35, 36, 2)]
    [InlineData("samples/BrokenDriver", 3, 18, 0)]
    public async Task The_framework_is_no_blind_spot(string folder, int members, int before, int after)
    {
        var compilation = Compile(folder);

        var without = await UnknownAsync(compilation, static () => FrameworkSummary.Empty);
        var with = await UnknownAsync(compilation, FrameworkSummary.Load);

        string told = string.Join('\n', with.Select(static d => d.GetMessage(null)));
        Assert.Equal((members, before, after, told), (Members(compilation), without.Count, with.Count, told));
    }

    static async Task<IReadOnlyList<Diagnostic>> UnknownAsync(CSharpCompilation compilation, Func<FrameworkSummary> summary)
    {
        var run = compilation.WithAnalyzers([new FenceSafetyAnalyzer(summary)], new AnalyzerOptions([]));
        return [.. (await run.GetAnalyzerDiagnosticsAsync()).Where(static d => d.Id == "FENCE008")];
    }

    static CSharpCompilation Compile(string folder)
    {
        var parse = new CSharpParseOptions(LanguageVersion.Preview);
        string path = Path.Combine(Docs.Root, folder);
        var files = Directory.GetFiles(path, "*.cs", SearchOption.AllDirectories)
            .Where(file => Path.GetRelativePath(path, file).Split(Path.DirectorySeparatorChar)[0] is not ("obj" or "bin"));
        var compilation = CSharpCompilation.Create(
            "Project",
            files.Order(StringComparer.Ordinal).Select(File.ReadAllText).Append(Usings).Append(WebUsings).Select(text => CSharpSyntaxTree.ParseText(text, parse)),
            AnalyzedTable.References(),
            new CSharpCompilationOptions(
                File.Exists(Path.Combine(path, "Program.cs")) ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        Assert.Empty(compilation.GetDiagnostics().Where(static d => d.Severity == DiagnosticSeverity.Error));
        return compilation;
    }

    /// <summary>Members of the framework that critical methods call.</summary>
    static int Members(CSharpCompilation compilation) => compilation.SyntaxTrees
        .SelectMany(static tree => tree.GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>())
        .Where(static method => method.AttributeLists.ToString().Contains("FenceCritical", StringComparison.Ordinal))
        .SelectMany(method => FrameworkCalls.In(compilation.GetSemanticModel(method.SyntaxTree), method))
        .Select(static call => call.Member).Distinct().Count();
}
