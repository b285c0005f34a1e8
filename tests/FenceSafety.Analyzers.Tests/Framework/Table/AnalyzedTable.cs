using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.Analyzers.Tests.Framework.Table;

/// <summary>The rows as one compilation, and all that the analyzer says of them.</summary>
sealed class AnalyzedTable
{
    readonly Dictionary<string, HashSet<Call>> _calls = new(StringComparer.Ordinal);
    readonly ILookup<string, Diagnostic> _said;

    AnalyzedTable(CSharpCompilation compilation, IEnumerable<Diagnostic> diagnostics)
    {
        var bodies = new List<(string Name, SyntaxTree Tree, TextSpan Span)>();
        var methods = compilation.SyntaxTrees.SelectMany(static tree => tree.GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>());
        foreach (var method in methods)
        {
            string name = $"{((ClassDeclarationSyntax)method.Parent!).Identifier.Text}.{method.Identifier.Text}";
            _calls[name] = FrameworkCalls.In(compilation.GetSemanticModel(method.SyntaxTree), method);
            bodies.Add((name, method.SyntaxTree, method.Span));
        }

        _said = diagnostics.ToLookup(
            d => bodies.Single(b => b.Tree == d.Location.SourceTree && b.Span.Contains(d.Location.SourceSpan)).Name);
    }

    public static async Task<AnalyzedTable> MakeAsync()
    {
        var parse = new CSharpParseOptions(LanguageVersion.Preview);
        var trees = Sources().Select(source => CSharpSyntaxTree.ParseText(source.Text, parse, source.Name));
        var compilation = CSharpCompilation.Create(
            "Table", trees, References(), new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        Assert.Empty(compilation.GetDiagnostics().Where(static d => d.Severity == DiagnosticSeverity.Error));
        var found = await compilation.WithAnalyzers([new FenceSafetyAnalyzer()], new AnalyzerOptions([])).GetAnalyzerDiagnosticsAsync();
        return new AnalyzedTable(compilation, found);
    }

    /// <summary>Ids of the members that a method calls.</summary>
    public IEnumerable<string> CalledBy(string method) => _calls[method].Select(static c => c.Member).Distinct();

    /// <summary>What is reported at the calls of a member.</summary>
    public IEnumerable<string> SaidOf(string method, string member, bool withKind) => _said[method]
        .Where(d => At(method, member, d))
        .Select(d => Text(d.Id, withKind || Kind(d) == "growth" ? Kind(d) : null)).Order(StringComparer.Ordinal);

    /// <summary>What else is reported in the method.</summary>
    public IEnumerable<string> SaidBesides(string method, string member) =>
        _said[method].Where(d => !At(method, member, d)).Select(static d => d.ToString());

    /// <summary>What the analyzer has to say of a row, in the form of <see cref="SaidOf"/>.</summary>
    public static IEnumerable<string> Expected(RowAttribute row)
    {
        if (row.Effect.HasFlag(Effect.Locks))
            yield return Text("FENCE002", null);
        if (row.Effect.HasFlag(Effect.Waits))
            yield return Text("FENCE003", null);
        if (row.Effect.HasFlag(Effect.Unknown))
            yield return Text("FENCE008", null);
        if (row.Effect.HasFlag(Effect.Grows))
            yield return Text("FENCE011", "growth");
        if (row.Effect.HasFlag(Effect.Allocates))
            yield return Text("FENCE011", row.Kind);
    }

    static string Text(string id, string? kind) => kind is null ? id : $"{id} {kind}";

    static string? Kind(Diagnostic d) => d.Properties.GetValueOrDefault("kind");

    bool At(string method, string member, Diagnostic d) =>
        _calls[method].Any(c => c.Member == member && c.At.Contains(d.Location.SourceSpan));

    static IEnumerable<(string Name, string Text)> Sources()
    {
        const string Usings = """
            global using System;
            global using System.Collections.Generic;
            global using System.IO;
            global using System.Linq;
            global using System.Threading;
            global using System.Threading.Tasks;
            global using FenceSafety;
            """;
        yield return ("Usings.cs", Usings);
        var assembly = Assembly.GetExecutingAssembly();
        foreach (string name in assembly.GetManifestResourceNames().Where(static n => n.StartsWith("Table.", StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return (name, reader.ReadToEnd());
        }
    }

    /// <summary>What runs the tests: the runtime, ASP.NET Core, and the annotations.</summary>
    public static IEnumerable<MetadataReference> References()
    {
        string runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        string web = Path.GetDirectoryName(typeof(Microsoft.AspNetCore.Http.HttpContext).Assembly.Location)!;
        return ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetDirectoryName(path) is var folder && (folder == runtime || folder == web))
            .Append(typeof(FenceCriticalAttribute).Assembly.Location)
            .Select(static path => MetadataReference.CreateFromFile(path));
    }
}
