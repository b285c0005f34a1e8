using System.Collections.Immutable;
using FenceSafety.Core.Facts;
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

    sealed class Node(Digest digest)
    {
        public Digest Digest { get; } = digest;
        public Effects Effects { get; } = new();
        public List<Node> Callers { get; } = [];
        public bool Queued;
        public int State;
        public List<Edge>? Edges;
    }

    /// <summary>A call of one body, or of a member that is declared.</summary>
    readonly record struct Edge(Node? Target, Line? Declared, ImmutableArray<(int Parameter, DelegateRef Value)> Delegates, ImmutableArray<string> TypeArguments);

    readonly FrameworkWorld _framework;
    readonly FrameworkOverrides _overrides;
    readonly Dictionary<string, Node> _nodes;
    readonly Queue<Node> _work = new();
    readonly SortedDictionary<string, int> _causes = new(StringComparer.Ordinal);

    /// <summary>Why bodies are unknown by themselves: what they call that has no body, or that code outside may override; with the number of calls.</summary>
    public IReadOnlyDictionary<string, int> Causes => _causes;

    public EffectSolver(FrameworkWorld framework, FrameworkOverrides overrides)
    {
        _framework = framework;
        _overrides = overrides;
        _nodes = framework.Digests.ToDictionary(static d => d.Key, static d => new Node(d.Value), StringComparer.Ordinal);
    }

    public Effects? Of(string id) => _nodes.GetValueOrDefault(id)?.Effects;

    public void Solve()
    {
        foreach (var node in _nodes.OrderBy(static n => n.Key, StringComparer.Ordinal).Select(static n => n.Value))
            CalleesFirst(node);
        while (_work.TryDequeue(out var node))
        {
            node.Queued = false;
            bool changed = false;
            foreach (var edge in node.Edges!)
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
    void CalleesFirst(Node root)
    {
        if (root.State != 0)
            return;
        var path = new Stack<(Node Node, int Next)>();
        root.State = 1;
        path.Push((root, 0));
        while (path.Count > 0)
        {
            var (node, next) = path.Pop();
            node.Edges ??= Edges(node);
            if (next >= node.Edges.Count)
            {
                Push(node);
                continue;
            }
            path.Push((node, next + 1));
            if (node.Edges[next].Target is { State: 0 } target)
            {
                target.State = 1;
                path.Push((target, 0));
            }
        }
    }

    /// <summary>What a body does by itself goes to its effects at once; what it calls becomes edges.</summary>
    List<Edge> Edges(Node node)
    {
        var edges = new List<Edge>();
        foreach (string kind in node.Digest.Kinds)
            node.Effects.Kind(kind, 0);
        if (node.Digest.Unknown)
            node.Effects.Open();
        foreach (var invoked in node.Digest.Invokes)
            Invoked(node, edges, invoked);
        foreach (var call in node.Digest.Calls)
            Call(node, edges, call);
        foreach (var target in edges.Select(static e => e.Target).OfType<Node>().Distinct())
            target.Callers.Add(node);
        return edges;
    }

    void Invoked(Node node, List<Edge> edges, DelegateRef invoked)
    {
        if (invoked.Origin == Origin.Parameter)
            node.Effects.Invoke(invoked.Parameter);
        else if (invoked.Origin == Origin.Method)
            Add(node, edges, invoked.Method, [], []);
        else
            node.Effects.Open();
    }

    void Call(Node node, List<Edge> edges, DigestCall call)
    {
        switch (call.Target)
        {
            case CallTarget.Exact exact:
                Add(node, edges, exact.Method, call.Delegates, exact.TypeArguments);
                break;
            case CallTarget.Virtual v:
                Virtual(node, edges, call, v);
                break;
            case CallTarget.Constrained { Method: "#box" or null, TypeParameter: var parameter } made:
                node.Effects.Constrain(parameter, made.Method ?? "#new");
                break;
            case CallTarget.Constrained c:
                if (_overrides.Find(_framework.Method(c.Method!), c.Method!) is { } declared)
                    edges.Add(new Edge(null, declared, call.Delegates, []));
                else
                    node.Effects.Constrain(c.TypeParameter, c.Method!);
                break;
        }
    }

    void Virtual(Node node, List<Edge> edges, DigestCall call, CallTarget.Virtual v)
    {
        var method = _framework.Method(v.Method);
        if (_overrides.Find(method, v.Method) is { } declared)
        {
            edges.Add(new Edge(null, declared, call.Delegates, []));
            return;
        }
        var at = method is null ? null : _framework.Type(call.Exact ?? v.ReceiverType) ?? method.Type;
        if (at is null)
        {
            node.Effects.Open();
        }
        else if (call.Exact is not null || at.IsSealed || at.IsValueType)
        {
            if (Hierarchy.ImplementationIn(at, method!) is { IsAbstract: false } only)
                Add(node, edges, only.Id, call.Delegates, v.TypeArguments);
            else
                node.Effects.Open();
        }
        else if (at.IsVisibleOutside && method!.IsVisibleOutside && (at.IsInterface || at.Methods.Any(static m => m.IsConstructor && m.IsVisibleOutside)))
        {
            // What code outside can override or implement may be anything.
            Unknown(node, v.Method);
        }
        else
        {
            var targets = _framework.Hierarchy.DerivedFrom(at).Prepend(at).Where(static t => !t.IsInterface)
                .Select(t => Hierarchy.ImplementationIn(t, method!)).OfType<MethodNode>().Where(static m => !m.IsAbstract).Distinct().Take(MaxTargets + 1).ToList();
            if (targets.Count is 0 or > MaxTargets)
                node.Effects.Open();
            else
                targets.ForEach(t => Add(node, edges, t.Id, call.Delegates, v.TypeArguments));
        }
    }

    void Add(Node node, List<Edge> edges, string id, ImmutableArray<(int, DelegateRef)> delegates, ImmutableArray<string> typeArguments)
    {
        if (_overrides.Find(_framework.Method(id), id) is { } declared)
            edges.Add(new Edge(null, declared, delegates, typeArguments));
        else if (_nodes.TryGetValue(id, out var target))
            edges.Add(new Edge(target, null, delegates, typeArguments));
        else
            Unknown(node, id);
    }

    void Unknown(Node node, string cause)
    {
        node.Effects.Open();
        _causes[cause] = _causes.GetValueOrDefault(cause) + 1;
    }

    // ---- a callee's effects in the terms of its caller

    bool Follow(Node node, Edge edge)
    {
        var own = node.Effects;
        bool changed = false;
        if (edge.Declared is { } declared)
        {
            if (declared.Managed is not null)
                changed |= own.Kind(declared.Managed, 1);
            changed |= declared.Unknown && own.Open();
            foreach (int parameter in declared.Invokes)
                changed |= Passed(node, parameter, edge.Delegates);
            return changed;
        }
        var callee = edge.Target!.Effects;
        if (callee == own)
            return false;
        changed |= own.Include(callee);
        for (int i = 0; i < 64 && callee.Invokes >> i != 0; i++)
        {
            if ((callee.Invokes >> i & 1) != 0)
                changed |= Passed(node, i, edge.Delegates);
        }
        foreach (var (parameter, member) in callee.Constrained)
            changed |= Constrained(node, parameter, member, edge.TypeArguments);
        return changed;
    }

    bool Passed(Node node, int parameter, ImmutableArray<(int Parameter, DelegateRef Value)> delegates)
    {
        foreach (var (index, value) in delegates)
        {
            if (index != parameter)
                continue;
            return value.Origin == Origin.Parameter ? node.Effects.Invoke(value.Parameter) : Include(node, value.Method);
        }
        return node.Effects.Open();
    }

    /// <summary>A callee that is known only once another is.</summary>
    bool Include(Node node, string id)
    {
        if (_overrides.Find(_framework.Method(id), id) is { } declared)
            return (declared.Managed is not null && node.Effects.Kind(declared.Managed, 1)) | (declared.Unknown && node.Effects.Open());
        if (!_nodes.TryGetValue(id, out var target))
            return node.Effects.Open();
        if (!target.Callers.Contains(node))
            target.Callers.Add(node);
        bool opens = target.Effects.Invokes != 0 || target.Effects.Constrained.Count > 0;
        return node.Effects.Include(target.Effects) | (opens && node.Effects.Open());
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
            return node.Effects.Open();
        if (given[0] == '!')
            return node.Effects.Constrain(given, member);
        if (_framework.Type(given) is not { } type)
        {
            // An array, a pointer or a type that is not at hand.
            return member[0] != '#' && node.Effects.Open();
        }
        if (member == "#box")
            return type.IsValueType && node.Effects.Kind("boxing", 1);
        if (member == "#new")
            return !type.IsValueType && node.Effects.Kind("object", 1);
        if (_framework.Method(member) is not { } method || Hierarchy.ImplementationIn(type, method) is not { IsAbstract: false } found)
            return node.Effects.Open();
        return !type.IsSealed && !type.IsValueType && !method.IsStatic && type.IsVisibleOutside ? node.Effects.Open() : Include(node, found.Id);
    }
}
