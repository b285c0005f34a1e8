using System.Collections.Concurrent;
using System.Collections.Immutable;
using FenceSafety.Analyzers.Program;
using FenceSafety.Core;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Memo;

namespace FenceSafety.Analyzers.Live;

/// <summary>
/// What one complete analysis of a program leaves for the next: plain data, published whole, never changed. It is reached from the
/// trees of the program and lives as long as one of them.
/// </summary>
sealed class ProgramMemo(ProgramStamp stamp, ImmutableArray<TreeFacts> trees, ImmutableDictionary<string, BodyMemo> bodies, Answers answers, ImmutableArray<Report> reports,
    EngineMemo engine)
{
    ImmutableDictionary<int, ImmutableArray<string>>? _bodiesByTree;

    public ProgramStamp Stamp => stamp;

    /// <summary>In the order of <see cref="ProgramTrees"/>.</summary>
    public ImmutableArray<TreeFacts> Trees => trees;

    /// <summary>Members that were read, by id.</summary>
    public ImmutableDictionary<string, BodyMemo> Bodies => bodies;

    public Answers Answers => answers;

    public ImmutableArray<Report> Reports => reports;

    /// <summary>Of the last run of the engine: what it asked, and the answers.</summary>
    public EngineMemo Engine => engine;

    /// <summary>What reading all of the bodies said besides their facts.</summary>
    public required BodyEffects Effects { get; init; }

    /// <summary>Bodies that were read since the engine last ran, and do the same at other places; null: more than that happened to them.</summary>
    public required ImmutableHashSet<string>? Moved { get; init; }

    /// <summary>The members that are read from a file. An edit changes few.</summary>
    public IEnumerable<string> BodiesIn(int tree) =>
        (_bodiesByTree ??= ByTree()).TryGetValue(tree, out var ids) ? ids : Enumerable.Empty<string>();

    ImmutableDictionary<int, ImmutableArray<string>> ByTree() => bodies
        .SelectMany(static b => b.Value.Sources.Select(static s => s.Tree).Distinct().Select(t => (Tree: t, b.Key)))
        .GroupBy(static b => b.Tree, static b => b.Key).ToImmutableDictionary(static g => g.Key, static g => g.ToImmutableArray());

    /// <summary>A later memo of the same declarations has the same bodies, and perhaps some more.</summary>
    public ProgramMemo KeepBodiesOf(ProgramMemo before)
    {
        var known = before._bodiesByTree;
        if (known is not null && before.Bodies.Count == bodies.Count)
            _bodiesByTree = known;
        return this;
    }

    /// <summary>The memo of a program that differs from this one inside bodies at most, or null.</summary>
    public static ProgramMemo? Find(ProgramTrees trees, ProgramStamp stamp)
    {
        var seen = new HashSet<ProgramMemo>();
        foreach (var facts in trees.Facts)
        {
            foreach (var memo in facts.Memos)
            {
                if (seen.Add(memo) && memo.Stamp.Equals(stamp))
                    return memo;
            }
        }
        return null;
    }
}

/// <summary>A member as it was read: its facts, those of bodies nested in it, and what reading it said besides.</summary>
/// <param name="Sources">The segments that it was read from: a constructor has those of initialisers too.</param>
sealed record BodyMemo(ImmutableArray<MethodFacts> Facts, BodyEffects Effects, ImmutableArray<(int Tree, int Segment)> Sources);

/// <summary>What is said about declarations, and needs no symbol to be said again while they stay the same.</summary>
/// <param name="before">Answers of an earlier version, with the same declarations.</param>
sealed class Answers(Answers? before = null)
{
    // The same for all versions, whoever asks first.
    public ConcurrentDictionary<string, MemberContract> Contracts { get; } = before?.Contracts ?? new(StringComparer.Ordinal);
    public ConcurrentDictionary<(string, string, string?, string), Dispatch> Dispatch { get; } = before?.Dispatch ?? new();
    public ConcurrentDictionary<(string?, string), Dispatch> Constrained { get; } = before?.Constrained ?? new();
    public ConcurrentDictionary<string, ImmutableArray<string>> TypeArguments { get; } = before?.TypeArguments ?? new(StringComparer.Ordinal);
    public ConcurrentDictionary<string, IReadOnlyList<string>?> FieldWriters { get; } = before?.FieldWriters ?? new(StringComparer.Ordinal);

    /// <summary>The bodies that a member of a file's index is part of.</summary>
    public ConcurrentDictionary<(int Tree, int Member), IReadOnlyList<string>> MemberBodies { get; } = before?.MemberBodies ?? new();

    /// <summary>Bodies by the names by which they were asked for.</summary>
    public Dictionary<string, IReadOnlyList<string>> BodiesByName { get; } = new(StringComparer.Ordinal);

    /// <summary>Names by which declarations were asked for: who mentions them anew changes what is declared.</summary>
    public HashSet<string> DeclarationNames { get; } = new(StringComparer.Ordinal);

    public Seeds? Seeds { get; set; }

    /// <summary>Where the analysis begins: <see cref="Seeds"/>, and who mentions their names.</summary>
    public ImmutableArray<string> Start { get; set; }

    public Declared? Declared { get; set; }

    /// <summary>Nothing that depends on what bodies mention is new.</summary>
    public void GoOn(Answers before)
    {
        foreach (var p in before.BodiesByName)
            BodiesByName[p.Key] = p.Value;
        DeclarationNames.UnionWith(before.DeclarationNames);
        (Seeds, Start, Declared) = (before.Seeds, before.Start, before.Declared);
    }
}

/// <summary>Where the analysis begins: bodies, and names whose mention makes a body one of them.</summary>
sealed record Seeds(ImmutableArray<string> Bodies, ImmutableArray<string> Names);

/// <summary>What declarations say to the engine, and what is wrong with them.</summary>
sealed record Declared(EngineOptions Options, ImmutableDictionary<string, SourceSpan> Vouched, ImmutableArray<Report> Misuse);
