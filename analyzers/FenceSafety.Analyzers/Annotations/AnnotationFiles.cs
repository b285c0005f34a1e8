using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace FenceSafety.Analyzers.Annotations;

sealed record AnnotationFileProblem(Location Location, string Message);

sealed record AnnotationFileContents(ImmutableDictionary<string, ImmutableArray<Annotation>> Annotations, ImmutableArray<AnnotationFileProblem> Problems);

static class AnnotationFiles
{
    public static AnnotationFileContents Read(Compilation compilation, ImmutableArray<AdditionalText> files, CancellationToken cancel) =>
        new(ImmutableDictionary<string, ImmutableArray<Annotation>>.Empty, ImmutableArray<AnnotationFileProblem>.Empty);
}
