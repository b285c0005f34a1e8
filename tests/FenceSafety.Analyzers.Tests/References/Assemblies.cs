using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using FenceSafety.Analyzers.Annotations;
using FenceSafety.Analyzers.Bodies;
using FenceSafety.Analyzers.Framework;
using FenceSafety.Analyzers.Live;
using FenceSafety.Analyzers.Program;
using FenceSafety.Analyzers.References;
using FenceSafety.Analyzers.Tests.Options;
using FenceSafety.Core.Summaries.External;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.Analyzers.Tests.References;

/// <summary>
/// Libraries on top of each other and an application on top of all: each library is compiled to an image, and its summary is made by
/// the C# front end from its own source and the images below it.
/// </summary>
sealed class Assemblies
{
    static readonly Lazy<ImmutableArray<MetadataReference>> Framework = new(static () =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(static p => Path.GetDirectoryName(p) == Path.GetDirectoryName(typeof(object).Assembly.Location))
            .Append(Path.Combine(AppContext.BaseDirectory, "FenceSafety.Annotations.dll")).Select(static p => MetadataReference.CreateFromFile(p)),
    ]);

    static readonly Lazy<FrameworkSummary> s_framework = new(FrameworkSummary.Load);

    readonly List<MetadataReference> _images = [];
    readonly List<MetadataReference> _sources = [];
    readonly List<(string Path, string Text)> _summaries = [];

    public Assemblies()
    {
        Add("Vocabulary", Vocabulary.Types, summarize: false);
    }

    /// <summary>The summary of each library, as text.</summary>
    public IReadOnlyList<(string Path, string Text)> Summaries => _summaries;

    /// <summary>Adds a library that references all before it.</summary>
    public Assemblies Add(string name, string code, bool summarize = true)
    {
        var library = Compile(name, code, _images);
        using var stream = new MemoryStream();
        var emitted = library.Emit(stream);
        Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics));
        byte[] image = stream.ToArray();
        if (summarize)
            _summaries.Add((name + ".fencesum", System.Text.Encoding.UTF8.GetString(SummaryWriter.Write(Summarize(library, Mvid(image))))));
        _images.Add(MetadataReference.CreateFromImage(image, filePath: name + ".dll"));
        _sources.Add(Compile(name, code, _sources).ToMetadataReference());
        return this;
    }

    static CSharpCompilation Compile(string name, string code, IEnumerable<MetadataReference> references)
    {
        var parse = new CSharpParseOptions(LanguageVersion.Preview);
        return CSharpCompilation.Create(
            name,
            [
                CSharpSyntaxTree.ParseText(name == "Vocabulary" ? Vocabulary.Usings.Replace("global using Vocabulary;", "") : Vocabulary.Usings, parse, name + "/Usings.cs"),
                CSharpSyntaxTree.ParseText(code, parse, name + "/" + name + ".cs"),
            ],
            Framework.Value.AddRange(references),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, deterministic: true));
    }

    public static Guid Mvid(byte[] image)
    {
        using var reader = new PEReader(new MemoryStream(image));
        var metadata = reader.GetMetadataReader();
        return metadata.GetGuid(metadata.GetModuleDefinition().Mvid);
    }

    static ExternalAssembly Summarize(CSharpCompilation library, Guid mvid)
    {
        var none = CancellationToken.None;
        var spans = new SpanMap(library);
        var contracts = new ContractReader(new AnnotationStore(ImmutableDictionary<string, ImmutableArray<Annotation>>.Empty), static () => s_framework.Value, spans);
        var counts = new WorkCounts();
        var symbols = new SymbolTable(library, contracts, spans, false, counts, hasMemo: false);
        var models = new ModelCache(library);
        var trees = new ProgramTrees(library, models, new ConditionalWeakTable<SyntaxTree, TreeFacts>(), counts, none);
        var answers = new Answers();
        var members = new MemberLookup(symbols, models, trees, answers, null, none);
        var nothing = ReferenceSummaries.Read(library, [], SummaryText.Open, none);
        var program = new RoslynProgram(library, symbols, members, models, nothing, trees, answers, null, none);
        var visible = Declarations.VisibleMembers(library, symbols, none).Concat(Types(library.Assembly.GlobalNamespace)
            .Where(ClassHierarchy.IsVisibleOutside).SelectMany(static t => t.InstanceConstructors).Where(ClassHierarchy.IsVisibleOutside).Select(symbols.Id))
            .Concat(Types(library.Assembly.GlobalNamespace).Where(ClassHierarchy.IsVisibleOutside).Where(static t => t.StaticConstructors.Length > 0)
                .Select(t => BodyFactory.TypeInitializerId(symbols, t)));
        return ExternalSummaryBuilder.Build(program, library.AssemblyName!, mvid, "test", [.. visible.Distinct()], none);
    }

    static IEnumerable<INamedTypeSymbol> Types(INamespaceOrTypeSymbol from) => from.GetMembers().OfType<INamespaceOrTypeSymbol>()
        .SelectMany(m => Types(m).Concat(m is INamedTypeSymbol type ? [type] : []));

    /// <summary>Analyses an application with the libraries as source.</summary>
    public Task<IReadOnlyList<string>> WithSource(string app, params (string Path, string Text)[] files) => Analyze(app, _sources, files);

    /// <summary>With the libraries as images, and what is said of them.</summary>
    public Task<IReadOnlyList<string>> WithSummaries(string app, params (string Path, string Text)[] more) => WithFiles(app, [.. _summaries, .. more]);

    /// <summary>With the libraries as images, and these files alone.</summary>
    public Task<IReadOnlyList<string>> WithFiles(string app, params (string Path, string Text)[] files) => Analyze(app, _images, files);

    /// <summary>Options of the compilations, as in a global config.</summary>
    public Dictionary<string, string> Options { get; } = [];

    async Task<IReadOnlyList<string>> Analyze(string app, IEnumerable<MetadataReference> references, (string Path, string Text)[] files)
    {
        var compilation = Compile("App", app, references);
        Assert.DoesNotContain(compilation.GetDiagnostics(), static d => d.Severity == DiagnosticSeverity.Error);
        var options = new AnalyzerOptions([.. files.Select(static f => (AdditionalText)new File(f.Path, f.Text))], new FixedOptions(Options.ToImmutableDictionary()));
        var diagnostics = await compilation.WithAnalyzers([new FenceSafetyAnalyzer()], options).GetAnalyzerDiagnosticsAsync();
        return [.. diagnostics.Select(d => $"{Line(d)} {d.Id}: {d.GetMessage(null)}").Order(StringComparer.Ordinal)];

        static string Line(Diagnostic d) => d.Location.IsInSource
            ? d.Location.GetLineSpan().StartLinePosition.Line.ToString("D3")
            : d.Location.GetLineSpan().Path;
    }

    sealed class File(string path, string text) : AdditionalText
    {
        readonly SourceText _text = SourceText.From(text, System.Text.Encoding.UTF8);

        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => _text;
    }

    /// <summary>Lines of the application that end in a comment with rules, as <c>line rule</c>.</summary>
    public static IReadOnlyList<string> Marked(string app) =>
    [
        .. app.Split('\n').SelectMany(static (line, i) => Regex.Match(line, "// (FENCE\\d+(?:, FENCE\\d+)*)").Groups[1].Value
            .Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(rule => $"{i:D3} {rule}")).Order(StringComparer.Ordinal),
    ];
}
