using System.Collections.Immutable;
using FenceSafety.Analyzers.Annotations;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace FenceSafety.Analyzers.Live;

/// <summary>
/// Everything that facts depend on besides the text of bodies: files and the shape of each, references, options. It compares by value
/// and holds nothing of a compilation.
/// </summary>
sealed class ProgramStamp
{
    readonly string _project;
    readonly string _options;
    readonly ImmutableArray<(string Path, ParseOptions Parse)> _files;
    readonly ImmutableArray<ulong> _shapes;
    readonly ImmutableArray<object> _references;
    readonly ulong _program;

    ProgramStamp(
        string project, string options, ImmutableArray<(string, ParseOptions)> files, ImmutableArray<ulong> shapes, ImmutableArray<object> references)
    {
        _project = project;
        _options = options;
        _files = files;
        _shapes = shapes;
        _references = references;
        _program = TextHash.Of(project);
        foreach (var (path, parse) in files)
            _program = TextHash.Mix(TextHash.Mix(_program, TextHash.Of(path)), (ulong)parse.GetHashCode());
    }

    public static ProgramStamp Of(Compilation compilation, ProgramTrees trees, ImmutableArray<AdditionalText> files, string options, CancellationToken cancel)
    {
        var references = ImmutableArray.CreateBuilder<object>();
        var seen = new HashSet<Compilation>();
        var work = new Stack<Compilation>();
        work.Push(compilation);
        while (work.Count > 0)
        {
            var next = work.Pop();
            if (!seen.Add(next))
                continue;
            references.Add(Options(next));
            foreach (var reference in next.References)
            {
                references.Add(reference.Properties);
                switch (reference)
                {
                    case CompilationReference { Compilation: CSharpCompilation project }:
                        references.Add(project.Assembly.Identity);
                        work.Push(project);
                        break;
                    case PortableExecutableReference file when Id(file) is { } id:
                        references.Add(id);
                        break;
                    default:
                        // Nothing is known of it: it equals no other.
                        references.Add(new object());
                        break;
                }
            }
        }
        foreach (var file in files.OrderBy(static f => f.Path, StringComparer.Ordinal))
        {
            if (!file.Path.EndsWith(AnnotationFiles.Suffix, StringComparison.OrdinalIgnoreCase) && !file.Path.EndsWith(".fencesum", StringComparison.OrdinalIgnoreCase))
                continue;
            references.Add(file.Path);
            if (file.GetText(cancel) is { } text)
                references.Add(Convert.ToBase64String(text.GetChecksum().ToArray()));
        }
        return new ProgramStamp(
            compilation.AssemblyName ?? "",
            options,
            trees.Trees.Select(static t => (t.FilePath, t.Options)).ToImmutableArray(),
            trees.Facts.Select(static f => f.Layout.Shape).ToImmutableArray(),
            references.ToImmutable());
    }

    /// <summary>The identity of metadata that has been read, or null if the file cannot be.</summary>
    static object? Id(PortableExecutableReference reference)
    {
        try
        {
            return reference.GetMetadataId();
        }
        catch (Exception e) when (e is IOException or BadImageFormatException)
        {
            return null;
        }
    }

    /// <summary>Options that change what code means. Severities and the providers of options do not, and may hold a solution.</summary>
    static string Options(Compilation compilation) => compilation.Options is CSharpCompilationOptions o
        ? string.Join("|", compilation.AssemblyName, o.OutputKind, o.NullableContextOptions, o.AllowUnsafe, o.CheckOverflow, o.MainTypeName, o.MetadataImportOptions, string.Join(",", o.Usings))
        : compilation.Options.Language;

    /// <summary>The same project with the same files, whatever is in them: what is kept of one is of no use beside the other.</summary>
    public bool IsSameProgram(ProgramStamp other) => _program == other._program;

    public bool Equals(ProgramStamp other) =>
        _options == other._options && _shapes.SequenceEqual(other._shapes) && _project == other._project && _files.SequenceEqual(other._files) && _references.SequenceEqual(other._references);
}
