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
    public ProgramStamp Stamp => stamp;

    /// <summary>In the order of <see cref="ProgramTrees"/>.</summary>
    public ImmutableArray<TreeFacts> Trees => trees;

    /// <summary>Members that were read, by id.</summary>
    public ImmutableDictionary<string, BodyMemo> Bodies => bodies;

    public Answers Answers => answers;

    public ImmutableArray<Report> Reports => reports;

    /// <summary>Of the last run of the engine: what it asked, and the answers.</summary>
    public EngineMemo Engine => engine;

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
/// <param name="before">Answers of an earlier run that still hold.</param>
sealed class Answers(Answers? before = null)
{
    public Dictionary<string, MemberContract> Contracts { get; } = new(StringComparer.Ordinal);
    public Dictionary<(string, string, string?, string), Dispatch> Dispatch { get; } = new();
    public Dictionary<(string?, string), Dispatch> Constrained { get; } = new();
    public Dictionary<string, ImmutableArray<string>> TypeArguments { get; } = new(StringComparer.Ordinal);
    public Dictionary<string, IReadOnlyList<string>?> FieldWriters { get; } = new(StringComparer.Ordinal);

    /// <summary>The bodies that a member of a file's index is part of: the same for all who ask, so that the next run adds to it.</summary>
    public ConcurrentDictionary<(int Tree, int Member), IReadOnlyList<string>> MemberBodies { get; } = before?.MemberBodies ?? new();

    /// <summary>Bodies by the names by which they were asked for.</summary>
    public Dictionary<string, IReadOnlyList<string>> BodiesByName { get; } = new(StringComparer.Ordinal);

    /// <summary>Names by which declarations were asked for: who mentions them anew changes what is declared.</summary>
    public HashSet<string> DeclarationNames { get; } = new(StringComparer.Ordinal);

    public Seeds? Seeds { get; set; }

    /// <summary>Where the analysis begins: <see cref="Seeds"/>, and who mentions their names.</summary>
    public ImmutableArray<string> Start { get; set; }

    public Declared? Declared { get; set; }
}

/// <summary>Where the analysis begins: bodies, and names whose mention makes a body one of them.</summary>
sealed record Seeds(ImmutableArray<string> Bodies, ImmutableArray<string> Names);

/// <summary>What declarations say to the engine, and what is wrong with them.</summary>
sealed record Declared(EngineOptions Options, ImmutableDictionary<string, SourceSpan> Vouched, ImmutableArray<Report> Misuse);
