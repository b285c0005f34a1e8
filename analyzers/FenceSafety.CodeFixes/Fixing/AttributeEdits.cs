using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.CodeFixes.Fixing;

/// <summary>Attributes as text edits: on a line of their own where the declaration has lines of its own.</summary>
static class AttributeEdits
{
    /// <summary>After the attributes that are there, before the modifiers.</summary>
    public static TextChange Add(SyntaxNode declaration, SourceText text, string attribute)
    {
        var lists = declaration.ChildNodes().OfType<AttributeListSyntax>().ToList();
        var token = lists.Count == 0 ? declaration.GetFirstToken() : lists[lists.Count - 1].GetLastToken().GetNextToken();
        var line = text.Lines.GetLineFromPosition(token.SpanStart);
        string before = text.ToString(TextSpan.FromBounds(line.Start, token.SpanStart));
        bool ownLine = string.IsNullOrWhiteSpace(before) && line.EndIncludingLineBreak > line.End;
        string end = ownLine ? text.ToString(TextSpan.FromBounds(line.End, line.EndIncludingLineBreak)) + before : " ";
        return new TextChange(new TextSpan(token.SpanStart, 0), "[" + attribute + "]" + end);
    }

    public static TextChange Replace(AttributeSyntax attribute, string by) => new(attribute.Span, by);

    /// <summary>With its list and its line, if nothing else is in them.</summary>
    public static TextChange Remove(AttributeSyntax attribute, SourceText text)
    {
        var list = (AttributeListSyntax)attribute.Parent!;
        if (list.Attributes.Count > 1)
        {
            int index = list.Attributes.IndexOf(attribute);
            return new TextChange(index == 0
                ? TextSpan.FromBounds(attribute.SpanStart, list.Attributes[1].SpanStart)
                : TextSpan.FromBounds(list.Attributes[index - 1].Span.End, attribute.Span.End), "");
        }
        // Up to the next token, unless a comment is between.
        var next = list.GetLastToken().GetNextToken();
        bool isBlank = string.IsNullOrWhiteSpace(text.ToString(TextSpan.FromBounds(list.Span.End, next.SpanStart)));
        return new TextChange(isBlank ? TextSpan.FromBounds(list.SpanStart, next.SpanStart) : list.Span, "");
    }

    /// <summary>What to call one of our attributes at a place: as short as the usings allow. Null if the attribute is not referenced.</summary>
    public static string? Name(SemanticModel model, int position, string shortName)
    {
        var attribute = model.Compilation.GetTypeByMetadataName("FenceSafety." + shortName + "Attribute");
        if (attribute is null)
            return null;
        if (IsOnly(model.LookupNamespacesAndTypes(position, name: shortName + "Attribute"), attribute)
            && model.LookupNamespacesAndTypes(position, name: shortName).IsEmpty)
        {
            return shortName;
        }
        bool isNamespaceSeen = IsOnly(model.LookupNamespacesAndTypes(position, name: "FenceSafety"), attribute.ContainingNamespace);
        return (isNamespaceSeen ? "" : "global::") + "FenceSafety." + shortName;
    }

    static bool IsOnly(System.Collections.Immutable.ImmutableArray<ISymbol> found, ISymbol wanted) =>
        found.Length == 1 && found[0].ToDisplayString() == wanted.ToDisplayString();
}
