using System.Collections.Immutable;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Flow;
using FenceSafety.Core.Summaries.External;

namespace FenceSafety.Core.Summaries;

/// <summary>Calls that stay calls in summaries, and what they are to who reads one.</summary>
public sealed partial class ReachReader
{
    /// <summary>A call of what cannot be seen, for who reads the summary.</summary>
    static Reach Kept(string method, CallTarget? target, Substitution at, bool enumerates, bool known, Chain chain)
    {
        var v = target as CallTarget.Virtual;
        bool isVirtual = v is not null && v.Method == method;
        var types = target switch
        {
            CallTarget.Exact exact => exact.TypeArguments,
            CallTarget.Virtual => v!.TypeArguments,
            _ => ImmutableArray<string>.Empty,
        };
        var sink = new Sink.Call(method, Outward(at.Receiver), at.Arguments.Select(Outward).ToImmutableArray(), types)
        {
            ReceiverType = isVirtual ? v!.ReceiverType : null,
            DeclaredIn = isVirtual ? v!.DeclaredIn : "",
            Enumerates = enumerates,
            Known = known,
        };
        return new Reach(sink, NoCover, NoExcept, false, chain);
    }

    /// <summary>A value without what only its own body understands.</summary>
    static RefSet Outward(RefSet set) => RefSet.Of(set.Refs.Select(Outward).OfType<Ref>());

    static Ref? Outward(Ref r) => r.Kind switch
    {
        RefKind.Fresh => Ref.Opaque(r.Name.Length == 0 ? null : r.Name, r.Display),
        RefKind.Guard or RefKind.Found or RefKind.Snapshot => null,
        RefKind.CallResult => r.Base ?? Ref.Unknown,
        RefKind.Field when r.Base is not null => Ref.Field(Outward(r.Base), r.Name, r.Info!),
        RefKind.Element => Ref.Element(Outward(r.Base!) ?? Ref.Unknown),
        RefKind.Delegate when r.Base is not null => Ref.Delegate(r.Name, r.Display, Outward(r.Base)),
        RefKind.Query => Outward(r.Base!) is { } runs ? Ref.Query(runs, r.Enumerates, "", 0) : null,
        _ => r,
    };

    /// <summary>A kept call in the terms of the caller.</summary>
    static Sink.Call Translate(BodyEvent e, Substitution s, Sink.Call call) => call with
    {
        Receiver = Outward(s.Apply(call.Receiver)),
        Arguments = call.Arguments.Select(a => Outward(s.Apply(a))).ToImmutableArray(),
        TypeArguments = call.TypeArguments.Select(t => TypeArgument(e, t)).ToImmutableArray(),
    };

    static string TypeArgument(BodyEvent e, string binding)
    {
        int equal = binding.IndexOf('=');
        return equal < 0 ? binding : binding.Substring(0, equal + 1) + Argument(e, binding.Substring(equal + 1));
    }

    /// <summary>What a member of another assembly reaches, with the calls of its record followed into what is known here.</summary>
    public Summary Resolve(ExternalStub stub)
    {
        var reaches = new ReachSet();
        foreach (var r in stub.Member.Summary.Reaches.SelectMany(r => Resolve(stub.Body, r)))
            reaches.Add(r);
        var pendings = ImmutableArray.CreateBuilder<Pending>();
        foreach (var p in stub.Member.Summary.Pendings)
        {
            foreach (var r in Resolve(stub.Body, p.Reach))
                pendings.Add(p with { Reach = r });
        }
        return new Summary(reaches.ToImmutable(), pendings.ToImmutable());
    }

    /// <summary>The same for one reach.</summary>
    public IEnumerable<Reach> Resolve(SolvedBody stub, Reach reach)
    {
        if (reach.Sink is Sink.Effect { Kind: EffectKind.ManagedAllocation, Detail: "growth" } && options.IgnoreGrowth)
            yield break;
        if (reach.Sink is not Sink.Call call)
        {
            yield return reach;
            yield break;
        }
        var op = new CallOp(SourceSpan.None, call.Target, null, ImmutableArray<Value>.Empty, -1) { Enumerates = call.Enumerates };
        var e = new BodyEvent
        {
            Site = -1,
            Op = op,
            Held = ImmutableArray<HeldLock>.Empty,
            Released = ImmutableArray<Ref>.Empty,
            Receiver = call.Receiver,
            Arguments = call.Arguments,
        };
        foreach (var r in Call(stub, e, op))
        {
            bool itself = r is { Sink: Sink.Effect { Kind: EffectKind.Unknown, Detail: "call" or "virtual" }, Chain.Next: null };
            if (itself && call.Known && !(call.ReceiverType is not null && options.UnknownCalls == UnknownCalls.Report))
                continue;
            yield return r with
            {
                Cover = reach.Cover.IsEmpty ? r.Cover : r.Cover.Union(reach.Cover).OrderBy(static c => c, StringComparer.Ordinal).ToImmutableArray(),
                Except = reach.Except.IsEmpty ? r.Except : r.Except.Union(reach.Except).OrderBy(static x => x).ToImmutableArray(),
                EdgeOnly = reach.EdgeOnly || r.EdgeOnly,
                Chain = reach.Chain.Append(r.Chain.Name, r.Chain.Next),
            };
        }
    }
}
