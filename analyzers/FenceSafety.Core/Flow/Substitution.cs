using System.Collections.Immutable;

namespace FenceSafety.Core.Flow;

/// <summary>Translates what a callee says of its parameters into the terms of the caller at one call.</summary>
public sealed class Substitution(RefSet receiver, ImmutableArray<RefSet> arguments, Func<Ref, RefSet> captured)
{
    public RefSet Receiver => receiver;

    public ImmutableArray<RefSet> Arguments => arguments;

    /// <summary>What a captured variable is where nothing flows to it.</summary>
    public static readonly Func<Ref, RefSet> Opaque = static _ => RefSet.Of(Ref.Unknown);

    public RefSet Apply(RefSet set)
    {
        if (set.IsEmpty)
            return set;
        var result = RefSet.Empty;
        foreach (var r in set.Refs)
            result = result.Union(Apply(r));
        return result;
    }

    public RefSet Apply(Ref r)
    {
        switch (r.Kind)
        {
            case RefKind.Parameter:
                var argument = r.Index < 0 ? receiver : r.Index < arguments.Length ? arguments[r.Index] : RefSet.Empty;
                return argument.IsEmpty ? RefSet.Of(Ref.Unknown) : argument;
            case RefKind.Captured:
                return captured(r);
            case RefKind.Field when r.Base is not null:
                return Apply(r.Base).Select(b => Ref.Field(b, r.Name, r.Info!));
            case RefKind.Element:
                return Apply(r.Base!).Select(Ref.Element);
            case RefKind.Delegate when r.Base is not null:
                return Apply(r.Base).Select(b => Ref.Delegate(r.Name, r.Display, b));
            case RefKind.Query:
                return RefSet.Of(Apply(r.Base!).Refs.Where(Ref.MayRun).Select(b => b.Kind == RefKind.Query ? b : Ref.Query(b, r.Enumerates, r.Name, r.MadeAt)));
            case RefKind.Fresh:
                return RefSet.Of(r.Name.Length == 0 ? Ref.Unknown : Ref.Made(r.Name, r.Display));
            case RefKind.Guard or RefKind.Found or RefKind.Snapshot:
                return RefSet.Empty;
            case RefKind.CallResult:
                return RefSet.Of(r.Base ?? Ref.Unknown);
            default:
                return RefSet.Of(r);
        }
    }
}
