using System.Collections.Immutable;
using FenceSafety.Analyzers.Program;
using FenceSafety.Core.Facts;

namespace FenceSafety.Analyzers.Live;

/// <summary>What changed inside bodies since a memo was made, and where everything else is now.</summary>
sealed class ProgramEdit
{
    readonly Dictionary<string, (TreeLayout Old, TreeLayout New)> _moved = new(StringComparer.Ordinal);
    readonly HashSet<(int Tree, int Segment)> _changed = new();
    readonly HashSet<string> _names = new(StringComparer.Ordinal);

    ProgramEdit(ProgramMemo memo) => Memo = memo;

    public ProgramMemo Memo { get; }

    /// <summary>Names that some body mentions now and did not before, or the other way round.</summary>
    public IReadOnlyCollection<string> Names => _names;

    /// <summary>Null if there is no such memo.</summary>
    public static ProgramEdit? Find(ProgramTrees trees, ProgramStamp stamp, SpanMap spans)
    {
        if (ProgramMemo.Find(trees, stamp) is not { } memo)
            return null;
        var edit = new ProgramEdit(memo);
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
            _moved.Add(key, (old.Layout, now.Layout));
        _names.UnionWith(old.Index.Differences(now.Index));
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

    /// <summary>Where a place that did not change is now; null if there is none such any more.</summary>
    public SourceSpan? Find(SourceSpan span)
    {
        if (span.IsNone || !_moved.TryGetValue(span.Path, out var layouts))
            return span;
        int start = Move(layouts.Old, layouts.New, span.Start);
        if (span.Length == 0)
            return start < 0 ? null : span with { Start = start };
        int last = Move(layouts.Old, layouts.New, span.Start + span.Length - 1);
        return start < 0 || last < start ? null : new SourceSpan(span.Path, start, last + 1 - start);
    }

    /// <summary>The same for facts that were carried over: each of their places has its like.</summary>
    public SourceSpan Move(SourceSpan span) => Find(span) ?? throw new StaleMemoException("a place in " + span.Path);

    static int Move(TreeLayout old, TreeLayout now, int position)
    {
        int s = old.At(position);
        return s < 0 || old.Segments[s].Hash != now.Segments[s].Hash || old.Segments[s].Length != now.Segments[s].Length
            ? -1
            : now.Segments[s].Start + (position - old.Segments[s].Start);
    }

    public Declared Carry(Declared declared) => declared with
    {
        Vouched = declared.Vouched.ToImmutableDictionary(static p => p.Key, p => Move(p.Value), StringComparer.Ordinal),
        Misuse = declared.Misuse.Select(r => r with { Span = Move(r.Span) }).ToImmutableArray(),
    };

    public Answers Carry(Answers answers)
    {
        var moved = answers.Contracts.Where(p => _moved.ContainsKey(p.Value.Name.Path)).ToList();
        var contracts = moved.Count == 0 ? answers.Contracts : new Dictionary<string, MemberContract>(answers.Contracts, StringComparer.Ordinal);
        foreach (var p in moved)
            contracts[p.Key] = Carry(p.Value);
        return answers.With(contracts, Carry(answers.Declared!));
    }

    public MemberContract Carry(MemberContract contract)
    {
        var name = Move(contract.Name);
        return name == contract.Name ? contract : contract with { Name = name };
    }

    /// <summary>A body that did not change, with its places as they are now.</summary>
    public BodyMemo Carry(BodyMemo body) => Stays(body)
        ? body
        : new BodyMemo(body.Facts.Select(f => f.Relocate(Move)).ToImmutableArray(), body.Effects.Relocate(Move), body.Sources);

    bool Stays(BodyMemo body)
    {
        foreach (string path in body.Paths)
        {
            if (_moved.ContainsKey(path))
                return false;
        }
        return true;
    }

    /// <summary>All bodies: those that changed as they are given, the others moved where they have to be.</summary>
    public ImmutableDictionary<string, BodyMemo> Carry(ImmutableDictionary<string, BodyMemo> bodies, Func<string, BodyMemo> changed)
    {
        var result = bodies;
        foreach (var p in bodies)
        {
            if (!IsUnchanged(p.Value) || !Stays(p.Value))
                result = result.SetItem(p.Key, changed(p.Key));
        }
        return result;
    }
}

/// <summary>Something that was kept cannot be used after all: the analysis begins again without it.</summary>
sealed class StaleMemoException(string what) : Exception("Not known any more: " + what);
