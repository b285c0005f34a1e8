using System.Collections.Immutable;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Flow;

namespace FenceSafety.Core.Graph;

/// <summary>A lock class by name.</summary>
public sealed record LockClass(string Name, string Display, bool FenceSafe);

/// <summary>From lock references to lock classes. Nothing of the program is kept, so that the next run may go on with it.</summary>
public sealed class LockNamer
{
    readonly Dictionary<string, ImmutableArray<LockClass>> _injected = new(StringComparer.Ordinal);

    /// <summary>Members of which the calls were looked for.</summary>
    readonly HashSet<string> _followed = new(StringComparer.Ordinal);

    LockNamer()
    {
    }

    public static LockNamer Create(BodyStore bodies)
    {
        var namer = new LockNamer();
        namer.FollowConstructors(bodies);
        namer.Key = string.Join(";", namer._injected.OrderBy(static p => p.Key, StringComparer.Ordinal).Select(static p => p.Key + "=" + string.Join(",", p.Value)));
        return namer;
    }

    /// <summary>Two namers with the same key give the same names.</summary>
    public string Key { get; private set; } = "";

    /// <summary>The body says what locks that arrive through constructors are called.</summary>
    public bool Concern(SolvedBody body) => body.Stores.Any(static s => s.Field.InjectedBy is not null)
        || body.Events.Any(e => e.Op is CallOp { Target: CallTarget.Exact { Method: var method } } && _followed.Contains(method));

    /// <summary>
    /// The classes of a reference in the terms of its body. Empty and not unknown: an object that never leaves its body.
    /// A parameter has no class until it is substituted.
    /// </summary>
    public ImmutableArray<LockClass> Classes(Ref r, SolvedBody? body, out bool unknown)
    {
        unknown = false;
        switch (r.Kind)
        {
            case RefKind.Field:
                if (r.Info!.InjectedBy is not null && _injected.TryGetValue(r.Info.Class, out var given))
                    return given;
                return ImmutableArray.Create(new LockClass(r.Info.Class, r.Info.Display, r.Info.FenceSafe));
            case RefKind.Element:
                return Classes(r.Base!, body, out unknown);
            case RefKind.TypeOf:
                return ImmutableArray.Create(new LockClass("typeof " + r.Name, "typeof(" + r.Display + ")", false));
            case RefKind.Opaque when r.Name.Length > 0:
                return This(r);
            case RefKind.CallResult when r.Base is { Name.Length: > 0 }:
                return This(r.Base);
            case RefKind.Fresh when body is not null && !body.Escaping.Contains(r.Index):
                return ImmutableArray<LockClass>.Empty;
            case RefKind.Parameter or RefKind.Captured or RefKind.Found or RefKind.Snapshot or RefKind.Guard or RefKind.Constant:
                return ImmutableArray<LockClass>.Empty;
            default:
                unknown = true;
                return ImmutableArray<LockClass>.Empty;
        }
    }

    static ImmutableArray<LockClass> This(Ref opaque) =>
        ImmutableArray.Create(new LockClass("this of " + opaque.Name, opaque.Display, false));

    public ImmutableArray<string> Names(HeldLock held, SolvedBody body)
    {
        if (!held.IsLock)
            return ImmutableArray<string>.Empty;
        return held.Lock.Refs.SelectMany(r => Classes(r, body, out _)).Select(static c => c.Name).ToImmutableArray();
    }

    /// <summary>A field that is only assigned from a constructor's parameter has the classes of the arguments.</summary>
    void FollowConstructors(BodyStore bodies)
    {
        if (!bodies.All.Any(static b => b.Stores.Any(static s => s.Field.InjectedBy is not null)))
            return;
        var calls = new Dictionary<string, List<(SolvedBody Body, BodyEvent Event)>>(StringComparer.Ordinal);
        foreach (var body in bodies.All)
        {
            foreach (var e in body.Events)
            {
                if (e.Op is not CallOp { Target: CallTarget.Exact { Method: var method } })
                    continue;
                if (!calls.TryGetValue(method, out var list))
                    calls.Add(method, list = new List<(SolvedBody, BodyEvent)>());
                list.Add((body, e));
            }
        }
        foreach (var constructor in bodies.All)
        {
            foreach (var (field, value) in constructor.Stores)
            {
                if (field.InjectedBy is null)
                    continue;
                var found = new HashSet<LockClass>();
                foreach (var r in value.Refs.Where(static r => r.Kind == RefKind.Parameter && r.Index >= 0))
                    Arguments(constructor.Facts.Id, r.Index, calls, found, new HashSet<(string, int)>(), new LockClass(field.Class, field.Display, field.FenceSafe));
                if (found.Count == 0)
                    continue;
                if (_injected.TryGetValue(field.Class, out var before))
                    found.UnionWith(before);
                _injected[field.Class] = found.OrderBy(static c => c.Name, StringComparer.Ordinal).ToImmutableArray();
            }
        }
    }

    /// <summary>The classes of what visible callers pass, through parameters of theirs; one that is not known leaves the field its own.</summary>
    void Arguments(
        string method, int parameter, Dictionary<string, List<(SolvedBody Body, BodyEvent Event)>> calls, HashSet<LockClass> found,
        HashSet<(string, int)> seen, LockClass own)
    {
        if (!seen.Add((method, parameter)))
            return;
        _followed.Add(method);
        if (!calls.TryGetValue(method, out var list))
        {
            found.Add(own);
            return;
        }
        foreach (var (body, e) in list)
        {
            if (parameter >= e.Arguments.Length)
                continue;
            foreach (var argument in e.Arguments[parameter].Refs)
            {
                if (argument.Kind is RefKind.Parameter && argument.Index >= 0)
                    Arguments(body.Facts.Id, argument.Index, calls, found, seen, own);
                else if (argument.Kind is RefKind.Field or RefKind.TypeOf or RefKind.Element)
                    found.UnionWith(Classes(argument, body, out _));
                else if (!argument.IsOrigin)
                    found.Add(own);
            }
        }
    }
}
