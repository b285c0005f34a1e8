using System.Collections.Immutable;
using FenceSafety.Analyzers.Annotations;
using FenceSafety.Analyzers.Program;
using FenceSafety.Core.Facts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace FenceSafety.Analyzers.Bodies;

/// <summary>Reads members: their own bodies, initialisers, base calls, and the bodies nested in them.</summary>
static class BodyFactory
{
    /// <summary>A static constructor and the static initialisers before it are one body.</summary>
    public static string TypeInitializerId(SymbolTable symbols, INamedTypeSymbol type) => symbols.Id(type) + MethodFacts.TypeInitializerSuffix;

    public static string TypeOfInitializer(string id) => id.Substring(0, id.Length - MethodFacts.TypeInitializerSuffix.Length);

    /// <summary>The facts of a member and of every body nested in it; empty if it has no body that can be seen.</summary>
    public static IReadOnlyList<MethodFacts> Read(IMethodSymbol method, SymbolTable symbols, Func<SyntaxTree, SemanticModel?> models, CancellationToken cancel) =>
        DeepSyntax.Read(Written(method, cancel), () => ReadMember(method, symbols, models, cancel));

    /// <summary>The text that a member is read from. Of a type that is the constructor, all members would be too much.</summary>
    static IEnumerable<SyntaxNode> Written(IMethodSymbol method, CancellationToken cancel)
    {
        var own = (method.PartialImplementationPart ?? method).DeclaringSyntaxReferences.Select(r => r.GetSyntax(cancel));
        return method.MethodKind == MethodKind.Constructor
            ? own.Select(static s => s is TypeDeclarationSyntax type ? type.BaseList : s).OfType<SyntaxNode>().Concat(InstanceInitializers(method.ContainingType))
            : own;
    }

    static IReadOnlyList<MethodFacts> ReadMember(IMethodSymbol method, SymbolTable symbols, Func<SyntaxTree, SemanticModel?> models, CancellationToken cancel)
    {
        method = method.PartialImplementationPart ?? method;
        var syntax = method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancel);
        bool isConstructor = method.MethodKind == MethodKind.Constructor;
        if (syntax is null && isConstructor)
            syntax = method.ContainingType.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancel);
        if (syntax is null || models(syntax.SyntaxTree) is not { } model)
            return Array.Empty<MethodFacts>();
        if (method.IsAbstract || (method.IsExtern && !method.IsPartialDefinition))
            return Array.Empty<MethodFacts>();
        if (!isConstructor)
            symbols.Sources.Add(syntax);
        string id = symbols.Id(method);
        var context = new BodyContext(id, method, model, symbols, models, isConstructor ? null : syntax);
        var name = symbols.Contracts.Of(method).Name;
        if (name.IsNone)
            name = syntax is TypeDeclarationSyntax owner ? symbols.Spans.Of(owner.Identifier) : symbols.Spans.Of(syntax);
        var parts = new List<Part>();
        if (isConstructor)
            Constructor(method, syntax, symbols, models, parts, name, cancel);
        else if (Operation(syntax, model, symbols, cancel) is { } root)
            parts.Add(new Part(Graph(root, symbols, cancel), model, null, root.Syntax));
        else if (method.PartialDefinitionPart is null && !method.IsPartialDefinition && !AutoProperties.HasNoBody(method) && !method.IsImplicitlyDeclared)
            return Array.Empty<MethodFacts>();
        return Assemble(context, id, method, name, parts, symbols, cancel);
    }

    public static IReadOnlyList<MethodFacts> ReadTypeInitializer(
        INamedTypeSymbol type, SymbolTable symbols, Func<SyntaxTree, SemanticModel?> models, CancellationToken cancel) =>
        DeepSyntax.Read(
            StaticInitializers(type).Concat(type.StaticConstructors.SelectMany(static c => c.DeclaringSyntaxReferences).Select(r => r.GetSyntax(cancel))),
            () => ReadInitializer(type, symbols, models, cancel));

    static IReadOnlyList<MethodFacts> ReadInitializer(
        INamedTypeSymbol type, SymbolTable symbols, Func<SyntaxTree, SemanticModel?> models, CancellationToken cancel)
    {
        var parts = new List<Part>();
        foreach (var initializer in StaticInitializers(type))
            AddInitializer(initializer, symbols, models, parts, cancel);
        var constructor = type.StaticConstructors.FirstOrDefault(static c => !c.IsImplicitlyDeclared);
        var syntax = constructor?.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancel);
        if (syntax is not null)
            symbols.Sources.Add(syntax);
        if (syntax is not null && models(syntax.SyntaxTree) is { } model && Operation(syntax, model, symbols, cancel) is { } root)
            parts.Add(new Part(Graph(root, symbols, cancel), model, null, syntax));
        var first = parts.FirstOrDefault(static p => p.Model is not null);
        if (first is null)
            return Array.Empty<MethodFacts>();
        string id = TypeInitializerId(symbols, type);
        var context = new BodyContext(id, type, first.Model!, symbols, models, null);
        string display = SymbolNames.Display((ITypeSymbol)type) + ".static constructor";
        bool critical = constructor is not null && symbols.Contracts.Of(constructor).Critical;
        symbols.Effects.NestedContracts[id] = new MemberContract(display) { AssumeSafe = symbols.Contracts.Annotations.Has(type, Attributes.AssumeFenceSafe), Critical = critical };
        var facts = Assemble(context, id, null, symbols.Spans.Of(first.Syntax!), parts, symbols, cancel, display);
        return constructor is null ? facts : facts.Select(f => f.Id == id ? f with { RunsAtCalls = true } : f).ToList();
    }

    sealed record Part(ControlFlowGraph? Graph, SemanticModel? Model, Action<OperationReader>? Extra, SyntaxNode? Syntax);

    static IReadOnlyList<MethodFacts> Assemble(
        BodyContext context, string id, IMethodSymbol? method, SourceSpan name, List<Part> parts, SymbolTable symbols, CancellationToken cancel,
        string? display = null)
    {
        var all = new List<Part>();
        if (method is not null)
            all.Add(new Part(null, null, r => Prologue(r, context, method, name), null));
        foreach (var part in parts)
        {
            all.Add(part.Syntax is null || part.Graph is null
                ? part
                : part with { Extra = r => OpenScopes(r, part.Syntax, part.Model!, context) });
        }
        if (method is not null && OperationReader.IsSynchronized(method))
            all.Add(new Part(null, null, r => r.ReleasedAtEnd(method, name), null));
        var slots = Parameters(context, id, method);
        var reader = new OperationReader(context, id, method, null, cancel);
        var blocks = BlockBuilder.Build(all.Select(static p => (p.Graph, p.Extra)), reader);
        var facts = Facts(context, id, method, name, blocks, slots, null, display ?? symbols.Contracts.Of(method!).Display);
        var result = new List<MethodFacts> { facts };
        result.AddRange(context.Nested);
        return result;
    }

    /// <summary>The state machine of the body, and the locks that are held when it begins.</summary>
    static void Prologue(OperationReader reader, BodyContext context, IMethodSymbol method, SourceSpan name)
    {
        reader.HeldOnEntry(method, name);
        if (method.IsAsync)
            reader.Prologue(name, "async", "an async state machine");
        else if (IsIterator(method))
            reader.Prologue(name, "iterator", "an iterator");
    }

    /// <summary>Closure objects are made where the scope of their variables opens.</summary>
    static void OpenScopes(OperationReader reader, SyntaxNode body, SemanticModel model, BodyContext context)
    {
        foreach (var (scope, variable) in Closures.Scopes(body, model))
            reader.OpenScope(scope, variable);
    }

    public static void AddNested(
        BodyContext context, string id, string parent, IMethodSymbol method, ControlFlowGraph graph, SyntaxNode syntax, CancellationToken cancel)
    {
        // Reserves the place: a body may mention itself.
        var name = syntax is LocalFunctionStatementSyntax local ? context.Symbols.Spans.Of(local.Identifier) : context.Symbols.Spans.Of(syntax);
        int place = context.Nested.Count;
        context.Nested.Add(new MethodFacts { Id = id, Display = "", Name = name, Blocks = ImmutableArray<Block>.Empty });
        var slots = Parameters(context, id, method);
        var reader = new OperationReader(context, id, method, graph, cancel);
        var blocks = BlockBuilder.Build(
            new (ControlFlowGraph?, Action<OperationReader>?)[] { (null, r => Prologue(r, context, method, name)), (graph, null) }, reader);
        string display = context.Symbols.Effects.NestedContracts.TryGetValue(id, out var contract) ? contract.Display : id;
        context.Nested[place] = Facts(context, id, method, name, blocks, slots, parent, display);
    }

    static ImmutableArray<int> Parameters(BodyContext context, string id, IMethodSymbol? method) =>
        method is null ? ImmutableArray<int>.Empty : method.Parameters.Select(p => context.Declare(p, id)).ToImmutableArray();

    static MethodFacts Facts(
        BodyContext context, string id, IMethodSymbol? method, SourceSpan name, ImmutableArray<Block> blocks, ImmutableArray<int> slots,
        string? parent, string display)
    {
        var type = method?.ContainingType;
        return new MethodFacts
        {
            Id = id,
            Display = display,
            Name = name,
            Member = MemberName(context, method) is { IsNone: false } member ? member : name,
            Blocks = blocks,
            ParameterSlots = slots,
            ParameterDefaults = method is null ? ImmutableArray<Value>.Empty : method.Parameters.Select(p => Default(context, p)).ToImmutableArray(),
            ReceiverDefault = context.Symbols.Opaque(type),
            Parent = parent,
            Nested = parent is null ? context.Nested.Select(static n => n.Id).ToImmutableArray() : ImmutableArray<string>.Empty,
            OutParameters = method is null ? ImmutableArray<int>.Empty
                : method.Parameters.Where(static p => p.RefKind is RefKind.Out or RefKind.Ref).Select(static p => p.Ordinal).ToImmutableArray(),
            GuardParameters = method is null ? ImmutableArray<int>.Empty
                : method.Parameters.Where(static p => p.RefKind == RefKind.Out && Disposables.IsDisposable(p.Type)).Select(static p => p.Ordinal).ToImmutableArray(),
            ReturnsDisposable = method is not null && Disposables.IsDisposable(Disposables.Awaited(method.ReturnType)),
            IsConstructor = method?.MethodKind == MethodKind.Constructor,
            IsOfDisposable = Disposables.IsDisposable(type),
            IsDispose = method?.Name is "Dispose" or "DisposeAsync",
            IsIterator = method is not null && IsIterator(method),
            IsVisibleOutside = method is not null && parent is null && ClassHierarchy.IsVisibleOutside(method),
            CallName = CallName(method),
            WrittenElsewhere = context.WrittenElsewhere.ToImmutableHashSet(),
            ConsumedElsewhere = context.ConsumedElsewhere.ToImmutableHashSet(),
            CapturedSlots = context.Captured.ToImmutableHashSet(),
        };
    }

    static SourceSpan MemberName(BodyContext context, IMethodSymbol? method)
    {
        var symbol = method?.AssociatedSymbol ?? method;
        return symbol?.Locations.FirstOrDefault() is { SourceTree: { } tree } location
            ? context.Symbols.Spans.Of(tree, location.SourceSpan) : SourceSpan.None;
    }

    /// <summary>What callers write: the property for its accessors, the type for its constructors.</summary>
    static string CallName(IMethodSymbol? method) => method switch
    {
        null => "",
        { MethodKind: MethodKind.Constructor } => method.ContainingType.Name,
        { AssociatedSymbol: IPropertySymbol { IsIndexer: true } } => "",
        { AssociatedSymbol: { } owner } => owner.Name,
        { ExplicitInterfaceImplementations: { IsEmpty: false } explicitly } => explicitly[0].Name,
        _ => method.Name,
    };

    static Value Default(BodyContext context, IParameterSymbol parameter)
    {
        var named = context.Annotations.Find(parameter, Attributes.LockClass) ?? context.Annotations.Find(parameter.Type, Attributes.LockClass);
        if (named?.Text(0) is { Length: > 0 } name)
        {
            bool safe = context.Annotations.Has(parameter.Type, Attributes.FenceSafeLock);
            return new Value.Field(null, "class " + name, new LockInfo(LockClasses.Named(named, name), name, safe));
        }
        return context.Symbols.Opaque(parameter.Type.OriginalDefinition);
    }

    /// <summary>What returns anything else cannot yield.</summary>
    public static bool IsIterator(IMethodSymbol method) =>
        method.ReturnType.Name is "IEnumerable" or "IEnumerator" or "IAsyncEnumerable" or "IAsyncEnumerator"
        && method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is { } syntax && HasYield(syntax);

    static bool HasYield(SyntaxNode body) =>
        body.DescendantNodes(n => n == body || n is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax))
            .Any(static n => n is YieldStatementSyntax);

    static IOperation? Operation(SyntaxNode syntax, SemanticModel model, SymbolTable symbols, CancellationToken cancel)
    {
        symbols.Counts.Operation();
        var operation = model.GetOperation(syntax, cancel);
        if (operation is null && (syntax as PropertyDeclarationSyntax)?.ExpressionBody is { } arrow)
            operation = model.GetOperation(arrow, cancel);
        return operation;
    }

    static ControlFlowGraph? Graph(IOperation root, SymbolTable symbols, CancellationToken cancel)
    {
        symbols.Counts.Graph();
        return root switch
        {
            IMethodBodyOperation { Parent: null } m => ControlFlowGraph.Create(m, cancel),
            IConstructorBodyOperation { Parent: null } c => ControlFlowGraph.Create(c, cancel),
            IBlockOperation { Parent: null } b => ControlFlowGraph.Create(b, cancel),
            IFieldInitializerOperation { Parent: null } f => ControlFlowGraph.Create(f, cancel),
            IPropertyInitializerOperation { Parent: null } p => ControlFlowGraph.Create(p, cancel),
            _ => null,
        };
    }

    // ---- constructors

    static void Constructor(
        IMethodSymbol method, SyntaxNode syntax, SymbolTable symbols, Func<SyntaxTree, SemanticModel?> models, List<Part> parts, SourceSpan name,
        CancellationToken cancel)
    {
        var declaration = syntax as ConstructorDeclarationSyntax;
        if (declaration is not null)
            symbols.Sources.Add(declaration);
        bool chained = declaration?.Initializer?.ThisOrBaseKeyword.IsKind(SyntaxKind.ThisKeyword) == true;
        if (!chained)
        {
            foreach (var initializer in InstanceInitializers(method.ContainingType))
                AddInitializer(initializer, symbols, models, parts, cancel);
            bool explicitBase = declaration?.Initializer is not null
                || (syntax is TypeDeclarationSyntax { BaseList: { } list } && list.Types.Any(static t => t is PrimaryConstructorBaseTypeSyntax));
            if (!explicitBase && method.ContainingType.BaseType is { SpecialType: not (SpecialType.System_Object or SpecialType.System_ValueType) } @base
                && method.ContainingType.TypeKind == TypeKind.Class
                && @base.InstanceConstructors.FirstOrDefault(static c => c.Parameters.IsEmpty) is { } implied)
                parts.Add(new Part(null, null, r => r.ImplicitBase(implied, name), null));
        }
        if (syntax is TypeDeclarationSyntax && !method.Parameters.IsEmpty)
            parts.Add(new Part(null, null, r => r.CaptureParameters(method, name), null));
        if (models(syntax.SyntaxTree) is not { } model)
            return;
        if (declaration is not null && Operation(declaration, model, symbols, cancel) is { } root)
            parts.Add(new Part(Graph(root, symbols, cancel), model, null, declaration));
        else if (syntax is TypeDeclarationSyntax { BaseList: { } bases }
            && bases.Types.OfType<PrimaryConstructorBaseTypeSyntax>().FirstOrDefault() is { } primary
            && Operation(primary, model, symbols, cancel) is { } call)
            parts.Add(new Part(null, model, r => r.Statement(call), primary));
    }

    static void AddInitializer(
        SyntaxNode initializer, SymbolTable symbols, Func<SyntaxTree, SemanticModel?> models, List<Part> parts, CancellationToken cancel)
    {
        symbols.Sources.Add(initializer);
        if (models(initializer.SyntaxTree) is { } model && Operation(initializer, model, symbols, cancel) is { } operation && Graph(operation, symbols, cancel) is { } graph)
            parts.Add(new Part(graph, model, null, initializer));
    }

    static IEnumerable<SyntaxNode> InstanceInitializers(INamedTypeSymbol type) => Initializers(type, isStatic: false);

    public static IEnumerable<SyntaxNode> StaticInitializers(INamedTypeSymbol type) => Initializers(type, isStatic: true);

    static IEnumerable<SyntaxNode> Initializers(INamedTypeSymbol type, bool isStatic)
    {
        foreach (var reference in type.DeclaringSyntaxReferences)
        {
            if (reference.GetSyntax() is not TypeDeclarationSyntax declaration)
                continue;
            foreach (var member in declaration.Members)
            {
                if (member.Modifiers.Any(SyntaxKind.ConstKeyword) || member.Modifiers.Any(SyntaxKind.StaticKeyword) != isStatic)
                    continue;
                if (member is BaseFieldDeclarationSyntax field)
                {
                    foreach (var variable in field.Declaration.Variables)
                    {
                        if (variable.Initializer is { } initializer)
                            yield return initializer;
                    }
                }
                else if (member is PropertyDeclarationSyntax { Initializer: { } value })
                {
                    yield return value;
                }
            }
        }
    }
}
