using System.Collections.Immutable;
using FenceSafety.Core;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Summaries.External;
using FenceSafety.Summaries.Bodies;
using FenceSafety.Summaries.Metadata;

namespace FenceSafety.Summaries.Program;

/// <summary>An assembly, and those of its references that are at hand, as the engine sees them.</summary>
sealed class IlProgram : IProgram
{
    const string ExactPrefix = "exact ";

    readonly World _world;
    readonly ManagedAssembly _main;
    readonly Dictionary<ManagedAssembly, CodeIndex> _indexes = [];
    readonly Dictionary<string, MethodFacts?> _facts = new(StringComparer.Ordinal);
    readonly Dictionary<string, MethodNode?> _methods = new(StringComparer.Ordinal);
    readonly Dictionary<string, TypeNode?> _types = new(StringComparer.Ordinal);
    readonly SortedDictionary<string, string> _damaged = new(StringComparer.Ordinal);
    readonly Lazy<Hierarchy> _hierarchy;

    public IlProgram(World world, ManagedAssembly main, FrameworkContracts framework)
    {
        _world = world;
        _main = main;
        Declarations = new Declarations(framework, IsSource);
        _hierarchy = new Lazy<Hierarchy>(() => new Hierarchy(main.Types));
    }

    public Declarations Declarations { get; }

    /// <summary>Bodies that could not be read, with the cause: they are unknown.</summary>
    public IReadOnlyDictionary<string, string> Damaged => _damaged;

    /// <summary>Bodies of other assemblies are not read: calls of them stay calls, and mean what whoever reads the summary knows of them.</summary>
    bool IsSource(ManagedAssembly assembly) => assembly == _main;

    public CodeIndex Index(ManagedAssembly assembly)
    {
        if (!_indexes.TryGetValue(assembly, out var index))
            _indexes.Add(assembly, index = new CodeIndex(assembly));
        return index;
    }

    public IEnumerable<string> Seeds => _main.Types.SelectMany(static t => t.Methods).Where(m => m.HasBody && Index(_main).Machines.BodyOf(m) == m && !IsPlumbing(m))
        .Select(static m => m.Name == ".cctor" ? m.Type.Id + MethodFacts.TypeInitializerSuffix : m.Id).Distinct().Order(StringComparer.Ordinal);

    /// <summary>The members that code outside can call or override, and the initialisers of types that it can see.</summary>
    public IReadOnlyCollection<string> VisibleMembers =>
        [.. _main.Types.SelectMany(static t => t.Methods).Where(static m => m.Name == ".cctor" ? m.Type.IsVisibleOutside : m.IsVisibleOutside)
            .Select(static m => m.Name == ".cctor" ? m.Type.Id + MethodFacts.TypeInitializerSuffix : m.Id).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>What compilers write and nobody calls: state machines, singletons of lambdas.</summary>
    bool IsPlumbing(MethodNode method) =>
        method.Type.IsCompilerGenerated && (Index(_main).Machines.Contains(method.Type) || method.Name is ".ctor" or ".cctor");

    // ---- members

    public MethodNode? Method(string id)
    {
        if (_methods.TryGetValue(id, out var known))
            return known;
        return _methods[id] = FindMethod(id);
    }

    MethodNode? FindMethod(string id)
    {
        if (MethodFacts.IsTypeInitializer(id) && id.StartsWith("T:", StringComparison.Ordinal))
            return Type(id[2..^MethodFacts.TypeInitializerSuffix.Length])?.TypeInitializer;
        if (!id.StartsWith("M:", StringComparison.Ordinal))
            return null;
        int end = id.IndexOfAny(['(', '~']);
        int dot = id.LastIndexOf('.', (end < 0 ? id.Length : end) - 1);
        return dot > 2 ? Type(id[2..dot])?.Method(id) : null;
    }

    /// <summary>A type by its name in documentation-comment ids; of a constructed one, its definition.</summary>
    public TypeNode? Type(string name)
    {
        name = Definition(name);
        if (_types.TryGetValue(name, out var known))
            return known;
        return _types[name] = FindType(name);
    }

    TypeNode? FindType(string name)
    {
        // From the longest namespace to the longest chain of nested types.
        var parts = name.Split('.');
        for (int top = parts.Length; top >= 1; top--)
        {
            string full = string.Join('.', parts.Take(top));
            if (Top(full) is not { } at)
                continue;
            TypeNode? found = at;
            foreach (string nested in parts.Skip(top))
                found = found?.NestedType(nested);
            if (found is not null)
                return found;
        }
        return null;
    }

    TypeNode? Top(string full)
    {
        if (_topLevel is null)
        {
            _topLevel = new Dictionary<string, TypeNode>(StringComparer.Ordinal);
            foreach (var type in _main.Types.Where(static t => t.Outer is null))
                _topLevel.TryAdd(type.DocName, type);
        }
        return _topLevel.TryGetValue(full, out var own) ? own : _world.FindByName(full);
    }

    Dictionary<string, TypeNode>? _topLevel;

    /// <summary><c>A{B}.C{D}</c> is an instance of <c>A`1.C`1</c>.</summary>
    static string Definition(string name)
    {
        if (name.IndexOf('{') < 0)
            return name;
        var text = new System.Text.StringBuilder();
        int depth = 0, arity = 0;
        foreach (char c in name)
        {
            if (c == '{' && depth++ == 0)
                arity = 1;
            else if (c == '}' && --depth == 0)
                text.Append('`').Append(arity);
            else if (depth == 1 && c == ',')
                arity++;
            else if (depth == 0)
                text.Append(c);
        }
        return text.ToString();
    }

    public MethodFacts? Facts(string method)
    {
        if (_facts.TryGetValue(method, out var facts))
            return facts;
        _facts[method] = null;
        if (Method(method) is not { } node || !IsSource(node.Type.Assembly))
            return null;
        try
        {
            facts = BodyLoader.Load(node, Declarations, Index);
            if (facts is not null && facts.Id != method)
                facts = Initialiser(facts, method, node.Type);
        }
        catch (Exception e) when (e is BadImageFormatException or InvalidOperationException or ArgumentException or IndexOutOfRangeException or OverflowException or InvalidCastException)
        {
            _damaged[method] = e.Message;
            facts = null;
        }
        return _facts[method] = facts;
    }

    /// <summary>A type initialiser has the name of its type.</summary>
    static MethodFacts Initialiser(MethodFacts facts, string id, TypeNode type) => new()
    {
        RunsAtCalls = !type.BeforeFieldInit,
        Id = id,
        Display = type.Display + ".static constructor",
        Name = facts.Name,
        CallName = facts.CallName,
        Blocks = facts.Blocks.Select(b => new Block
        {
            Ops = b.Ops,
            Condition = b.Condition,
            Next = b.Next,
            Otherwise = b.Otherwise,
            Handlers = b.Handlers,
            Rethrows = b.Rethrows,
            IsExit = b.IsExit,
        }).ToImmutableArray(),
        Nested = facts.Nested,
        CapturedSlots = facts.CapturedSlots,
        WrittenElsewhere = facts.WrittenElsewhere,
    };

    public MemberContract Contract(string method)
    {
        if (_contracts.TryGetValue(method, out var known))
            return known;
        if (Method(method) is { } node && Mentions.IsNestedFunction(node) && IsSource(node.Type.Assembly))
            return OfFunction(node);
        return _contracts[method] = FindContract(method);
    }

    readonly Dictionary<string, MemberContract> _contracts = new(StringComparer.Ordinal);

    MemberContract FindContract(string method)
    {
        if (method.StartsWith(ExactPrefix, StringComparison.Ordinal))
        {
            string own = method[ExactPrefix.Length..];
            return new MemberContract(Displays.Of(own)) { Closed = true, Managed = own == "M:System.Object.ToString~System.String" ? "string" : null };
        }
        if (Method(method) is { } node)
        {
            var contract = Declarations.Of(node);
            return node.Name == ".cctor" ? new MemberContract(Displays.Of(node)) { AssumeSafe = contract.AssumeSafe } : contract;
        }
        if (method.StartsWith("new ", StringComparison.Ordinal) || method.StartsWith("box ", StringComparison.Ordinal))
            return new MemberContract(method) { Closed = true };
        return Declarations.OfMissing(method);
    }

    /// <summary>What a lambda is converted to is seen in the body around it.</summary>
    MemberContract OfFunction(MethodNode function)
    {
        if (Index(_main).Mentions.Parent(function) is { } parent)
            _ = Facts(parent.Id);
        return Declarations.OfFunction(function);
    }

    public MemberContract DelegateContract(string type)
    {
        if (type.StartsWith("parameter ", StringComparison.Ordinal))
        {
            int of = type.IndexOf(" of ", StringComparison.Ordinal);
            int index = int.Parse(type.AsSpan("parameter ".Length, of - "parameter ".Length), System.Globalization.CultureInfo.InvariantCulture);
            if (Method(type[(of + 4)..]) is not { } method)
                return MemberContract.Nothing;
            var list = method.Parameters.Where(p => p.Index == index).SelectMany(p => AttributeReader.Annotations(method.Type.Assembly, p.Parameter.GetCustomAttributes()));
            return Declarations.OfDelegate(type, [.. list]);
        }
        return Type(type[2..]) is { } node ? Declarations.OfDelegate(node.Display, node.Annotations) : MemberContract.Nothing;
    }

    // ---- dispatch

    public ImmutableArray<string> TypeArguments(string type) =>
        Declarations.Constructed.TryGetValue(type, out var named) ? [.. named.Arguments.Select(static (a, i) => "!" + i + "=" + a.EngineName)] : [];

    readonly Dictionary<(string, string, string?, string), Dispatch> _dispatch = [];

    public Dispatch Resolve(string method, string receiverType, string? exactType, string declaredIn)
    {
        var key = (method, receiverType, exactType, declaredIn);
        if (!_dispatch.TryGetValue(key, out var known))
            _dispatch.Add(key, known = FindTargets(method, receiverType, exactType, declaredIn));
        return known;
    }

    Dispatch FindTargets(string method, string receiverType, string? exactType, string declaredIn)
    {
        if (Method(method) is not { } node || (receiverType.Length == 0 && !node.IsVirtual))
            return Method(method) is null && receiverType.Length > 0 ? Dispatch.Unknown : new Dispatch([method], false);
        var at = (receiverType.Length == 0 ? null : Type(receiverType)) ?? node.Type;
        // `IHandler<int>` is not implemented by what implements `IHandler<string>`.
        var wanted = Declarations.Constructed.TryGetValue(declaredIn, out var through) && !Hierarchy.IsVariant(through) ? through : null;
        if (exactType is not null && Type(exactType) is { } only)
            return One(only, node, wanted);
        if (at.IsSealed || at.IsValueType)
            return One(at, node, wanted);
        if (!IsSource(at.Assembly) && Names.IsFramework(node.Type.Assembly.Name))
            return Dispatch.Unknown;
        var targets = new List<MethodNode>();
        var seen = new HashSet<MethodNode>();
        foreach (var type in _hierarchy.Value.DerivedFrom(at).Prepend(at))
        {
            if (!type.IsInterface && !type.IsAbstract && Hierarchy.ImplementationIn(type, node, wanted) is { IsAbstract: false } found && seen.Add(found))
                targets.Add(found);
        }
        if (targets.Count == 0 && !at.IsInterface && Hierarchy.ImplementationIn(at, node) is { IsAbstract: false } own)
            targets.Add(own);
        return new Dispatch([.. targets.Select(Exactly)], CanBeImplementedOutside(node, at));
    }

    static Dispatch One(TypeNode type, MethodNode method, NamedType? wanted) =>
        Hierarchy.ImplementationIn(type, method, wanted) is { IsAbstract: false } found ? new Dispatch([Exactly(found)], false) : new Dispatch([], false);

    static string Exactly(MethodNode method) => method.Type.DocName == "System.Object" ? ExactPrefix + method.Id : method.Id;

    static bool CanBeImplementedOutside(MethodNode method, TypeNode type)
    {
        if (!type.IsVisibleOutside || type.IsSealed)
            return false;
        if (type.IsInterface)
            return true;
        bool constructible = type.Methods.Any(static m => m.IsConstructor && (m.Attributes & System.Reflection.MethodAttributes.MemberAccessMask)
            is System.Reflection.MethodAttributes.Public or System.Reflection.MethodAttributes.Family or System.Reflection.MethodAttributes.FamORAssem);
        return constructible && (method.Type.IsInterface || method.IsVisibleOutside);
    }

    public Dispatch ResolveConstrained(string? method, string type)
    {
        if (Type(type) is not { } node)
            return Dispatch.Unknown;
        if (method == TypeParameterMembers.Box)
            return node.IsValueType ? new Dispatch(["box " + node.Display], false) : new Dispatch([], false);
        if (method is null)
        {
            var made = node.IsValueType ? ImmutableArray<string>.Empty : ["new " + node.Display];
            var constructor = node.Methods.FirstOrDefault(static m => m.IsConstructor && m.Signature.ParameterTypes.IsEmpty);
            return new Dispatch(constructor is null ? made : made.Add(constructor.Id), false);
        }
        if (Method(method) is not { } member)
            return Dispatch.Unknown;
        if (node.IsInterface || (!node.IsSealed && !node.IsValueType && !member.IsStatic))
            return Resolve(method, type, null, "");
        return Hierarchy.ImplementationIn(node, member) is { IsAbstract: false } found ? new Dispatch([found.Id], false) : Dispatch.Unknown;
    }

    public IReadOnlyList<string>? FieldWriters(string field)
    {
        int dot = field.LastIndexOf('.');
        if (dot < 2 || Type(field[2..dot]) is not { } type || !IsSource(type.Assembly) || Declarations.Member(type, field[(dot + 1)..]) is not { } found
            || (found.Attributes & System.Reflection.FieldAttributes.InitOnly) == 0)
            return null;
        return (found.Attributes & System.Reflection.FieldAttributes.Static) != 0
            ? [type.Id + MethodFacts.TypeInitializerSuffix]
            : [.. type.Methods.Where(static m => m.IsConstructor).Select(static m => m.Id)];
    }

    // Calls of other assemblies stay calls: no summary of theirs is read here.

    public ExternalMember? External(string method) => null;

    public IReadOnlyList<ExternalBody> ExternalBodies => [];

    public IEnumerable<string> ExternalCallNames => [];

    public IEnumerable<ExternalMember> ExternalCallersOf(string method) => [];

    public IEnumerable<string> BodiesMentioning(string name) => Index(_main).Mentions.Of(name);
}
