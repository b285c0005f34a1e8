using System.Collections.Concurrent;
using System.Collections.Immutable;
using FenceSafety.Analyzers.Annotations;
using FenceSafety.Analyzers.Bodies;
using FenceSafety.Analyzers.Live;
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
    readonly ProgramTrees _trees;
    readonly Answers _answers;
    readonly ProgramEdit? _edit;
    readonly CancellationToken _cancel;
    readonly Dictionary<string, MethodFacts?> _facts = new(StringComparer.Ordinal);
    readonly ImmutableDictionary<string, BodyMemo>.Builder _bodies = ImmutableDictionary.CreateBuilder<string, BodyMemo>(StringComparer.Ordinal);
    readonly BodyEffects _effects = new();

    /// <param name="answers">Takes what is asked and answered, beside the bodies that are read.</param>
    /// <param name="edit">From an earlier compilation to this one, or null: then nothing is known.</param>
    public RoslynProgram(
        Compilation compilation, SymbolTable symbols, MemberLookup members, ModelCache models, ReferenceSummaries summaries, ProgramTrees trees,
        Answers answers, ProgramEdit? edit, CancellationToken cancel)
    {
        _summaries = summaries;
        _trees = trees;
        _answers = answers;
        _edit = edit;
        _symbols = symbols;
        symbols.RunsInitialiserAtCalls = type => !_summaries.IsEmpty && External(BodyFactory.TypeInitializerId(symbols, type)) is { RunsAtCalls: true };
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

    /// <summary>Members that were read or carried over.</summary>
    public ImmutableDictionary<string, BodyMemo> Bodies => _bodies.ToImmutable();

    /// <summary>What all bodies say that were read, in this run or in the one that it goes on from.</summary>
    public BodyEffects Effects => _before?.With(_effects) ?? _effects;

    BodyEffects? _before;

    /// <summary>Of bodies that are not read again it is known what they say.</summary>
    public void GoOn(BodyEffects? before) => _before = before;

    public IEnumerable<string> Seeds
    {
        get
        {
            var seeds = _answers.Seeds ??= _seeds.Find();
            // Asked in any case: the next edit is compared with what was asked.
            var named = seeds.Names.Select(_members.Bodies).ToList();
            if (_answers.Start.IsDefault)
            {
                _answers.Start = ReferenceEquals(seeds, _edit?.Memo.Answers.Seeds) && !_edit!.ChangesMentions(seeds.Names)
                    ? _edit.Memo.Answers.Start
                    : seeds.Bodies.Concat(named.SelectMany(static n => n)).Distinct().OrderBy(static s => s, StringComparer.Ordinal).ToImmutableArray();
            }
            return _answers.Start;
        }
    }

    public MethodFacts? Facts(string method)
    {
        if (_facts.TryGetValue(method, out var facts))
            return facts;
        if (NestedIds.MemberOf(method) is { } member)
        {
            Facts(member);
            return _facts.TryGetValue(method, out facts) ? facts : null;
        }
        var body = Body(method);
        _effects.Add(body.Effects);
        foreach (var f in body.Facts)
            _facts[f.Id] = f;
        if (!_facts.TryGetValue(method, out facts))
            _facts[method] = null;
        return facts;
    }

    /// <summary>A member as it is kept or, if it changed or was not asked for before, as it is read.</summary>
    public BodyMemo Body(string method)
    {
        if (_bodies.TryGetValue(method, out var body))
            return body;
        body = _edit is not null && _edit.Memo.Bodies.TryGetValue(method, out var kept) && _edit.IsUnchanged(kept) ? kept : ReadNow(method);
        _bodies.Add(method, body);
        return body;
    }

    BodyMemo ReadNow(string method)
    {
        _symbols.BeginBody();
        var facts = Read(method).ToImmutableArray();
        if (_symbols.Sources.Count > 0)
            _symbols.Counts.Body();
        var sources = ImmutableArray.CreateBuilder<(int, int)>();
        foreach (var node in _symbols.Sources)
        {
            int tree = _trees.IndexOf(node.SyntaxTree);
            if (tree >= 0)
                sources.AddRange(_trees.Facts[tree].Layout.Within(node.Span).Select(s => (tree, s)));
        }
        return new BodyMemo(facts, _symbols.Effects, sources.ToImmutable());
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
        catch (Exception e) when (e is not (OperationCanceledException or StaleMemoException))
        {
            return Array.Empty<MethodFacts>();
        }
#endif
    }

    IReadOnlyList<MethodFacts> ReadBody(string method)
    {
        if (MethodFacts.IsTypeInitializer(method))
        {
            return _symbols.Member(BodyFactory.TypeOfInitializer(method)) is INamedTypeSymbol type
                ? BodyFactory.ReadTypeInitializer(type, _symbols, _models.Get, _cancel)
                : Array.Empty<MethodFacts>();
        }
        return _symbols.Method(method) is { } symbol
            ? BodyFactory.Read(symbol, _symbols, _models.Get, _cancel)
            : Array.Empty<MethodFacts>();
    }

    public MemberContract Contract(string method)
    {
        if (Nested(method) is { } nested)
            return nested;
        if (_answers.Contracts.TryGetValue(method, out var contract))
            return contract;
        if (MethodFacts.IsTypeInitializer(method))
        {
            Facts(method);
            return Nested(method) ?? ReferencedInitializer(method);
        }
        contract = Declared(method);
        // What is nested in a body is not declared.
        if (NestedIds.MemberOf(method) is null)
            _answers.Contracts[method] = contract;
        return contract;
    }

    MemberContract? Nested(string method) =>
        _effects.NestedContracts.TryGetValue(method, out var contract) || (_before is not null && _before.NestedContracts.TryGetValue(method, out contract)) ? contract : null;

    /// <summary>A reference without a summary of it has none, as far as anybody knows: the members that need it are unknown themselves.</summary>
    MemberContract ReferencedInitializer(string method) => External(method) is { } known
        ? new MemberContract(known.Display)
        {
            AssumeSafe = _symbols.Member(BodyFactory.TypeOfInitializer(method)) is INamedTypeSymbol type && _symbols.Contracts.Annotations.Has(type, Annotations.Attributes.AssumeFenceSafe),
        }
        : new MemberContract(method) { Closed = true };

    MemberContract Declared(string method)
    {
        if (method.StartsWith(ExactPrefix, StringComparison.Ordinal) && _symbols.Method(method.Substring(ExactPrefix.Length)) is { } own)
            return new MemberContract(SymbolNames.Display(own)) { Closed = true, Managed = own.Name == "ToString" ? "string" : null };
        if (_symbols.Method(method) is { } symbol)
            return _symbols.Contracts.Of(symbol);
        return new MemberContract(External(method)?.Display ?? method) { Closed = method.StartsWith("new ", StringComparison.Ordinal) || method.StartsWith("box ", StringComparison.Ordinal) };
    }

    public MemberContract DelegateContract(string type) =>
        _effects.DelegateContracts.TryGetValue(type, out var contract) || (_before is not null && _before.DelegateContracts.TryGetValue(type, out contract))
            ? contract : MemberContract.Nothing;

    /// <summary>An answer about declarations: as it was given before, or given now.</summary>
    static TAnswer Ask<TQuestion, TAnswer>(ConcurrentDictionary<TQuestion, TAnswer> answers, TQuestion question, Func<TAnswer> answer)
        where TQuestion : notnull =>
        answers.TryGetValue(question, out var known) ? known : answers[question] = answer();

    public ImmutableArray<string> TypeArguments(string type) =>
        Ask(_answers.TypeArguments, type, () => _symbols.Type(type) is INamedTypeSymbol named ? _symbols.TypeArguments(named) : ImmutableArray<string>.Empty);

    public Dispatch Resolve(string method, string receiverType, string? exactType, string declaredIn) =>
        Ask(_answers.Dispatch, (method, receiverType, exactType, declaredIn), () => Find(method, receiverType, exactType, declaredIn));

    public Dispatch ResolveConstrained(string? method, string type) => Ask(_answers.Constrained, (method, type), () => FindConstrained(method, type));

    Dispatch Find(string method, string receiverType, string? exactType, string declaredIn)
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

    Dispatch FindConstrained(string? method, string type)
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
        var targets = implementations.Select(Exactly).Distinct().ToImmutableArray();
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
        if (_effects.HiddenFields.TryGetValue(field, out string? primary) || (_before is not null && _before.HiddenFields.TryGetValue(field, out primary)))
            return new[] { primary };
        var declared = Ask(_answers.FieldWriters, field, () => DeclaredWriters(field));
        return declared is { Count: 2 } && declared[0] == EventWriters ? _members.Bodies(declared[1]).Where(b => Facts(b) is not null).ToList() : declared;
    }

    const string EventWriters = "event";

    /// <summary>The writers, or for an event (which all who mention it may write) its name.</summary>
    IReadOnlyList<string>? DeclaredWriters(string field)
    {
        var symbol = _symbols.Member(field);
        // An event that only this compilation can subscribe to.
        if (symbol is IEventSymbol && _symbols.IsSource(symbol) && !ClassHierarchy.IsVisibleOutside(symbol))
            return new[] { EventWriters, symbol.Name };
        bool assignedOnce = symbol is IFieldSymbol { IsReadOnly: true } or IPropertySymbol { IsReadOnly: true };
        if (!assignedOnce || symbol!.ContainingType is not { } type)
            return null;
        if (!_symbols.IsSource(type))
        {
            // Of another assembly's constructors only the visible ones are known here.
            string initializer = BodyFactory.TypeInitializerId(_symbols, type.OriginalDefinition);
            return symbol is IFieldSymbol { IsStatic: true } && External(initializer) is { Stores.IsEmpty: false } ? new[] { initializer } : null;
        }
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
