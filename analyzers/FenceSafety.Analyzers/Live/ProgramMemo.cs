using System.Collections.Immutable;
using FenceSafety.Analyzers.Program;
using FenceSafety.Core;
using FenceSafety.Core.Facts;

namespace FenceSafety.Analyzers.Live;

/// <summary>
/// What one complete analysis of a program leaves for the next: plain data, published whole, never changed. It is reached from the
/// trees of the program and lives as long as one of them.
/// </summary>
sealed class ProgramMemo(ProgramStamp stamp, ImmutableArray<TreeFacts> trees, ImmutableDictionary<string, BodyMemo> bodies, Answers answers, ImmutableArray<Report> reports)
{
    public ProgramStamp Stamp => stamp;

    /// <summary>In the order of <see cref="ProgramTrees"/>.</summary>
    public ImmutableArray<TreeFacts> Trees => trees;

    /// <summary>Members that were read, by id.</summary>
    public ImmutableDictionary<string, BodyMemo> Bodies => bodies;

    public Answers Answers => answers;

    public ImmutableArray<Report> Reports => reports;

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
sealed record BodyMemo(ImmutableArray<MethodFacts> Facts, BodyEffects Effects, ImmutableArray<(int Tree, int Segment)> Sources)
{
    /// <summary>The files that it has places in: one, as a rule.</summary>
    public ImmutableArray<string> Paths { get; } = Facts.SelectMany(static f => f.Blocks).SelectMany(static b => b.Ops).Select(static o => o.Span)
        .Concat(Facts.Select(static f => f.Name)).Concat(Facts.Select(static f => f.Member)).Concat(Effects.Places)
        .Where(static s => !s.IsNone).Select(static s => s.Path).Distinct().ToImmutableArray();
}

/// <summary>What is said about declarations, and needs no symbol to be said again while they stay the same.</summary>
sealed class Answers
{
    public Dictionary<string, MemberContract> Contracts { get; private init; } = new(StringComparer.Ordinal);
    public Dictionary<(string, string, string?, string), Dispatch> Dispatch { get; private init; } = new();
    public Dictionary<(string?, string), Dispatch> Constrained { get; private init; } = new();
    public Dictionary<string, ImmutableArray<string>> TypeArguments { get; private init; } = new(StringComparer.Ordinal);
    public Dictionary<string, IReadOnlyList<string>?> FieldWriters { get; private init; } = new(StringComparer.Ordinal);

    /// <summary>The bodies that a member of a file's index is part of.</summary>
    public Dictionary<(int Tree, int Member), IReadOnlyList<string>> MemberBodies { get; private init; } = new();

    /// <summary>Names by which bodies were asked for.</summary>
    public HashSet<string> BodyNames { get; private init; } = new(StringComparer.Ordinal);

    /// <summary>Names by which declarations were asked for: who mentions them anew changes what is declared.</summary>
    public HashSet<string> DeclarationNames { get; private init; } = new(StringComparer.Ordinal);

    public Seeds? Seeds { get; set; }

    public Declared? Declared { get; set; }

    /// <summary>The same with what has a place at another place.</summary>
    public Answers With(Dictionary<string, MemberContract> contracts, Declared declared) => new()
    {
        Contracts = contracts,
        Dispatch = Dispatch,
        Constrained = Constrained,
        TypeArguments = TypeArguments,
        FieldWriters = FieldWriters,
        MemberBodies = MemberBodies,
        BodyNames = BodyNames,
        DeclarationNames = DeclarationNames,
        Seeds = Seeds,
        Declared = declared,
    };
}

/// <summary>Where the analysis begins: bodies, and names whose mention makes a body one of them.</summary>
sealed record Seeds(ImmutableArray<string> Bodies, ImmutableArray<string> Names);

/// <summary>What declarations say to the engine, and what is wrong with them.</summary>
sealed record Declared(EngineOptions Options, ImmutableDictionary<string, SourceSpan> Vouched, ImmutableArray<Report> Misuse);
