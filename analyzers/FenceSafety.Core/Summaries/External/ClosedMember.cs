using System.Collections.Immutable;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Flow;

namespace FenceSafety.Core.Summaries.External;

/// <summary>
/// A member of which only effects count: of the framework. What it does inside with locks and waits is its own business (rules.md), and
/// it has no chain.
/// </summary>
/// <param name="Managed">The kind of managed allocation, or null.</param>
/// <param name="Waits">An unbounded wait: exactly that.</param>
/// <param name="CallsBack">It calls code that cannot be seen, such as a comparer.</param>
/// <param name="Invokes">The delegate parameters that it calls; -1: callbacks of the receiver.</param>
public sealed record ClosedMember(string? Managed, bool Waits, bool CallsBack, ImmutableArray<int> Invokes)
{
    static readonly Chain NoChain = new(SourceSpan.None, "", null);

    /// <summary>As a member of a summary file.</summary>
    public ExternalMember ToMember(string id)
    {
        var sinks = new List<Sink>();
        if (Managed is not null)
            sinks.Add(new Sink.Effect(EffectKind.ManagedAllocation, Managed));
        if (Waits)
            sinks.Add(new Sink.Effect(EffectKind.BlockingWait, "blocking"));
        if (CallsBack)
            sinks.Add(new Sink.Effect(EffectKind.Unknown, "callback"));
        sinks.AddRange(Invokes.Select(static i => new Sink.Invoke(Ref.Parameter(i))));
        var reaches = sinks.Select(static s => new Reach(s, ImmutableArray<string>.Empty, ImmutableArray<Ref>.Empty, false, NoChain));
        return new ExternalMember(id, "", "", Signature.Empty, new Summary(reaches.ToImmutableArray(), ImmutableArray<Pending>.Empty));
    }

    /// <summary>The effects of any member, as far as they count for one of the framework.</summary>
    public static ClosedMember Of(ExternalMember member)
    {
        // Growth is named only if nothing else allocates: it can be switched off.
        var kinds = member.Summary.Reaches.Select(static r => r.Sink).OfType<Sink.Effect>().Where(static e => e.Kind == EffectKind.ManagedAllocation)
            .Select(static e => e.Detail).ToList();
        return new ClosedMember(
            kinds.FirstOrDefault(static k => k != "growth") ?? kinds.FirstOrDefault(),
            member.Summary.Reaches.Any(static r => r.Sink is Sink.Effect { Kind: EffectKind.BlockingWait }),
            member.Summary.Reaches.Any(static r => r.Sink is Sink.Effect { Kind: EffectKind.Unknown } or Sink.Call or Sink.Constrained),
            member.Summary.Reaches.Select(static r => r.Sink).OfType<Sink.Invoke>().Where(static i => !i.Enumerates && i.Delegate.Kind == RefKind.Parameter)
                .Select(static i => i.Delegate.Index).Distinct().OrderBy(static i => i).ToImmutableArray());
    }

    /// <summary>A member that says nothing more can be written in a few words.</summary>
    internal static ClosedMember? TryOf(ExternalMember member)
    {
        if (member.Display.Length > 0 || member.CallName.Length > 0 || !member.HasBody || member.IsIterator)
            return null;
        var closed = Of(member);
        var record = new RecordWriter();
        record.Full(member);
        var again = new RecordWriter();
        again.Full(closed.ToMember(member.Id));
        return record.ToString() == again.ToString() ? closed : null;
    }
}
