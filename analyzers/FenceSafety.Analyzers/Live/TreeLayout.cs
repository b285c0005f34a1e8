using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.Analyzers.Live;

/// <summary>A stretch of a file that moves as a whole: part of a declaration, or a body or initialiser.</summary>
readonly record struct Segment(int Start, int Length, ulong Hash)
{
    public int End => Start + Length;
}

/// <summary>
/// A file as stretches of declarations and of bodies, in source order, and a hash of all that anything outside a body can see of it.
/// Two files of the same shape have as many segments, and differ inside bodies only.
/// </summary>
/// <param name="Shape">Of the text of declarations, and of what bodies tell the rest of the program (see <see cref="BodyTrait"/>).</param>
sealed record TreeLayout(ulong Shape, ImmutableArray<Segment> Segments)
{
    /// <summary>The segment that has this position, or -1: between segments there is no code.</summary>
    public int At(int position)
    {
        int low = 0, high = Segments.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            if (position < Segments[middle].Start)
                high = middle - 1;
            else if (position >= Segments[middle].End)
                low = middle + 1;
            else
                return middle;
        }
        return -1;
    }

    /// <summary>The first segment that ends behind a position.</summary>
    public int After(int position)
    {
        int low = 0, high = Segments.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (Segments[middle].End <= position)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    /// <summary>The segments that a node overlaps.</summary>
    public IEnumerable<int> Within(TextSpan span)
    {
        for (int low = After(span.Start); low < Segments.Length && Segments[low].Start < span.End; low++)
            yield return low;
    }

    public static TreeLayout Of(SyntaxNode root, TextWords words) => new LayoutBuilder(words).Build(root);
}

/// <summary>Cuts a file into segments.</summary>
sealed class LayoutBuilder(TextWords words)
{
    readonly ImmutableArray<Segment>.Builder _segments = ImmutableArray.CreateBuilder<Segment>();
    ulong _shape = TextHash.Start;

    public TreeLayout Build(SyntaxNode root)
    {
        var work = new Stack<SyntaxNodeOrToken>();
        work.Push(root);
        int start = -1, end = -1;
        while (work.Count > 0)
        {
            var next = work.Pop();
            bool isBody = next.AsNode() is { } node && BodyTrait.IsBody(node);
            if (next.AsNode() is { } inner && !isBody && !next.Span.IsEmpty && HasBodies(inner))
            {
                Mix((ulong)inner.RawKind);
                foreach (var child in inner.ChildNodesAndTokens().Reverse())
                    work.Push(child);
                continue;
            }
            if (next.Span.IsEmpty && !isBody)
                continue;
            // A member begins a stretch of its own: what stands between members is no code.
            if (start >= 0 && (isBody || BeginsMember(next)))
                Declaration(ref start, end);
            if (isBody)
            {
                Body(next.AsNode()!);
                continue;
            }
            if (start < 0)
                start = next.Span.Start;
            end = next.Span.End;
        }
        if (start >= 0)
            Declaration(ref start, end);
        Directives(root);
        return new TreeLayout(_shape, _segments.ToImmutable());
    }

    static bool BeginsMember(SyntaxNodeOrToken part)
    {
        if (part.AsNode() is MemberDeclarationSyntax)
            return true;
        for (var n = part.Parent; n is not null && n.SpanStart == part.SpanStart; n = n.Parent)
        {
            if (n is MemberDeclarationSyntax)
                return true;
        }
        return false;
    }

    /// <summary>A declaration that may have bodies below it; all else is text.</summary>
    static bool HasBodies(SyntaxNode node) => node
        is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax or BaseMethodDeclarationSyntax or BasePropertyDeclarationSyntax
        or BaseFieldDeclarationSyntax or VariableDeclarationSyntax or VariableDeclaratorSyntax or AccessorListSyntax or AccessorDeclarationSyntax
        or ConstructorInitializerSyntax;

    void Declaration(ref int start, int end)
    {
        ulong hash = words.Hash(TextSpan.FromBounds(start, end));
        _segments.Add(new Segment(start, end - start, hash));
        Mix(hash);
        start = -1;
    }

    void Body(SyntaxNode body)
    {
        var said = new BodyWords(words, body.Span);
        ulong hash = words.Hash(body.Span);
        _segments.Add(new Segment(body.SpanStart, body.Span.Length, hash));
        Mix((ulong)body.RawKind);
        Mix(BodyTrait.Of(body, said));
        if (said.IsDeclaration)
            Mix(hash);
    }

    /// <summary>Directives that change what code means, and where they stand; the compiler itself heeds pragmas.</summary>
    void Directives(SyntaxNode root)
    {
        if (!root.ContainsDirectives)
            return;
        for (var d = root.GetFirstDirective(); d is not null; d = d.GetNextDirective())
        {
            if (d is NullableDirectiveTriviaSyntax or DefineDirectiveTriviaSyntax or UndefDirectiveTriviaSyntax)
            {
                int before = 0;
                while (before < _segments.Count && _segments[before].End <= d.SpanStart)
                    before++;
                Mix((ulong)before);
                Mix(words.Hash(d.Span));
            }
        }
    }

    void Mix(ulong value) => _shape = TextHash.Mix(_shape, value);
}
