using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace FenceSafety.Analyzers.Annotations;

/// <summary>One annotation, from an attribute or from a line of an annotation file.</summary>
/// <param name="Name">The attribute's class name.</param>
sealed record Annotation(string Name, ImmutableArray<object?> Arguments, ImmutableDictionary<string, object?> Named, Location? Location)
{
    public string? Text(int index) => index < Arguments.Length ? Arguments[index] as string : null;

    public object? Value(string name) => Named.TryGetValue(name, out object? value) ? value : null;

    public bool Flag(string name) => Value(name) is true;

    public static Annotation? From(AttributeData data)
    {
        if (Attributes.NameOf(data) is not { } name)
            return null;
        var arguments = ImmutableArray.CreateBuilder<object?>();
        foreach (var a in data.ConstructorArguments)
        {
            if (a.Kind == TypedConstantKind.Array)
                arguments.AddRange(a.Values.IsDefault ? Enumerable.Empty<object?>() : a.Values.Select(static v => v.Value));
            else
                arguments.Add(a.Value);
        }
        var named = data.NamedArguments.Where(static n => n.Value.Kind != TypedConstantKind.Array)
            .GroupBy(static n => n.Key).ToImmutableDictionary(static g => g.Key, static g => g.First().Value.Value);
        var reference = data.ApplicationSyntaxReference;
        var location = reference is null ? null : Location.Create(reference.SyntaxTree, reference.Span);
        return new Annotation(name, arguments.ToImmutable(), named, location);
    }
}
