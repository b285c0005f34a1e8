using System.Collections.Immutable;
using FenceSafety.Analyzers.Program;
using FenceSafety.Core.Facts;

namespace FenceSafety.Analyzers.Live;

/// <summary>What changed inside bodies since a memo was made.</summary>
sealed class ProgramEdit
{
    readonly Dictionary<string, int> _files = new(StringComparer.Ordinal);
    readonly HashSet<(int Tree, int Segment)> _changed = new();
    readonly HashSet<(int Tree, int Member)> _members = new();
    readonly ProgramTrees _trees;
    readonly CancellationToken _cancel;
    IReadOnlyList<string>? _bodies;

    ProgramEdit(ProgramMemo memo, ProgramTrees trees, CancellationToken cancel)
    {
        Memo = memo;
        _trees = trees;
        _cancel = cancel;
    }

    public ProgramMemo Memo { get; }

    /// <summary>Members of which the text is not what it was, in the order of their ids.</summary>
    public IReadOnlyList<string> Changed => _bodies ??= _changed.Select(static c => c.Tree).Distinct().SelectMany(Memo.BodiesIn).Distinct()
        .Where(b => !IsUnchanged(Memo.Bodies[b])).OrderBy(static b => b, StringComparer.Ordinal).ToList();

    /// <summary>Some body mentions one of these names now and did not before, or the other way round.</summary>
    public bool ChangesMentions(IEnumerable<string> names) => _members.Any(
        m => _trees.Facts[m.Tree].Index.Differs(Memo.Trees[m.Tree].Index, m.Member, names, _trees.Trees[m.Tree], _cancel));

    public bool ChangesMentions(string name) => ChangesMentions(new[] { name });

    /// <summary>Null if there is no such memo.</summary>
    public static ProgramEdit? Find(ProgramTrees trees, ProgramStamp stamp, SpanMap spans, CancellationToken cancel)
    {
        if (ProgramMemo.Find(trees, stamp) is not { } memo)
            return null;
        var edit = new ProgramEdit(memo, trees, cancel);
        for (int i = 0; i < trees.Facts.Length; i++)
        {
            var (old, now) = (memo.Trees[i], trees.Facts[i]);
            if (!ReferenceEquals(old, now) && !edit.Compare(i, old, now, spans.KeyOf(trees.Trees[i])))
                return null;
        }
        return edit;
    }

    bool Compare(int tree, TreeFacts old, TreeFacts now, string? key)
    {
        var (before, after) = (old.Layout.Segments, now.Layout.Segments);
        if (before.Length != after.Length || old.Index.Members.Length != now.Index.Members.Length)
            return false;
        for (int s = 0; s < before.Length; s++)
        {
            if (before[s].Hash != after[s].Hash || before[s].Length != after[s].Length)
                _changed.Add((tree, s));
        }
        if (key is not null)
            _files.Add(key, tree);
        for (int m = 0; m < now.Index.Members.Length; m++)
        {
            if (now.Layout.Within(now.Index.Members[m].Span).Any(s => _changed.Contains((tree, s))))
                _members.Add((tree, m));
            else
                now.Index.Adopt(old.Index, m);
        }
        return true;
    }

    public bool IsUnchanged(BodyMemo body)
    {
        foreach (var source in body.Sources)
        {
            if (_changed.Contains(source))
                return false;
        }
        return true;
    }

    /// <summary>The place is in no stretch that changed, and so is where it was: places are counted within their stretches.</summary>
    public bool IsUnchanged(SourceSpan span)
    {
        if (span.IsNone || !_files.TryGetValue(span.Path, out int tree))
            return true;
        for (int s = Place.Segment(span.Start); s <= Place.Segment(span.Start + Math.Max(span.Length - 1, 0)); s++)
        {
            if (_changed.Contains((tree, s)))
                return false;
        }
        return true;
    }
}

/// <summary>Something that was kept cannot be used after all: the analysis begins again without it.</summary>
sealed class StaleMemoException(string what) : Exception("Not known any more: " + what);
