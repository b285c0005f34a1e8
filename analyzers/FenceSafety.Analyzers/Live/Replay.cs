using System.Collections.Immutable;
using FenceSafety.Analyzers.Program;
using FenceSafety.Core.Facts;

namespace FenceSafety.Analyzers.Live;

/// <summary>
/// Most edits say nothing new: the bodies that changed are not among those that the analysis reads, or do the same as before at other
/// places. Then the reports are those of before, moved.
/// </summary>
sealed class Replay(ProgramEdit edit, RoslynProgram program)
{
    readonly FactsComparer _comparer = new();

    /// <summary>Null if the engine has to be asked.</summary>
    public ImmutableArray<Report>? Reports()
    {
        foreach (string id in edit.Changed)
        {
            if (!IsSame(edit.Memo.Bodies[id], program.Body(id)))
                return null;
        }
        if (!_comparer.KeepsOrder)
            return null;
        var moved = ImmutableArray.CreateBuilder<Report>();
        foreach (var report in edit.Memo.Reports)
        {
            var hops = report.Hops.Select(Find).ToList();
            if (Find(report.Span) is not { } span || hops.Any(static h => h is null))
                return null;
            moved.Add(report with { Span = span, Hops = hops.Select(static h => h!.Value).ToImmutableArray() });
        }
        return moved.ToImmutable();
    }

    /// <summary>The bodies of which the engine knows other facts, if that is all that is new; else null.</summary>
    public IReadOnlyCollection<string>? Changed()
    {
        if (edit.Memo.Moved is not { } moved)
            return null;
        var result = new HashSet<string>(moved, StringComparer.Ordinal);
        foreach (string id in edit.Changed)
        {
            var (old, now) = (edit.Memo.Bodies[id], program.Body(id));
            if (!Agree(old.Effects, now.Effects) || !old.Effects.LockCopies.SetEquals(now.Effects.LockCopies))
                return null;
            result.UnionWith(old.Facts.Concat(now.Facts).Select(static f => f.Id));
        }
        return result;
    }

    bool IsSame(BodyMemo old, BodyMemo now) =>
        _comparer.IsSame(old.Facts, now.Facts)
        && Agree(old.Effects, now.Effects)
        && _comparer.IsSame(old.Effects.LockCopies.OrderBy(static c => c.Span).Select(static c => (c.Span, c.Type)), now.Effects.LockCopies.OrderBy(static c => c.Span).Select(static c => (c.Span, c.Type)));

    bool Agree(BodyEffects old, BodyEffects now) =>
        Agree(old.NestedContracts, now.NestedContracts)
        && Agree(old.DelegateContracts, now.DelegateContracts)
        && _comparer.IsSame(old.HiddenFields.OrderBy(static p => p.Key, StringComparer.Ordinal).Select(static p => (p.Key, p.Value)),
            now.HiddenFields.OrderBy(static p => p.Key, StringComparer.Ordinal).Select(static p => (p.Key, p.Value)));

    bool Agree(Dictionary<string, MemberContract> old, Dictionary<string, MemberContract> now) =>
        old.Count == now.Count && old.All(p => now.TryGetValue(p.Key, out var other) && _comparer.IsSame(p.Value, other));

    SourceSpan? Find(SourceSpan span) => _comparer.Places.TryGetValue(span, out var now) ? now : edit.IsUnchanged(span) ? span : null;
}
