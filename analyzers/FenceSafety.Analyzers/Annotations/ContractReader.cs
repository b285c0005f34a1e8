using System.Collections.Concurrent;
using System.Collections.Immutable;
using FenceSafety.Analyzers.Framework;
using FenceSafety.Analyzers.Program;
using FenceSafety.Core.Facts;
using Microsoft.CodeAnalysis;

namespace FenceSafety.Analyzers.Annotations;

/// <summary>What is declared of a method: by itself, its property or type, the members it overrides or implements, or the framework's summary.</summary>
sealed class ContractReader(AnnotationStore annotations, Func<FrameworkSummary> framework, SpanMap spans)
{
    readonly ConcurrentDictionary<IMethodSymbol, MemberContract> _cache = new(SymbolEqualityComparer.Default);

    public AnnotationStore Annotations => annotations;

    public MemberContract Of(IMethodSymbol method) => _cache.GetOrAdd(method.OriginalDefinition, Read);

    MemberContract Read(IMethodSymbol method)
    {
        var contract = new MemberContract(SymbolNames.Display(method)) { Name = NameOf(method) };
        foreach (var symbol in Declarations(method))
            contract = Add(contract, annotations.Of(symbol), method);
        if (!contract.Critical && !contract.MayAllocate && Inherited(method).Any(b => Of(b).Critical))
            contract = contract with { Critical = true };
        foreach (var b in Inherited(method))
        {
            var of = Of(b);
            contract = contract with
            {
                Critical = contract.Critical || of.Critical,
                RunsInReclaim = contract.RunsInReclaim || of.RunsInReclaim,
                RunsAtomic = contract.RunsAtomic || of.RunsAtomic,
            };
        }
        // A delegate's or an extern's contract is all that is known; source bodies say more.
        if (!HasSource(method) && !contract.HasContract)
            return framework().Apply(contract, method);
        return contract;
    }

    static bool HasSource(IMethodSymbol method) => method.DeclaringSyntaxReferences.Length > 0 || method.ContainingType?.DeclaringSyntaxReferences.Length > 0;

    /// <summary>The method, its property or event, and its type: an attribute on each of them speaks of the method.</summary>
    static IEnumerable<ISymbol> Declarations(IMethodSymbol method)
    {
        yield return method;
        if (method.AssociatedSymbol is { } owner and not INamedTypeSymbol)
            yield return owner;
        if (method.ContainingType is { } type && method.MethodKind is not (MethodKind.LocalFunction or MethodKind.AnonymousFunction))
            yield return type;
    }

    /// <summary>The members whose contract this one inherits.</summary>
    public static IEnumerable<IMethodSymbol> Inherited(IMethodSymbol method)
    {
        if (method.OverriddenMethod is { } overridden)
            yield return overridden;
        foreach (var e in method.ExplicitInterfaceImplementations)
            yield return e;
        if (method.ContainingType is not { TypeKind: TypeKind.Class or TypeKind.Struct } type || method.IsOverride && method.ContainingType is null)
            yield break;
        if (method.MethodKind is MethodKind.LocalFunction or MethodKind.AnonymousFunction or MethodKind.Constructor or MethodKind.StaticConstructor)
            yield break;
        foreach (var i in type.AllInterfaces)
        {
            foreach (var member in i.GetMembers(method.Name))
            {
                if (member is IMethodSymbol m && SymbolEqualityComparer.Default.Equals(type.FindImplementationForInterfaceMember(m), method))
                    yield return m;
            }
        }
    }

    MemberContract Add(MemberContract contract, ImmutableArray<Annotation> list, IMethodSymbol method)
    {
        foreach (var a in list)
        {
            contract = a.Name switch
            {
                Attributes.FenceCritical => contract with { Critical = true },
                Attributes.MayAllocate => Allocation(contract, a, method),
                Attributes.WaitsForFence => contract with { WaitsForFence = true },
                Attributes.RunsInReclaim => contract with { RunsInReclaim = true },
                Attributes.RunsAtomic => contract with { RunsAtomic = true },
                Attributes.AssumeFenceSafe => contract with { AssumeSafe = true },
                Attributes.AcquiresLock => contract with { Acquires = true },
                Attributes.ReleasesLock => contract with { Releases = true },
                Attributes.BeginsFenceCritical => contract with { BeginsRegion = true },
                Attributes.EndsFenceCritical => contract with { EndsRegion = true },
                _ => contract,
            };
        }
        return contract;
    }

    static MemberContract Allocation(MemberContract contract, Annotation a, IMethodSymbol method)
    {
        contract = contract with { MayAllocate = true };
        if (a.Value("FlagsParameter") is not string name)
            return contract;
        var parameter = method.Parameters.FirstOrDefault(p => p.Name == name);
        return parameter is null
            ? contract
            : contract with { FlagsParameter = parameter.Ordinal, BlockingFlags = Bits(a.Value("BlockingFlags")) ?? -1 };
    }

    /// <summary>An enum constant or integer as bits; null if it is neither.</summary>
    public static long? Bits(object? value) => value switch
    {
        int i => i,
        uint u => u,
        long l => l,
        ulong ul => unchecked((long)ul),
        short s => s,
        ushort us => us,
        byte b => b,
        sbyte sb => sb,
        _ => null,
    };

    /// <summary>The contract of a delegate type, or of a delegate-typed parameter.</summary>
    public MemberContract OfDelegate(ISymbol symbol)
    {
        var contract = new MemberContract(symbol is ITypeSymbol type ? SymbolNames.Display(type) : symbol.Name);
        var list = annotations.Of(symbol);
        // A parameter inherits what the overridden or implemented member says of it.
        if (symbol is IParameterSymbol { Type.TypeKind: TypeKind.Delegate, ContainingSymbol: IMethodSymbol owner } parameter)
            list = list.AddRange(Inherited(owner).Where(m => parameter.Ordinal < m.Parameters.Length).SelectMany(m => annotations.Of(m.Parameters[parameter.Ordinal])));
        foreach (var a in list)
        {
            contract = a.Name switch
            {
                Attributes.FenceCritical => contract with { Critical = true },
                Attributes.MayAllocate => contract with { MayAllocate = true },
                Attributes.WaitsForFence => contract with { WaitsForFence = true },
                Attributes.AssumeFenceSafe => contract with { AssumeSafe = true },
                Attributes.RunsInReclaim => contract with { RunsInReclaim = true },
                Attributes.RunsAtomic => contract with { RunsAtomic = true },
                _ => contract,
            };
        }
        return contract;
    }

    SourceSpan NameOf(IMethodSymbol method)
    {
        foreach (var location in method.Locations)
        {
            if (location.SourceTree is { } tree)
                return spans.Of(tree, location.SourceSpan);
        }
        return SourceSpan.None;
    }
}
