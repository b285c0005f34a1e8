using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace FenceSafety.Analyzers.Annotations;

/// <summary>The annotations of every symbol: its attributes and what annotation files say of it. One for a compilation.</summary>
sealed class AnnotationStore
{
    readonly ConcurrentDictionary<ISymbol, ImmutableArray<Annotation>> _cache = new(SymbolEqualityComparer.Default);
    readonly ImmutableDictionary<string, ImmutableArray<Annotation>> _files;

    public AnnotationStore(ImmutableDictionary<string, ImmutableArray<Annotation>> files) => _files = files;

    public ImmutableArray<Annotation> Of(ISymbol symbol)
    {
        symbol = symbol.OriginalDefinition;
        return _cache.GetOrAdd(symbol, Read);
    }

    public Annotation? Find(ISymbol symbol, string name)
    {
        foreach (var a in Of(symbol))
        {
            if (a.Name == name)
                return a;
        }
        return null;
    }

    public bool Has(ISymbol symbol, string name) => Find(symbol, name) is not null;

    /// <summary>Annotations that files add to members, by documentation-comment id.</summary>
    public ImmutableDictionary<string, ImmutableArray<Annotation>> Files => _files;

    ImmutableArray<Annotation> Read(ISymbol symbol)
    {
        var builder = ImmutableArray.CreateBuilder<Annotation>();
        foreach (var data in symbol.GetAttributes())
        {
            if (Annotation.From(data) is { } annotation)
                builder.Add(annotation);
        }
        // A partial method's attributes may stand at either part.
        if (symbol is IMethodSymbol { PartialDefinitionPart: { } definition })
            builder.AddRange(Of(definition));
        if (_files.Count > 0 && symbol.GetDocumentationCommentId() is { } id && _files.TryGetValue(id, out var more))
            builder.AddRange(more);
        return builder.ToImmutable();
    }
}
