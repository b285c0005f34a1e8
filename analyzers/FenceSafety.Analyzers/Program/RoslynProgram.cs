using System.Collections.Immutable;
using FenceSafety.Analyzers.Annotations;
using FenceSafety.Analyzers.Bodies;
using FenceSafety.Analyzers.References;
using FenceSafety.Core;
using FenceSafety.Core.Facts;
using Microsoft.CodeAnalysis;

namespace FenceSafety.Analyzers.Program;

/// <summary>A compilation as the engine sees it: bodies are bound when they are asked for.</summary>
sealed partial class RoslynProgram : IProgram
{
    readonly SymbolTable _symbols;
    readonly ModelCache _models;
    readonly Lazy<ClassHierarchy> _hierarchy;
    readonly SeedFinder _seeds;
    readonly MemberLookup _members;
    readonly CancellationToken _cancel;
    readonly Dictionary<string, MethodFacts?> _facts = new(StringComparer.Ordinal);

    public RoslynProgram(
        Compilation compilation, SymbolTable symbols, MemberLookup members, ModelCache models, ReferenceSummaries summaries, CancellationToken cancel)
    {
        _summaries = summaries;
        _symbols = symbols;
        _models = models;
        _members = members;
        _cancel = cancel;
        // A program without annotations and virtual calls of interest never asks.
        _hierarchy = new Lazy<ClassHierarchy>(() => new ClassHierarchy(compilation, cancel), LazyThreadSafetyMode.None);
        _seeds = new SeedFinder(compilation, symbols, members, _hierarchy, cancel);
    }

    public Lazy<ClassHierarchy> Hierarchy => _hierarchy;

    /// <summary>Some reference has annotations of its own.</summary>
    public bool ReferencesUseAnnotations => _seeds.ReferencesUseAnnotations;

    public IEnumerable<string> Seeds => _seeds.Find();

    public MethodFacts? Facts(string method)
    {
        if (_facts.TryGetValue(method, out var facts))
            return facts;
        int nested = method.LastIndexOf('#');
        if (nested > 0 && nested + 1 < method.Length && char.IsDigit(method[nested + 1]))
        {
            Facts(method.Substring(0, nested));
            return _facts.TryGetValue(method, out facts) ? facts : null;
        }
        var read = Read(method);
        foreach (var f in read)
            _facts[f.Id] = f;
        if (!_facts.TryGetValue(method, out facts))
            _facts[method] = null;
        return facts;
    }

    /// <summary>No exception leaves the analyzer: a body that cannot be read is unknown. Debug builds show the exception.</summary>
    IReadOnlyList<MethodFacts> Read(string method)
    {
#if DEBUG
        return ReadBody(method);
#else
        try
        {
            return ReadBody(method);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return Array.Empty<MethodFacts>();
        }
#endif
    }

    IReadOnlyList<MethodFacts> ReadBody(string method)
    {
        if (BodyFactory.IsTypeInitializer(method))
        {
            return _symbols.Find(BodyFactory.TypeOfInitializer(method)) is INamedTypeSymbol type
                ? BodyFactory.ReadTypeInitializer(type, _symbols, _models.Get, _cancel)
                : Array.Empty<MethodFacts>();
        }
        return _symbols.Method(method) is { } symbol
            ? BodyFactory.Read(symbol, _symbols, _models.Get, _cancel)
            : Array.Empty<MethodFacts>();
    }

    public MemberContract Contract(string method)
    {
        if (_symbols.NestedContracts.TryGetValue(method, out var nested))
            return nested;
        if (method.StartsWith(ExactPrefix, StringComparison.Ordinal) && _symbols.Method(method.Substring(ExactPrefix.Length)) is { } own)
            return new MemberContract(SymbolNames.Display(own)) { Closed = true, Managed = own.Name == "ToString" ? "string" : null };
        if (_symbols.Method(method) is { } symbol)
            return _symbols.Contracts.Of(symbol);
        if (BodyFactory.IsTypeInitializer(method))
        {
            Facts(method);
            return _symbols.NestedContracts.TryGetValue(method, out nested) ? nested : MemberContract.Nothing;
        }
        return new MemberContract(External(method)?.Display ?? method) { Closed = method.StartsWith("new ", StringComparison.Ordinal) || method.StartsWith("box ", StringComparison.Ordinal) };
    }

    public MemberContract DelegateContract(string type) =>
        _symbols.DelegateContracts.TryGetValue(type, out var contract) ? contract : MemberContract.Nothing;

    public ImmutableArray<string> TypeArguments(string type) =>
        _symbols.Type(type) is INamedTypeSymbol named ? _symbols.TypeArguments(named) : ImmutableArray<string>.Empty;

    public Dispatch Resolve(string method, string receiverType, string? exactType, string declaredIn)
    {
        if (_symbols.Method(method) is not { } symbol)
            return new Dispatch(ImmutableArray.Create(method), false);
        if (receiverType.Length == 0 && !symbol.IsAbstract && !symbol.IsVirtual && !symbol.IsOverride)
            return new Dispatch(ImmutableArray.Create(method), false);
        var receiver = receiverType.Length == 0 ? null : _symbols.Type(receiverType);
        var through = declaredIn.Length == 0 ? null : _symbols.Type(declaredIn) as INamedTypeSymbol;
        var (targets, open) = _hierarchy.Value.Resolve(symbol, receiver, exactType is null ? null : _symbols.Type(exactType), through);
        return new Dispatch(targets.Select(Exactly).ToImmutableArray(), open);
    }

    public Dispatch ResolveConstrained(string? method, string type)
    {
        if (_symbols.Type(type) is not { } symbol)
            return Dispatch.Unknown;
        if (method == TypeParameterMembers.Box)
            return symbol.IsValueType ? new Dispatch(ImmutableArray.Create("box " + SymbolNames.Display(symbol)), false) : new Dispatch(ImmutableArray<string>.Empty, false);
        if (method is null)
            return Creation(symbol);
        if (_symbols.Method(method) is not { } member || symbol is not INamedTypeSymbol named)
            return Dispatch.Unknown;
        if (symbol.TypeKind == TypeKind.Interface || (!symbol.IsSealed && !symbol.IsValueType && !member.IsStatic))
            return Resolve(method, type, null, "");
        // The interface's own type arguments are not known here: each of them may be meant.
        var implementations = ClassHierarchy.ImplementationsIn(named, member).ToList();
        var targets = implementations.Select(_symbols.Id).Distinct().ToImmutableArray();
        // A struct that leaves the member to its interface is boxed to be the receiver there.
        if (named.IsValueType && !member.IsStatic && implementations.Any(static m => m.ContainingType.TypeKind == TypeKind.Interface))
            targets = targets.Add("box " + SymbolNames.Display(named));
        return targets.IsEmpty ? Dispatch.Unknown : new Dispatch(targets, false);
    }

    /// <summary>What <c>object</c> itself does is known once it is known that nobody overrides it.</summary>
    string Exactly(IMethodSymbol target) =>
        target.ContainingType.SpecialType == SpecialType.System_Object ? ExactPrefix + _symbols.Id(target) : _symbols.Id(target);

    const string ExactPrefix = "exact ";

    Dispatch Creation(ITypeSymbol type)
    {
        var targets = ImmutableArray.CreateBuilder<string>();
        if (!type.IsValueType)
            targets.Add("new " + SymbolNames.Display(type));
        var constructor = (type as INamedTypeSymbol)?.InstanceConstructors.FirstOrDefault(static c => c.Parameters.IsEmpty);
        if (constructor is not null && !(type.IsValueType && constructor.IsImplicitlyDeclared))
            targets.Add(_symbols.Id(constructor));
        return new Dispatch(targets.ToImmutable(), false);
    }

    public IReadOnlyList<string>? FieldWriters(string field)
    {
        if (_symbols.HiddenFields.TryGetValue(field, out var primary))
            return new[] { _symbols.Id(primary) };
        var symbol = _symbols.Find(field);
        // An event that only this compilation can subscribe to.
        if (symbol is IEventSymbol && _symbols.IsSource(symbol) && !ClassHierarchy.IsVisibleOutside(symbol))
            return _members.Bodies(symbol.Name).Where(b => Facts(b) is not null).ToList();
        bool assignedOnce = symbol is IFieldSymbol { IsReadOnly: true } or IPropertySymbol { IsReadOnly: true };
        if (!assignedOnce || symbol!.ContainingType is not { } type || !_symbols.IsSource(type))
            return null;
        return symbol.IsStatic
            ? new[] { BodyFactory.TypeInitializerId(_symbols, type) }
            : type.InstanceConstructors.Where(static c => !(c.IsImplicitlyDeclared && c.Parameters.Length > 0)).Select(_symbols.Id).ToList();
    }

    public IEnumerable<string> BodiesMentioning(string name)
    {
        if (!name.StartsWith("new ", StringComparison.Ordinal))
            return _members.Bodies(name);
        return _members.Bodies(name.Substring(4)).Concat(_members.Bodies(IdentifierIndex.TargetTypedNew)).Distinct();
    }
}

/// <summary>One semantic model for each tree of the compilation and of the projects that it references as source.</summary>
sealed class ModelCache
{
    readonly Dictionary<SyntaxTree, SemanticModel?> _models = new();
    readonly Dictionary<SyntaxTree, Compilation> _owners = new();

    public ModelCache(Compilation compilation)
    {
        var seen = new HashSet<Compilation>();
        var work = new Queue<Compilation>();
        work.Enqueue(compilation);
        while (work.Count > 0)
        {
            var next = work.Dequeue();
            if (!seen.Add(next) || next.Language != LanguageNames.CSharp)
                continue;
            foreach (var tree in next.SyntaxTrees)
            {
                if (!_owners.ContainsKey(tree))
                    _owners.Add(tree, next);
            }
            foreach (var reference in next.References.OfType<CompilationReference>())
                work.Enqueue(reference.Compilation);
        }
        Referenced = _owners.Keys.Where(t => !compilation.ContainsSyntaxTree(t)).OrderBy(static t => t.FilePath, StringComparer.Ordinal).ToImmutableArray();
    }

    /// <summary>Trees of referenced projects.</summary>
    public ImmutableArray<SyntaxTree> Referenced { get; }

    public SemanticModel? Get(SyntaxTree tree)
    {
        if (!_models.TryGetValue(tree, out var model))
            _models.Add(tree, model = _owners.TryGetValue(tree, out var owner) ? Model(owner, tree) : null);
        return model;
    }

    // RS1030: the analysis is interprocedural, so it reads bodies of other trees. One model for each tree and one GetOperation for
    // each body that a chain leads into; measured affordable because the walk begins at few places.
#pragma warning disable RS1030
    static SemanticModel Model(Compilation compilation, SyntaxTree tree) => compilation.GetSemanticModel(tree);
#pragma warning restore RS1030
}
