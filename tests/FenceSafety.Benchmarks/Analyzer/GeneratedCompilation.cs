using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.Benchmarks.Analyzer;

/// <summary>A generated program as the compiler sees it, and what an editor does to it.</summary>
public static class GeneratedCompilation
{
    static readonly CSharpParseOptions Parse = new(LanguageVersion.CSharp13);

    /// <summary>No additional files, no options.</summary>
    public static readonly AnalyzerOptions Options = new(ImmutableArray<AdditionalText>.Empty);

    /// <summary>Parsed, nothing bound.</summary>
    public static CSharpCompilation Create(GeneratedProgram program) => CSharpCompilation.Create(
        "Generated",
        program.Files().Select(f => CSharpSyntaxTree.ParseText(SourceText.From(f.Text), Parse, f.Path)),
        References(),
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, deterministic: true, nullableContextOptions: NullableContextOptions.Enable));

    static IEnumerable<MetadataReference> References() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
        .Where(p => Path.GetFileName(p) is var name && (name.StartsWith("System.", StringComparison.Ordinal) || name is "netstandard.dll" or "FenceSafety.Annotations.dll"))
        .Select(p => MetadataReference.CreateFromFile(p));

    /// <summary>The same program in a new compilation with nothing computed.</summary>
    public static CSharpCompilation Fresh(CSharpCompilation compilation) => compilation.Clone();

    /// <summary>One edit of a file: <paramref name="from"/>, which must be there, becomes <paramref name="to"/>.</summary>
    public static CSharpCompilation Edit(CSharpCompilation compilation, string path, string from, string to)
    {
        var tree = compilation.SyntaxTrees.Single(t => t.FilePath == path);
        var text = tree.GetText();
        int at = text.ToString().IndexOf(from, StringComparison.Ordinal);
        if (at < 0)
            throw new ArgumentException($"{path} has no '{from}' to edit.", nameof(from));
        return compilation.ReplaceSyntaxTree(tree, tree.WithChangedText(text.WithChanges(new TextChange(new TextSpan(at, from.Length), to))));
    }
}
