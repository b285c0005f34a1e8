using FenceSafety.Core.Facts;
using FenceSafety.Core.Flow;
using FenceSafety.Core.Graph;
using FenceSafety.Core.Memo;

namespace FenceSafety.Core;

/// <summary>Goes on from where an earlier run ended: only bodies that changed are solved, and those that nobody had asked for.</summary>
public sealed partial class BodyStore
{
    readonly BodyState? _before;

    /// <summary>The bodies that were solved since then; null: there is no such run.</summary>
    readonly HashSet<string>? _touched;

    internal BodyStore(IProgram program, BodyState before, EngineMemo now, CancellationToken cancel)
    {
        _program = program;
        _cancel = cancel;
        _before = before;
        _known = before.Fork();
        _touched = new HashSet<string>(StringComparer.Ordinal);
        _flows = new FlowMemo(null, now, this);
    }

    internal BodyState State => _known;

    internal IReadOnlyCollection<string> Touched => _touched!;

    /// <summary>Solves bodies of which the facts are others than they were. False if that cannot be done alone: see <see cref="IsSettled"/>.</summary>
    internal bool Change(IEnumerable<string> changed)
    {
        foreach (string id in changed)
        {
            bool was = _known.Solved.ContainsKey(id);
            if (!was && !_known.Without.ContainsKey(id))
                continue;
            if (!was || _program.Facts(id) is not { } facts)
                return false;
            // What is known of a body must not hold itself up.
            if (_known.Signatures.ContainsKey(id))
                _known.Signatures[id] = Signature.Empty;
            _touched!.Add(id);
            _work.Add(id);
            foreach (string nested in facts.Nested)
                Add(nested);
        }
        Solve();
        return true;
    }

    /// <summary>Nobody whose flow was not solved again has to be asked, and nothing was read for a reason that is gone.</summary>
    internal bool IsSettled(LockNamer names) => !HasStrays && _touched!.All(id => IsSettled(id, names));

    bool IsSettled(string id, LockNamer names)
    {
        var body = Find(id)!;
        _before!.Solved.TryGetValue(id, out var old);
        var was = _before.Signatures.TryGetValue(id, out var s) ? s : Signature.Empty;
        var now = body.Signature;
        if (!now.SameLocks(was) && (_known.InFamilies.ContainsKey(id) || _known.Callers.Of(id).Any(IsOther)) || (was.ChangesLocks && !now.ChangesLocks))
            return false;
        // What it gives back of another call depends on more than its signature.
        var readers = _known.Readers.Of(id);
        if ((!now.SameValues(was) && readers.Any(IsOther)) || (readers.Count > 0 && (HasCalls(was) || HasCalls(now))))
            return false;
        if (body.Facts.IsIterator != (old?.Facts.IsIterator ?? false) || names.Concern(body) || _before.Injecting.ContainsKey(id))
            return false;
        if (old is null)
            return true;
        return !names.Concern(old) && Injected(old).SetEquals(Injected(body)) && Asked(old).IsSubsetOf(Asked(body)) && old.Facts.Nested.All(body.Facts.Nested.Contains);
    }

    bool IsOther(string id) => !_touched!.Contains(id);

    static bool HasCalls(Signature s) =>
        s.Returns.Refs.Concat(s.OutValues.SelectMany(static o => o.Value.Refs)).Any(static r => r.Kind == RefKind.CallResult);

    /// <summary>The types whose constructors' callers are read for this body.</summary>
    static HashSet<string> Injected(SolvedBody body) => new(
        body.Events.Where(static e => e.Op is AcquireOp).SelectMany(static e => e.Receiver.Refs).Where(static r => r.Kind == RefKind.Field).Select(static r => r.Info!.InjectedBy).OfType<string>(),
        StringComparer.Ordinal);

    /// <summary>What it holds depends on bodies that are not read in any case.</summary>
    internal bool HoldsForOthers(SolvedBody body, HashSet<string> roots) => _flows.QuestionsOf(body).OfType<FlowQuestion.Signatures>()
        .Where(static q => q.Answer.Any(static s => s.ChangesLocks))
        .Any(q => Targets(q.Call.Target, q.Receiver).Any(t => !roots.Contains(t) && SignatureOf(t) is { ChangesLocks: true }));

    /// <summary>The bodies that are read for what they give back to this one.</summary>
    HashSet<string> Asked(SolvedBody body) => new(_flows.QuestionsOf(body).OfType<FlowQuestion.Returns>().Select(static q => q.Method), StringComparer.Ordinal);
}
