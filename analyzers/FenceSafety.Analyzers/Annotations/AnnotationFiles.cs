using System.Collections.Immutable;
using FenceSafety.Analyzers.Program;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.Analyzers.Annotations;

/// <summary>A line of an annotation file that does not say what its author meant.</summary>
sealed record AnnotationFileProblem(Location Location, string Message);

sealed record AnnotationFileContents(ImmutableDictionary<string, ImmutableArray<Annotation>> Annotations, ImmutableArray<AnnotationFileProblem> Problems);

/// <summary>
/// Additional files <c>*.fence.txt</c>: <c>documentation-comment id; attribute; arguments</c> a line, <c>#</c> comments, and <c>?</c>
/// before a line that may match nothing where its type is not referenced.
/// </summary>
sealed class AnnotationFiles
{
    public const string Suffix = ".fence.txt";

    readonly Compilation _compilation;
    readonly Dictionary<string, List<Annotation>> _annotations = new(StringComparer.Ordinal);
    readonly List<AnnotationFileProblem> _problems = new();

    AnnotationFiles(Compilation compilation) => _compilation = compilation;

    public static AnnotationFileContents Read(Compilation compilation, ImmutableArray<AdditionalText> files, CancellationToken cancel)
    {
        var reader = new AnnotationFiles(compilation);
        foreach (var file in files.Where(static f => f.Path.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase)).OrderBy(static f => f.Path, StringComparer.Ordinal))
        {
            if (file.GetText(cancel) is not { } text)
                continue;
            foreach (var line in text.Lines)
            {
                cancel.ThrowIfCancellationRequested();
                reader.Line(file.Path, text, line);
            }
        }
        return new AnnotationFileContents(
            reader._annotations.ToImmutableDictionary(static p => p.Key, static p => p.Value.ToImmutableArray(), StringComparer.Ordinal),
            reader._problems.ToImmutableArray());
    }

    void Line(string path, SourceText text, TextLine line)
    {
        string content = text.ToString(line.Span).Trim();
        if (content.Length == 0 || content[0] == '#')
            return;
        var location = Location.Create(path, line.Span, text.Lines.GetLinePositionSpan(line.Span));
        bool optional = content[0] == '?';
        if (optional)
            content = content.Substring(1).TrimStart();
        string? wrong = Parse(content, optional, location);
        if (wrong is not null)
            _problems.Add(new AnnotationFileProblem(location, wrong));
    }

    /// <summary>What is wrong with a line, or null.</summary>
    string? Parse(string content, bool optional, Location location)
    {
        // Ids and arguments are read by recursion.
        if (!SymbolNames.IsReadable(content))
            return "A line has at most 16,384 characters and nests at most 64 brackets";
        var fields = content.Split(new[] { ';' }, 3);
        if (fields.Length < 2)
            return "A line is 'documentation-comment id; attribute; arguments', such as 'M:Lib.Pool.Refill; MayAllocate'";
        string id = fields[0].Trim(), name = fields[1].Trim();
        string attribute = name.EndsWith("Attribute", StringComparison.Ordinal) ? name : name + "Attribute";
        if (!Attributes.All.Contains(attribute))
            return $"There is no attribute '{name}': it is one of {string.Join(", ", Attributes.All.Select(static a => a.Substring(0, a.Length - 9)))}";
        if (id.Length < 3 || id[1] != ':' || "MFPTE".IndexOf(id[0]) < 0)
            return $"'{id}' is no documentation-comment id: it begins with M:, P:, F:, E: or T:";
        if (DocumentationCommentId.GetFirstSymbolForDeclarationId(id, _compilation) is not { } symbol)
        {
            string type = TypeOf(id);
            bool known = id[0] == 'T' ? false : DocumentationCommentId.GetFirstSymbolForDeclarationId("T:" + type, _compilation) is not null;
            return optional && !known ? null : known ? $"{type} has no member '{id}'" : $"Nothing is called '{id}' here; begin the line with ? if its assembly is not always referenced";
        }
        if (AttributeArguments.Parse(fields.Length > 2 ? fields[2].Trim() : "", _compilation, out var arguments, out var named) is { } malformed)
            return malformed;
        var annotation = new Annotation(attribute, arguments, named, location);
        if (AnnotationChecks.Shape(annotation) is { } shape)
            return shape;
        if (AnnotationChecks.Arguments(annotation, symbol) is { } misuse)
            return misuse;
        string key = symbol.GetDocumentationCommentId() ?? id;
        if (!_annotations.TryGetValue(key, out var list))
            _annotations.Add(key, list = new List<Annotation>());
        if (AnnotationChecks.Contradiction(list.Select(static a => a.Name).Append(attribute).Concat(symbol.GetAttributes().Select(Attributes.NameOf).OfType<string>())) is { } pair)
            return pair;
        list.Add(annotation);
        return null;
    }

    static string TypeOf(string id)
    {
        int parameters = id.IndexOf('(');
        string name = parameters < 0 ? id : id.Substring(0, parameters);
        int dot = name.LastIndexOf('.');
        return dot < 2 ? name.Substring(2) : name.Substring(2, dot - 2);
    }
}
