using System.Collections.Immutable;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Flow;

namespace FenceSafety.Core.Summaries;

/// <summary>Members of type parameters, once it is known what the parameter stands for.</summary>
public sealed partial class ReachReader
{
    static string Argument(BodyEvent e, string parameter)
    {
        var arguments = e.Op is CallOp call
            ? call.Target switch
            {
                CallTarget.Exact exact => exact.TypeArguments,
                CallTarget.Virtual v => v.TypeArguments,
                _ => ImmutableArray<string>.Empty,
            }
            : ImmutableArray<string>.Empty;
        string prefix = parameter + "=";
        foreach (string a in arguments)
        {
            if (a.StartsWith(prefix, StringComparison.Ordinal))
                return a.Substring(prefix.Length);
        }
        return parameter;
    }

    /// <summary>A member of a type parameter, once it is known what the parameter stands for.</summary>
    IEnumerable<Reach> Constrained(
        SolvedBody body, BodyEvent e, string type, CallTarget.Constrained? own, (Sink.Constrained Sink, Chain Chain)? behind)
    {
        string? method = own is not null ? own.Method : behind!.Value.Sink.Method;
        string receiver = own is not null ? own.ReceiverType : behind!.Value.Sink.ReceiverType;
        string name = method is null ? "new " + type : program.Contract(method).Display;
        var chain = behind?.Chain ?? new Chain(e.Span, name, null);
        if (method is not null && program.Contract(method) is { HasContract: true } or { Closed: true })
        {
            foreach (var r in Declared(body, e, NoCall, program.Contract(method), method))
                yield return r with { Chain = chain };
            yield break;
        }
        if (type.StartsWith("!", StringComparison.Ordinal))
        {
            yield return new Reach(new Sink.Constrained(type, method, receiver), NoCover, NoExcept, false, chain);
            yield break;
        }
        var dispatch = program.ResolveConstrained(method, type);
        var at = new BodyEvent
        {
            Site = e.Site,
            Op = new CallOp(e.Span, new CallTarget.Exact(method ?? "", program.TypeArguments(type)), null, ImmutableArray<Value>.Empty, -1),
            Held = e.Held,
            Released = e.Released,
        };
        var substitution = new Substitution(RefSet.Empty, ImmutableArray<RefSet>.Empty, Substitution.Opaque);
        if (dispatch.Open && dispatch.Targets.IsEmpty)
        {
            // Who reads the summary may know the type.
            yield return options.KeepCalls
                ? new Reach(new Sink.Constrained(type, method, receiver), NoCover, NoExcept, false, chain)
                : Effect(EffectKind.Unknown, "virtual", chain);
        }
        foreach (string target in dispatch.Targets)
        {
            string display = program.Contract(target).Display;
            bool boxes = target.StartsWith("box ", StringComparison.Ordinal);
            if (boxes || target.StartsWith("new ", StringComparison.Ordinal))
            {
                yield return Effect(EffectKind.ManagedAllocation, boxes ? "boxing" : "object", chain.Append(boxes ? target.Substring(4) : target, null));
                continue;
            }
            foreach (var r in Callee(body, at, NoCall, target, substitution))
                yield return r with { Chain = chain.Append(display, r.Chain.Next) };
        }
    }

    Reach CloseConstrained(Sink.Constrained c, Chain chain) =>
        c.Method switch
        {
            null => Effect(EffectKind.ManagedAllocation, "object", chain),
            "#box" => Effect(EffectKind.ManagedAllocation, "boxing", chain),
            _ => Effect(EffectKind.Unknown, "virtual", chain),
        };
}
