using FenceSafety.Analyzers.Live;
using FenceSafety.Core.Facts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.Analyzers.Program;

/// <summary>
/// Between places without syntax and locations: each tree of a compilation has a key, its path unless two share it. Positions are
/// counted within the stretches of the tree's layout, so that what is said of one body stays true when another one grows.
/// </summary>
sealed class SpanMap
{
    readonly Dictionary<SyntaxTree, (string Key, TreeLayout? Layout)> _keys = new();
    readonly Dictionary<string, (SyntaxTree Tree, TreeLayout? Layout)> _trees = new(StringComparer.Ordinal);

    /// <param name="trees">What is known of the trees; without it positions are counted from the beginning of the file.</param>
    public SpanMap(Compilation compilation, ProgramTrees? trees = null)
    {
        foreach (var tree in compilation.SyntaxTrees)
        {
            string key = tree.FilePath;
            for (int i = 2; _trees.ContainsKey(key); i++)
                key = tree.FilePath + "#" + i.ToString(System.Globalization.CultureInfo.InvariantCulture);
            var layout = trees?.Facts[trees.IndexOf(tree)].Layout;
            _trees.Add(key, (tree, layout));
            _keys.Add(tree, (key, layout));
        }
    }

    /// <summary>A place was asked for that is in no stretch of its file, such as that of a name which is missing.</summary>
    public bool IsLoose { get; private set; }

    public string? KeyOf(SyntaxTree tree) => _keys.TryGetValue(tree, out var known) ? known.Key : null;

    public SourceSpan Of(SyntaxTree tree, TextSpan span)
    {
        if (!_keys.TryGetValue(tree, out var known))
            return SourceSpan.None;
        long start = Of(known.Layout, span.Start);
        return new SourceSpan(known.Key, start, span.IsEmpty ? 0 : Of(known.Layout, span.End - 1) + 1 - start);
    }

    long Of(TreeLayout? layout, int position)
    {
        if (layout is null)
            return position;
        long place = Place.Of(layout, position, out bool isLoose);
        IsLoose |= isLoose;
        return place;
    }

    public SourceSpan Of(SyntaxNode node) => Of(node.SyntaxTree, node.Span);

    public SourceSpan Of(SyntaxToken token) => token.SyntaxTree is null ? SourceSpan.None : Of(token.SyntaxTree, token.Span);

    public Location? ToLocation(SourceSpan span)
    {
        if (span.IsNone || !_trees.TryGetValue(span.Path, out var known))
            return null;
        int start = Position(known.Layout, span.Start);
        int end = span.Length == 0 ? start : Position(known.Layout, span.Start + span.Length - 1) + 1;
        return start < 0 || end < start || end > known.Tree.Length ? null : Location.Create(known.Tree, TextSpan.FromBounds(start, end));
    }

    static int Position(TreeLayout? layout, long place) => layout is null ? (int)place : Place.Position(layout, place);
}

/// <summary>A position in a file, counted within the stretch that it is in: the upper half says which, odd numbers are segments.</summary>
static class Place
{
    public static int Segment(long place) => ((place >> 32) & 1) == 1 ? (int)(place >> 33) : -1;

    public static long Of(TreeLayout layout, int position, out bool isLoose)
    {
        int s = layout.At(position);
        isLoose = s < 0;
        if (s >= 0)
            return ((2L * s + 1) << 32) | (uint)(position - layout.Segments[s].Start);
        int next = layout.After(position);
        return ((2L * next) << 32) | (uint)(position - (next == 0 ? 0 : layout.Segments[next - 1].End));
    }

    public static int Position(TreeLayout layout, long place)
    {
        int s = (int)(place >> 33);
        bool isSegment = Segment(place) >= 0;
        if (s > layout.Segments.Length || (isSegment && s == layout.Segments.Length))
            return -1;
        int start = isSegment ? layout.Segments[s].Start : s == 0 ? 0 : layout.Segments[s - 1].End;
        return start + (int)(place & 0xFFFFFFFF);
    }
}
