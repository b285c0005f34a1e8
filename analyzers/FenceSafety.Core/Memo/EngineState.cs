using FenceSafety.Core.Facts;
using FenceSafety.Core.Flow;
using FenceSafety.Core.Graph;
using FenceSafety.Core.Summaries;

namespace FenceSafety.Core.Memo;

/// <summary>Where a run of the engine ended: plain data, of which the next run changes what an edit touches.</summary>
sealed record EngineState(BodyState Bodies, SummaryState Summaries, LockNamer Names, LockFindings Found)
{
    /// <summary>Bodies that are read whatever others call.</summary>
    public required HashSet<string> Roots { get; init; }
}

/// <summary>What is known of flows (see <see cref="BodyStore"/>).</summary>
sealed record BodyState
{
    public Table<string, SolvedBody> Solved { get; init; } = new(StringComparer.Ordinal);
    public Table<string, Signature> Signatures { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Who asked what a body does to locks, and who what it gives back.</summary>
    public Dependents Callers { get; init; } = new();
    public Dependents Readers { get; init; } = new();

    /// <summary>Bodies that were asked for together with many others, by whoever calls one of them.</summary>
    public Table<string, bool> InFamilies { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Ids without a body.</summary>
    public Table<string, bool> Without { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Constructors, and who hands a parameter on to one, of which the callers name locks.</summary>
    public Table<string, bool> Injecting { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Names of which everybody who mentions them is read.</summary>
    public Table<string, bool> Names { get; init; } = new(StringComparer.Ordinal);

    public BodyState Fork() => new()
    {
        Solved = Solved.Fork(),
        Signatures = Signatures.Fork(),
        Callers = Callers.Fork(),
        Readers = Readers.Fork(),
        InFamilies = InFamilies.Fork(),
        Without = Without.Fork(),
        Injecting = Injecting.Fork(),
        Names = Names.Fork(),
    };
}

/// <summary>What is known of reaches (see <see cref="Summarizer"/>).</summary>
sealed record SummaryState
{
    public Table<string, (Summary Summary, bool IsFull)> Summaries { get; init; } = new(StringComparer.Ordinal);

    /// <summary>What each body's last summary was made of.</summary>
    public Table<string, SummaryEntry> Entries { get; init; } = new(StringComparer.Ordinal);

    public Dependents Callers { get; init; } = new();

    /// <summary>Of these dependencies, those that are no calls.</summary>
    public Table<(string Writer, string Reader), bool> OnlyRead { get; init; } = new();
    public Table<string, bool> Full { get; init; } = new(StringComparer.Ordinal);

    /// <summary>How many bodies call it.</summary>
    public Table<string, int> Called { get; init; } = new(StringComparer.Ordinal);
    public Table<(string Method, int Parameter), RefSet> Bindings { get; init; } = new();

    /// <summary>Bodies that call themselves, directly or not.</summary>
    public HashSet<string> Rings { get; set; } = new(StringComparer.Ordinal);

    public SummaryState Fork() => new()
    {
        Summaries = Summaries.Fork(),
        Entries = Entries.Fork(),
        Callers = Callers.Fork(),
        OnlyRead = OnlyRead.Fork(),
        Full = Full.Fork(),
        Called = Called.Fork(),
        Bindings = Bindings.Fork(),
        Rings = Rings,
    };
}
