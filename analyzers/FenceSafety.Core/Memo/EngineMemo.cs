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
    internal Dictionary<string, List<FlowEntry>> Flows { get; } = new(StringComparer.Ordinal);

    internal Dictionary<string, List<SummaryEntry>> Summaries { get; } = new(StringComparer.Ordinal);

    /// <summary>Of members of other assemblies.</summary>
    internal Dictionary<string, List<Summary>> External { get; } = new(StringComparer.Ordinal);

    /// <summary>Answers change while the engine gets to its result: so many steps of one body are kept.</summary>
    internal const int MaxEntries = 6;

    /// <summary>Adds an entry; the oldest one goes if there are too many.</summary>
    internal static void Keep<T>(Dictionary<string, List<T>> entries, string id, T entry)
    {
        if (!entries.TryGetValue(id, out var list))
            entries.Add(id, list = new List<T>());
        if (list.Count == MaxEntries)
            list.RemoveAt(0);
        list.Add(entry);
    }

    /// <summary>The newest first.</summary>
    internal static IEnumerable<T> Find<T>(Dictionary<string, List<T>>? entries, string id) =>
        entries is not null && entries.TryGetValue(id, out var list) ? Enumerable.Reverse(list) : Array.Empty<T>();
}
