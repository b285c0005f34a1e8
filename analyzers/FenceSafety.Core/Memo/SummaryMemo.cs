using System.Collections.Immutable;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Flow;
using FenceSafety.Core.Summaries;

namespace FenceSafety.Core.Memo;

enum SummaryQuestionKind
{
    /// <summary>The summary of a callee, all of it.</summary>
    Demand,

    /// <summary>That a body is read for what it stores: there is no answer, see <see cref="Body"/>.</summary>
    DemandWriter,

    /// <summary>What a callee takes of its callers' locks.</summary>
    Peek,

    /// <summary>Is there a body, and is it an iterator?</summary>
    Callee,

    /// <summary>A body that stores in a field.</summary>
    Body,
    Writers,
    DelegateContract,
}

/// <summary>A question that summarizing a body asked, and the answer.</summary>
readonly record struct SummaryQuestion(SummaryQuestionKind Kind, string Name, object? Answer);

/// <summary>What a body says of those whom it calls, besides its summary.</summary>
sealed record Calls(ImmutableArray<string> Called, ImmutableArray<(string Method, int Parameter, RefSet Value)> Bindings);

/// <summary>A body as it was summarized with these answers.</summary>
sealed record SummaryEntry(
    SolvedBody Body, bool IsFull, string Names, ImmutableArray<SummaryQuestion> Questions, Calls Calls, Summary Summary);

/// <summary>Finds that a body was summarized before with the same answers.</summary>
sealed class SummaryMemo(EngineMemo? before, EngineMemo now)
{
    /// <summary>How often a body was summarized.</summary>
    public int Summarized { get; private set; }

    /// <summary>Of which bodies.</summary>
    public HashSet<string> Bodies { get; } = new(StringComparer.Ordinal);

    /// <param name="ask">Asks a question again. To ask has effects, which are wanted.</param>
    public SummaryEntry? Find(SolvedBody body, bool isFull, string names, Func<SummaryQuestion, object?> ask)
    {
        string id = body.Facts.Id;
        foreach (var entry in EngineMemo.Find(now.Summaries, id))
        {
            if (Holds(entry, body, isFull, names, ask))
                return entry;
        }
        foreach (var entry in EngineMemo.Find(before?.Summaries, id))
        {
            if (!Holds(entry, body, isFull, names, ask))
                continue;
            EngineMemo.Keep(now.Summaries, id, entry);
            return entry;
        }
        return null;
    }

    static bool Holds(SummaryEntry entry, SolvedBody body, bool isFull, string names, Func<SummaryQuestion, object?> ask)
    {
        if (!ReferenceEquals(entry.Body, body) || entry.IsFull != isFull || entry.Names != names)
            return false;
        foreach (var q in entry.Questions)
        {
            if (!IsSame(q, ask(q)))
                return false;
        }
        return true;
    }

    static bool IsSame(SummaryQuestion q, object? answer) => q.Kind switch
    {
        SummaryQuestionKind.Callee or SummaryQuestionKind.DelegateContract => Equals(q.Answer, answer),
        SummaryQuestionKind.Writers => q.Answer is IReadOnlyList<string> old ? answer is IReadOnlyList<string> list && old.SequenceEqual(list) : answer is null,
        _ => ReferenceEquals(q.Answer, answer),
    };

    /// <summary>Keeps what was found out. A summary that says just what one of before said is that one, so that callers see no change.</summary>
    public SummaryEntry Keep(SummaryEntry entry)
    {
        Summarized++;
        string id = entry.Body.Facts.Id;
        Bodies.Add(id);
        // What a nested body is called is said by the text around it: its callers have to look again.
        bool isMember = entry.Body.Facts.Parent is null;
        foreach (var old in EngineMemo.Find(now.Summaries, id).Concat(EngineMemo.Find(before?.Summaries, id)).Where(_ => isMember))
        {
            if (old.Summary.IsExactly(entry.Summary))
            {
                entry = entry with { Summary = old.Summary };
                break;
            }
        }
        EngineMemo.Keep(now.Summaries, id, entry);
        return entry;
    }

    /// <summary>The same for a member of another assembly.</summary>
    public Summary Keep(string external, Summary summary)
    {
        var same = EngineMemo.Find(now.External, external).Concat(EngineMemo.Find(before?.External, external)).FirstOrDefault(summary.IsExactly) ?? summary;
        EngineMemo.Keep(now.External, external, same);
        return same;
    }
}
