using FenceSafety.Core.Facts;
using FenceSafety.Core.Flow;

namespace FenceSafety.Core.Summaries;

/// <summary>
/// What the callers that can be seen pass to the parameters of code that answers for itself, through parameters of theirs: who else may
/// call it decides nothing of these.
/// </summary>
public sealed class CallerArguments(BodyStore bodies)
{
    readonly SortedSet<string> _names = new(StringComparer.Ordinal);
    readonly Dictionary<(string Method, int Parameter), RefSet> _known = new();
    Dictionary<string, List<(SolvedBody Body, BodyEvent Event)>>? _calls;

    /// <summary>What is passed as far as callers have been read; nothing that speaks of the caller itself.</summary>
    public RefSet Of(string method, int parameter)
    {
        if (_known.TryGetValue((method, parameter), out var known))
            return known;
        var result = RefSet.Empty;
        var seen = new HashSet<(string, int)> { (method, parameter) };
        var work = new Queue<(string Method, int Parameter)>(seen);
        while (work.Count > 0)
        {
            var (at, index) = work.Dequeue();
            if (bodies.Find(at) is { } callee)
                _names.Add(callee.Facts.CallName);
            if (!Calls().TryGetValue(at, out var calls))
                continue;
            foreach (var (body, e) in calls)
            {
                if (index >= e.Arguments.Length)
                    continue;
                foreach (var r in e.Arguments[index].Refs)
                {
                    if (r.Kind == RefKind.Parameter && r.Index >= 0)
                    {
                        if (seen.Add((body.Facts.Id, r.Index)))
                            work.Enqueue((body.Facts.Id, r.Index));
                    }
                    else
                    {
                        result = result.Union(RefSet.Of(Outside(r)));
                    }
                }
            }
        }
        return _known[(method, parameter)] = result;
    }

    /// <summary>What a value is to who knows nothing of the caller: of a delegate, still what it calls.</summary>
    static Ref Outside(Ref r) => r switch
    {
        { Kind: RefKind.Delegate, IsSymbolic: true } => Ref.Delegate(r.Name, r.Display, Ref.Unknown),
        { IsSymbolic: true } or { Kind: RefKind.Fresh } => Ref.Unknown,
        _ => r,
    };

    /// <summary>Something depends on the callers.</summary>
    public bool IsAsked => _known.Count > 0;

    /// <summary>Reads the bodies with such calls. False if there is nothing more to read.</summary>
    public bool ReadCallers()
    {
        bool any = false;
        foreach (string name in _names)
            any |= bodies.AddMentioning(name);
        return any;
    }

    Dictionary<string, List<(SolvedBody Body, BodyEvent Event)>> Calls()
    {
        if (_calls is not null)
            return _calls;
        _calls = new Dictionary<string, List<(SolvedBody, BodyEvent)>>(StringComparer.Ordinal);
        foreach (var body in bodies.All)
        {
            foreach (var e in body.Events)
            {
                if (e.Op is not CallOp call || e.Arguments.All(static a => a.IsEmpty))
                    continue;
                foreach (string target in bodies.Targets(call.Target, e.Receiver))
                {
                    if (!_calls.TryGetValue(target, out var list))
                        _calls.Add(target, list = new List<(SolvedBody, BodyEvent)>());
                    list.Add((body, e));
                }
            }
        }
        return _calls;
    }
}
