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
            // Whoever answers for himself will want to know of all types (CloseConstrained).
            if (e.UnderLock || e.InRegion || program.Contract(body.Facts.Id) is { Critical: true } or { RunsInReclaim: true } or { RunsAtomic: true })
            {
                foreach (string target in AnyType(method, receiver).Targets)
                    summaries.Demand(target, body.Facts.Id);
            }
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

    /// <summary>The member of every type that can be seen; none, if there are too many.</summary>
    Dispatch AnyType(string? method, string receiver)
    {
        if (method is null or TypeParameterMembers.Box)
            return Dispatch.Unknown;
        var dispatch = bodies.WithExternal(program.Resolve(method, receiver, null, receiver), method);
        return options.IsTooMany(dispatch.Targets) ? Dispatch.Unknown : dispatch;
    }

    /// <summary>For code that answers for itself the parameter may be any type that can be seen.</summary>
    IEnumerable<Reach> CloseConstrained(SolvedBody body, Sink.Constrained c, Chain chain)
    {
        if (c.Method is null or TypeParameterMembers.Box)
            return new[] { Effect(EffectKind.ManagedAllocation, c.Method is null ? "object" : "boxing", chain) };
        var dispatch = AnyType(c.Method, c.ReceiverType);
        if (dispatch.Targets.IsEmpty)
            return new[] { Effect(EffectKind.Unknown, "virtual", chain) };
        var at = new BodyEvent
        {
            Site = -1,
            Op = NoCall with { Span = chain.Span },
            Held = ImmutableArray<HeldLock>.Empty,
            Released = ImmutableArray<Ref>.Empty,
        };
        var substitution = new Substitution(RefSet.Empty, ImmutableArray<RefSet>.Empty, Substitution.Opaque);
        var result = new List<Reach>();
        foreach (string target in dispatch.Targets)
        {
            string display = program.Contract(target).Display;
            foreach (var r in Callee(body, at, NoCall, target, substitution))
            {
                var reach = r with { Chain = chain.Append(display, r.Chain.Next) };
                result.Add(reach.Sink.IsSymbolic ? Effect(EffectKind.Unknown, "virtual", reach.Chain) : reach);
            }
        }
        return result;
    }
}
