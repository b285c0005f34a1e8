using System.Collections.Immutable;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Summaries.External;
using FenceSafety.Summaries.Metadata;
using FenceSafety.Summaries.Program;

namespace FenceSafety.Summaries.Framework;

/// <summary>
/// Effects alone, of all bodies at once, callees first and then until nothing changes. Locks, waits and what runs once do not count, so
/// no flow is solved.
/// </summary>
sealed class EffectSolver
{
    /// <summary>A virtual call with more targets than this may be anything.</summary>
    const int MaxTargets = 64;

    /// <summary>Implementations that call members of type parameters in turn.</summary>
    const int MaxDepth = 3;

    sealed class Node(Digest digest)
    {
        public Digest Digest { get; } = digest;
        public Effects Effects { get; } = new();
        public List<Node> Callers { get; } = [];
        public List<Edge> Edges { get; } = [];
        public bool Queued;
        public bool Met;
    }

    /// <summary>A call of one body, or of a member that is declared.</summary>
    readonly record struct Edge(Node? Target, Line? Declared, string Name, ImmutableArray<Passed> Arguments, ImmutableArray<string> TypeArguments);

    readonly FrameworkWorld _framework;
    readonly FrameworkOverrides _overrides;

    /// <summary>By the number of the member; null: it has no body.</summary>
    readonly Node?[] _nodes;
    readonly HashSet<string> _resets = new(StringComparer.Ordinal);
    readonly Queue<Node> _work = new();

    public EffectSolver(FrameworkWorld framework, FrameworkOverrides overrides)
    {
        _framework = framework;
        _overrides = overrides;
        _nodes = [.. framework.Digests.Select(static d => d is null ? null : new Node(d))];
        foreach (var digest in framework.Digests)
        {
            foreach (string field in digest?.Resets ?? [])
                _resets.Add(field);
        }
    }

    /// <summary>The effects of a body by its member's number.</summary>
    public Effects? Of(int number) => number < 0 ? null : _nodes[number]?.Effects;

    public Effects? Of(string id) => Find(id)?.Effects;

    Node? Find(string id) => _framework.Number(id) is >= 0 and var number ? _nodes[number] : null;

    /// <summary>What a body calls, and the effects of each.</summary>
    public IEnumerable<(string Id, Effects? Effects, ClosedMember? Declared)> Callees(string id) =>
        (Find(id)?.Edges ?? []).Select(static e => (e.Name, e.Target?.Effects, e.Declared?.Effects));

    public void Solve()
    {
        Pieces.ForEach(_nodes.Length, i =>
        {
            if (_nodes[i] is { } node)
                Begin(node);
        });
        foreach (var node in _nodes)
        {
            foreach (var edge in node?.Edges ?? [])
            {
                // Calls of one callee are not always in a row: a caller that is there twice is asked twice.
                if (edge.Target is { } target && (target.Callers.Count == 0 || target.Callers[^1] != node))
                    target.Callers.Add(node!);
            }
        }
        var path = new Stack<(Node Node, int Next)>();
        foreach (var node in _nodes)
            CalleesFirst(node, path);
        while (_work.TryDequeue(out var node))
        {
            node.Queued = false;
            bool changed = false;
            foreach (var edge in node.Edges)
                changed |= Follow(node, edge);
            if (!changed)
                continue;
            foreach (var caller in node.Callers)
                Push(caller);
        }
    }

    void Push(Node node)
    {
        if (node.Queued)
            return;
        node.Queued = true;
        _work.Enqueue(node);
    }

    /// <summary>Depth first, without recursion.</summary>
    void CalleesFirst(Node? root, Stack<(Node Node, int Next)> path)
    {
        if (root is null || root.Met)
            return;
        root.Met = true;
        path.Push((root, 0));
        while (path.TryPop(out var at))
        {
            var (node, next) = at;
            while (next < node.Edges.Count && node.Edges[next].Target is null or { Met: true })
                next++;
            if (next == node.Edges.Count)
            {
                Push(node);
                continue;
            }
            path.Push((node, next + 1));
            var target = node.Edges[next].Target!;
            target.Met = true;
            path.Push((target, 0));
        }
    }

    /// <summary>What a body does by itself goes to its effects at once; what it calls becomes edges.</summary>
    void Begin(Node node)
    {
        var once = Once(node);
        foreach (var (kind, guards) in node.Digest.Kinds)
        {
            if (!Any(guards, once))
                node.Effects.Kind(kind, 0);
            else if (kind == "array" && guards.All(static g => g.Instance))
                node.Effects.Kind("growth", 0);
        }
        if (node.Digest.Unknown)
            node.Effects.Open("a function pointer");
        foreach (var invoked in node.Digest.Invokes)
            Invoked(node, invoked);
        foreach (var call in node.Digest.Calls)
        {
            if (!Any(call.Guards, once))
                Call(node, call);
        }
    }

    /// <summary>Of the guards in a body those whose code runs once: it fills the field, which nothing empties again.</summary>
    HashSet<LazyGuard>? Once(Node node)
    {
        HashSet<LazyGuard>? result = null;
        foreach (var call in node.Digest.Calls)
        {
            foreach (var guard in call.Guards)
            {
                if (!_resets.Contains(guard.Field) && (guard.Stored || (call.Target is CallTarget.Exact { Method: var callee }
                    && Find(callee)?.Digest.Stores.Contains(guard.Field) == true)))
                    (result ??= []).Add(guard);
            }
        }
        foreach (var (_, guards) in node.Digest.Kinds)
        {
            foreach (var guard in guards)
            {
                if (guard.Stored && !_resets.Contains(guard.Field))
                    (result ??= []).Add(guard);
            }
        }
        return result;
    }

    static bool Any(ImmutableArray<LazyGuard> guards, HashSet<LazyGuard>? once)
    {
        if (once is null)
            return false;
        foreach (var guard in guards)
        {
            if (once.Contains(guard))
                return true;
        }
        return false;
    }

    void Invoked(Node node, DelegateRef invoked)
    {
        if (invoked.Origin == Origin.Parameter)
            node.Effects.Invoke(invoked.Parameter);
        else if (invoked.Origin == Origin.Method)
            Add(node, invoked.Method, [], []);
        else
            node.Effects.Open("a delegate");
    }

    void Call(Node node, DigestCall call)
    {
        switch (call.Target)
        {
            case CallTarget.Exact exact:
                if (!Policy.IsArrayAccess(exact.Method))
                    Add(node, exact.Method, call.Arguments, exact.TypeArguments);
                break;
            case CallTarget.Virtual v:
                Virtual(node, call, v);
                break;
            case CallTarget.Constrained { Method: TypeParameterMembers.Box or null, TypeParameter: var parameter } made:
                node.Effects.Constrain(parameter, made.Method ?? "#new");
                break;
            case CallTarget.Constrained c:
                if (_overrides.FindInside(_framework.Method(c.Method!), c.Method!) is { } declared)
                    node.Edges.Add(new Edge(null, declared, c.Method!, call.Arguments, []));
                else
                    node.Effects.Constrain(c.TypeParameter, c.Method!);
                break;
        }
    }

    void Virtual(Node node, DigestCall call, CallTarget.Virtual v)
    {
        var method = _framework.Method(v.Method);
        if (_overrides.FindInside(method, v.Method) is { } declared)
        {
            node.Edges.Add(new Edge(null, declared, v.Method, call.Arguments, []));
            return;
        }
        if (method is not null && call.Exact is null && Policy.IsComparer(method.Type.DocName))
        {
            Use(node, call.Receiver, isComparer: true, v.Method);
            return;
        }
        string? exactly = call.Exact ?? Policy.Receiver(v.ReceiverType);
        var at = method is null ? null : _framework.Type(exactly ?? v.ReceiverType) ?? method.Type;
        if (at is null)
        {
            node.Effects.Open(v.Method);
        }
        else if (exactly is not null || at.IsSealed || at.IsValueType)
        {
            if (Hierarchy.ImplementationIn(at, method!) is { IsAbstract: false } only)
                Add(node, only.Id, call.Arguments, v.TypeArguments);
            else
                node.Effects.Open(v.Method);
        }
        else if (Policy.IsCollection(method!.Type.DocName))
        {
            Use(node, call.Receiver, isComparer: false, v.Method);
        }
        else if (at.IsVisibleOutside && method.IsVisibleOutside && (at.IsInterface || at.Methods.Any(static m => m.IsConstructor && m.IsVisibleOutside)))
        {
            // What code outside can override or implement may be anything.
            node.Effects.Open(v.Method);
        }
        else
        {
            var targets = _framework.Hierarchy.DerivedFrom(at).Prepend(at).Where(static t => !t.IsInterface)
                .Select(t => Hierarchy.ImplementationIn(t, method)).OfType<MethodNode>().Where(static m => !m.IsAbstract).Distinct().Take(MaxTargets + 1).ToList();
            if (targets.Count is 0 or > MaxTargets)
                node.Effects.Open(v.Method);
            else
                targets.ForEach(t => Add(node, t.Id, call.Arguments, v.TypeArguments));
        }
    }

    void Add(Node node, string id, ImmutableArray<Passed> arguments, ImmutableArray<string> typeArguments)
    {
        var method = _framework.Method(id);
        if (Policy.IsResource(method) || (Policy.IsTracing(method) && node.Digest.Method.Type != method!.Type))
            return;
        if (_overrides.FindInside(method, id) is { } declared)
            node.Edges.Add(new Edge(null, declared, id, arguments, typeArguments));
        else if (Find(id) is { } target)
            node.Edges.Add(new Edge(target, null, id, arguments, typeArguments));
        else if (!Policy.IsHarmlessNative(method))
            node.Effects.Open(id);
    }

    /// <summary>Members of a comparer or collection are called, which may be some of the parameters.</summary>
    static bool Use(Node node, ulong from, bool isComparer, string cause)
    {
        if ((from & DigestReader.Unseen) != 0 || (from == 0 && !isComparer))
            return node.Effects.Open(cause);
        var types = node.Digest.Method.Signature.ParameterTypes;
        for (int i = 0; i < types.Length && i < 63; i++)
        {
            if (!isComparer && Policy.IsEnumerable(types[i]))
                from &= ~(1UL << i);
        }
        return node.Effects.Use(from);
    }

    // ---- a callee's effects in the terms of its caller

    bool Follow(Node node, Edge edge)
    {
        var own = node.Effects;
        bool changed = false;
        if (edge.Declared is { } declared)
        {
            if (declared.Effects.Managed is not null)
                changed |= own.Kind(declared.Effects.Managed, 1);
            changed |= declared.Effects.CallsBack && own.Open(edge.Name);
            foreach (int parameter in declared.Effects.Invokes)
                changed |= PassedOn(node, parameter, edge);
            return changed;
        }
        var callee = edge.Target!.Effects;
        if (callee == own)
            return false;
        changed |= own.Include(callee, edge.Name);
        for (int i = 0; i < 64 && callee.Invokes >> i != 0; i++)
        {
            if ((callee.Invokes >> i & 1) != 0)
                changed |= PassedOn(node, i, edge);
        }
        for (int i = 0; callee.Uses >> i != 0 && i < 63; i++)
        {
            if ((callee.Uses >> i & 1) != 0)
                changed |= UsedOn(node, i, edge);
        }
        foreach (var (parameter, member) in callee.Constrained)
            changed |= Constrained(node, parameter, member, edge.TypeArguments);
        return changed;
    }

    bool PassedOn(Node node, int parameter, Edge edge)
    {
        foreach (var (index, value, _) in edge.Arguments)
        {
            if (index == parameter && value.Origin != Origin.Elsewhere)
                return value.Origin == Origin.Parameter ? node.Effects.Invoke(value.Parameter) : Include(node, value.Method);
        }
        return node.Effects.Open("a delegate for " + edge.Name);
    }

    bool UsedOn(Node node, int parameter, Edge edge)
    {
        var types = edge.Target!.Digest.Method.Signature.ParameterTypes;
        bool isComparer = parameter < types.Length && types[parameter] is NamedType { Name: var name } && Policy.IsComparer(name);
        ulong from = edge.Arguments.Where(a => a.Parameter == parameter).Aggregate(0UL, static (bits, a) => bits | a.From);
        return Use(node, from, isComparer, edge.Name);
    }

    /// <summary>A callee that is known only once another is.</summary>
    bool Include(Node node, string id, int depth = 0)
    {
        var method = _framework.Method(id);
        if (_overrides.FindInside(method, id) is { } declared)
            return (declared.Effects.Managed is not null && node.Effects.Kind(declared.Effects.Managed, 1)) | (declared.Effects.CallsBack && node.Effects.Open(id));
        if (Find(id) is not { } target)
            return !Policy.IsHarmlessNative(method) && node.Effects.Open(id);
        if (!target.Callers.Contains(node))
            target.Callers.Add(node);
        bool changed = node.Effects.Include(target.Effects, id);
        if (target.Effects.Invokes != 0 || target.Effects.Uses != 0)
            changed |= node.Effects.Open(id);
        foreach (var (_, member) in target.Effects.Constrained.ToList())
            changed |= Unresolved(node, id, member, depth);
        return changed;
    }

    /// <summary>A member of a type parameter of which nothing is known: of an interface that only the framework can implement it is any of those.</summary>
    bool Unresolved(Node node, string cause, string member, int depth)
    {
        if (Policy.IsComparison(member))
            return false;
        if (member[0] == '#' || depth > MaxDepth || _framework.Method(member) is not { Type.IsVisibleOutside: false } method)
            return node.Effects.Open(cause);
        bool changed = false;
        foreach (var found in _framework.Hierarchy.DerivedFrom(method.Type).Where(static t => !t.IsInterface).Select(t => Hierarchy.ImplementationIn(t, method)).OfType<MethodNode>().Distinct())
            changed |= found.IsAbstract ? node.Effects.Open(cause) : Include(node, found.Id, depth + 1);
        return changed;
    }

    /// <summary>A member of a type parameter, once it is known what the parameter stands for.</summary>
    bool Constrained(Node node, string parameter, string member, ImmutableArray<string> typeArguments)
    {
        string? given = null;
        foreach (string a in typeArguments)
        {
            if (a.Length > parameter.Length && a[parameter.Length] == '=' && a.StartsWith(parameter, StringComparison.Ordinal))
                given = a[(parameter.Length + 1)..];
        }
        if (given is null)
            return Unresolved(node, member, member, 0);
        if (given[0] == '!')
            return node.Effects.Constrain(given, member);
        if (_framework.Type(given) is not { } type)
        {
            // An array, a pointer or a type that is not at hand.
            return member[0] != '#' && !Policy.IsComparison(member) && node.Effects.Open(member);
        }
        if (member == TypeParameterMembers.Box)
            return type.IsValueType && node.Effects.Kind("boxing", 1);
        if (member == "#new")
            return !type.IsValueType && node.Effects.Kind("object", 1);
        if (_framework.Method(member) is not { } method || Hierarchy.ImplementationIn(type, method) is not { IsAbstract: false } found)
            return node.Effects.Open(member);
        return !type.IsSealed && !type.IsValueType && !method.IsStatic && type.IsVisibleOutside ? node.Effects.Open(member) : Include(node, found.Id);
    }
}
