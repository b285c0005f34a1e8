using System.Collections.Immutable;
using FenceSafety.Core.Summaries;

namespace FenceSafety.Core.Memo;

/// <summary>
/// What one run of the engine leaves for the next over the same program with other bodies: what was asked of the rest of the program
/// for each body, the answers, and what came of them. Plain data, never changed once the run is over.
/// </summary>
/// <remarks>
/// The next run takes the same steps in the same order, so that its answer is that of a run from nothing; a step of which every answer
/// is the same as before is not taken again. Declarations must be the same: answers about them are not compared.
/// </remarks>
public sealed class EngineMemo
{
    internal Table<string, ImmutableArray<FlowEntry>> Flows { get; init; } = new(StringComparer.Ordinal);

    internal Table<string, ImmutableArray<SummaryEntry>> Summaries { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Of members of other assemblies.</summary>
    internal Table<string, ImmutableArray<Summary>> External { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Answers change while the engine gets to its result: so many steps of one body are kept.</summary>
    internal const int MaxEntries = 6;

    /// <summary>Adds an entry; the oldest one goes if there are too many.</summary>
    internal static void Keep<T>(Table<string, ImmutableArray<T>> entries, string id, T entry)
    {
        entries.TryGetValue(id, out var list);
        if (list.IsDefault)
            list = ImmutableArray<T>.Empty;
        entries[id] = (list.Length == MaxEntries ? list.RemoveAt(0) : list).Add(entry);
    }

    /// <summary>The newest first.</summary>
    internal static IEnumerable<T> Find<T>(Table<string, ImmutableArray<T>>? entries, string id)
    {
        if (entries is null || !entries.TryGetValue(id, out var list))
            yield break;
        for (int i = list.Length - 1; i >= 0; i--)
            yield return list[i];
    }

    /// <summary>Where everything stood when the run was over; null if the next run cannot begin there.</summary>
    internal EngineState? State { get; set; }

    /// <summary>For a run that goes on from this one.</summary>
    internal EngineMemo Fork() => new() { Flows = Flows.Fork(), Summaries = Summaries.Fork(), External = External.Fork() };
}
