using FenceSafety.Analyzers.Annotations;
using FenceSafety.Analyzers.Bodies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace FenceSafety.CodeFixes.HoistAllocation;

/// <summary>
/// Whether calls may be made without the lock: all that they do, through any chain of calls, is allocate, work on what they made
/// themselves, and use the state of other types under locks of those types.
/// </summary>
sealed class Callees(Compilation compilation, INamedTypeSymbol? home, CancellationToken cancel)
{
    const int MostBodies = 200;

    readonly HashSet<ISymbol> _seen = new(SymbolEqualityComparer.Default);

    /// <summary>Fields, properties and methods that the calls use.</summary>
    public HashSet<ISymbol> Touched { get; } = new(SymbolEqualityComparer.Default);

    /// <summary>The type whose lock is held.</summary>
    public INamedTypeSymbol? Home { get; } = home?.OriginalDefinition;

    public bool AcceptsOperator(IMethodSymbol? method) => method is null || Accepts(method);

    public bool AcceptsSetter(IPropertySymbol property) =>
        property.SetMethod is { } setter && (AutoProperties.IsPlain(property, setter) || Accepts(setter));

    /// <summary>Whether the property stands for a field, of ours or of the framework's; else its accessors say what it does.</summary>
    public static bool IsState(IPropertySymbol property) =>
        property.DeclaringSyntaxReferences.IsEmpty || (property.GetMethod ?? property.SetMethod) is { } accessor && AutoProperties.IsPlain(property, accessor);

    public bool AcceptsAccessors(IPropertySymbol property)
    {
        if (IsState(property))
            return true;
        return property is { IsAbstract: false, IsVirtual: false } && (!property.IsOverride || property.IsSealed)
            && (property.GetMethod is null || Accepts(property.GetMethod)) && (property.SetMethod is null || Accepts(property.SetMethod));
    }

    public bool Accepts(IObjectCreationOperation creation) =>
        creation.Constructor is { } constructor && Accepts(constructor) && (IsSource(constructor) || creation.Arguments.All(IsHarmless));

    public bool Accepts(IInvocationOperation call)
    {
        var method = call.TargetMethod;
        if (method.MethodKind is MethodKind.DelegateInvoke or MethodKind.FunctionPointerSignature)
            return false;
        if (call.IsVirtual && call.Instance?.Type is not { IsSealed: true } && !method.IsSealed)
            return false;
        if (!Accepts(method))
            return false;
        // By convention static members are safe for threads, and instance members are not.
        return IsSource(method) || (call.Arguments.All(IsHarmless)
            && (call.Instance is null || method.MethodKind == MethodKind.Constructor || Fresh.Is(call.Instance)));
    }

    bool Accepts(IMethodSymbol method)
    {
        method = (method.ReducedFrom ?? method).OriginalDefinition;
        cancel.ThrowIfCancellationRequested();
        if (!_seen.Add(method))
            return true;
        Touched.Add(method);
        if (LockCalls.Has(method, Attributes.AcquiresLock, Attributes.ReleasesLock, Attributes.RequiresLock, Attributes.BeginsFenceCritical, Attributes.EndsFenceCritical))
            return false;
        if (!IsSource(method))
            return !LockApi.Names.Contains(method.Name) || method.ContainingNamespace?.ToString() != "System.Threading";
        return _seen.Count <= MostBodies && Bodies(method).All(b => new CalleeBody(this, b, method).IsFine());
    }

    static bool IsSource(IMethodSymbol method) => !method.OriginalDefinition.ContainingType.DeclaringSyntaxReferences.IsEmpty;

    bool IsHarmless(IArgumentOperation argument) =>
        !SharedState.IsMutableReference(argument.Value.Type) || Fresh.Is(argument.Value);

    /// <summary>The body, and for a constructor what runs before it.</summary>
    IEnumerable<IOperation> Bodies(IMethodSymbol method)
    {
        foreach (var reference in method.DeclaringSyntaxReferences)
        {
            // A record or primary constructor is its type's declaration, and has no body of its own.
            var syntax = reference.GetSyntax(cancel);
            if (syntax is not TypeDeclarationSyntax && Operation(syntax) is { } body)
                yield return body;
        }
        if (method.MethodKind != MethodKind.Constructor)
            yield break;
        foreach (var member in method.ContainingType.GetMembers().Where(static m => !m.IsStatic && m is IFieldSymbol or IPropertySymbol))
        {
            foreach (var reference in member.DeclaringSyntaxReferences)
            {
                var value = reference.GetSyntax(cancel) switch
                {
                    VariableDeclaratorSyntax { Initializer.Value: var v } => v,
                    PropertyDeclarationSyntax { Initializer.Value: var v } => v,
                    _ => null,
                };
                if (value is not null && Operation(value) is { } initializer)
                    yield return initializer;
            }
        }
    }

    IOperation? Operation(SyntaxNode syntax) => compilation.ContainsSyntaxTree(syntax.SyntaxTree)
        ? compilation.GetSemanticModel(syntax.SyntaxTree).GetOperation(syntax, cancel)
        : null;
}
