using System.Collections.Immutable;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Flow;
using FenceSafety.Core.Memo;

namespace FenceSafety.Core.Summaries;

/// <summary>A body is summarized again only if something that it asks has another answer.</summary>
public sealed partial class Summarizer
{
    readonly SummaryMemo _memo;

    /// <summary>Bodies of which the calls are known, in a run for a summary: their events stay as they are.</summary>
    readonly HashSet<string> _bound = new(StringComparer.Ordinal);

    List<SummaryQuestion>? _asked;
    HashSet<(SummaryQuestionKind, string)>? _seen;

    Summary Known(SolvedBody body)
    {
        // Who makes a summary file joins calls as they come in, so that what a body reaches depends on more than what it asks.
        if (_options.KeepCalls)
        {
            if (_bound.Add(body.Facts.Id))
                Bind(CallsOf(body));
            return Summarize(body);
        }
        string id = body.Facts.Id;
        bool isFull = IsFull(id);
        var entry = _memo.Find(body, isFull, _namer.Key, q => Ask(q, id)) ?? Find(body, isFull);
        if (!_known.Entries.TryGetValue(id, out var old))
            Bind(entry.Calls);
        else if (!ReferenceEquals(old.Body, body))
            Rebind(old.Calls, entry.Calls);
        _known.Entries[id] = entry;
        return entry.Summary;
    }

    SummaryEntry Find(SolvedBody body, bool isFull)
    {
        (_asked, _seen) = (new List<SummaryQuestion>(), new HashSet<(SummaryQuestionKind, string)>());
        try
        {
            var summary = Summarize(body);
            var questions = _asked.ToImmutableArray();
            return _memo.Keep(new SummaryEntry(body, isFull, _namer.Key, questions, CallsOf(body), summary));
        }
        finally
        {
            (_asked, _seen) = (null, null);
        }
    }

    /// <summary>Writes down a question, the first time that it is asked.</summary>
    T Note<T>(SummaryQuestionKind kind, string name, T answer)
    {
        if (_asked is not null && _seen!.Add((kind, name)))
            _asked.Add(new SummaryQuestion(kind, name, answer));
        return answer;
    }

    object? Ask(SummaryQuestion q, string caller) => q.Kind switch
    {
        SummaryQuestionKind.Demand => Demand(q.Name, caller),
        SummaryQuestionKind.DemandWriter => DemandedWriter(q.Name, caller),
        SummaryQuestionKind.Peek => Peek(q.Name, caller),
        SummaryQuestionKind.Callee => Callee(q.Name),
        SummaryQuestionKind.Body => Body(q.Name),
        SummaryQuestionKind.Writers => Writers(q.Name),
        _ => DelegateContract(q.Name),
    };

    object? DemandedWriter(string writer, string reader)
    {
        DemandWriter(writer, reader);
        return null;
    }

    /// <summary>Null: there is no body. Else whether it is an iterator.</summary>
    internal bool? Callee(string method) =>
        Note(SummaryQuestionKind.Callee, method, (_bodies.Find(method) ?? _bodies.External(method)?.Body)?.Facts.IsIterator);

    /// <summary>A body of which more is wanted than its summary.</summary>
    internal SolvedBody? Body(string method) => Note(SummaryQuestionKind.Body, method, _bodies.Find(method));

    internal IReadOnlyList<string>? Writers(string field) => Note(SummaryQuestionKind.Writers, field, _program.FieldWriters(field));

    internal MemberContract DelegateContract(string type) => Note(SummaryQuestionKind.DelegateContract, type, _program.DelegateContract(type));
}
