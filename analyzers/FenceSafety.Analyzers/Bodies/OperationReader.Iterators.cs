using System.Collections.Immutable;
using FenceSafety.Analyzers.Program;
using FenceSafety.Core.Facts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace FenceSafety.Analyzers.Bodies;

/// <summary>Iterators: calling one makes an object, enumerating that runs the body.</summary>
sealed partial class OperationReader
{
    readonly Dictionary<IInvocationOperation, CallOp> _mayMakeIterators = new();

    /// <summary><c>foreach</c> over an iterator runs the iterator's body.</summary>
    void RunIterator(IInvocationOperation call)
    {
        if (Unconverted(call.Instance) is IInvocationOperation made && _mayMakeIterators.TryGetValue(made, out var iterator))
            Emit(iterator with
            {
                Span = Span(call),
                Enumerates = true,
                Result = -1,
                OutSlots = NoOuts,
                RefParameters = ImmutableArray<int>.Empty,
                // What a reference gives to be enumerated is code that is not seen, unless it is an iterator.
                OrUnknown = call.TargetMethod.Name is "MoveNext" or "MoveNextAsync" && !Symbols.IsSource(made.TargetMethod.OriginalDefinition),
            });
    }

    /// <summary><c>foreach</c> over a collection of the framework that may be derived from: a class enumerator, as of an interface.</summary>
    bool IsUnseenEnumerator(IInvocationOperation call) =>
        call is { IsImplicit: true, TargetMethod: { Name: "GetEnumerator", ReturnType.TypeKind: TypeKind.Interface, ContainingType.TypeKind: TypeKind.Class } method }
        && ClassHierarchy.IsFramework(method.ContainingAssembly) && Unconverted(call.Instance)?.Type is { } type && !Symbols.IsSource(type.OriginalDefinition)
        && !Symbols.Contracts.Of(method).Closed;

    bool IsMadeHere(IInvocationOperation call) => Unconverted(call.Instance) is IInvocationOperation made && _mayMakeIterators.ContainsKey(made);

    /// <summary>An iterator, or a member that may be one: the engine knows of the bodies and summaries that it finds.</summary>
    bool MayBeIterator(IMethodSymbol method) =>
        Enumeration.Is(method.ReturnType)
        && (Symbols.IsSource(method.OriginalDefinition)
            ? method.IsVirtual || method.IsAbstract || method.IsOverride || BodyFactory.IsIterator(method.OriginalDefinition)
            : !ClassHierarchy.IsFramework(method.ContainingAssembly));

    /// <summary>A value is enumerated here, whatever it is: what it was made by is followed, not its arguments.</summary>
    void Enumerates(IOperation at, Value value)
    {
        if (value is Value.Slot or Value.Field or Value.AnyOf or Value.Delegate)
            Emit(new CallOp(Span(at), new CallTarget.Invoke("", "the enumeration"), value, ImmutableArray<Value>.Empty, -1) { Enumerates = true });
    }

    /// <summary>A member of a reference may enumerate what it is given, now or when its result is enumerated.</summary>
    void EnumeratedByCallee(IOperation at, IMethodSymbol method, ImmutableArray<Value> arguments)
    {
        if (Symbols.IsSource(method.OriginalDefinition))
            return;
        for (int i = 0; i < arguments.Length && i < method.Parameters.Length; i++)
        {
            if (!Enumeration.Is(method.Parameters[i].Type))
                continue;
            Enumerates(at, arguments[i]);
            if (Unconverted(ArgumentOf(at, method.Parameters[i])) is { Type: INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct } type } own && Symbols.IsSource(type))
                EnumeratesOwn(at, own, type, (INamedTypeSymbol)method.Parameters[i].Type, arguments[i]);
        }
    }

    static IOperation? ArgumentOf(IOperation call, IParameterSymbol parameter) => (call switch
    {
        IInvocationOperation invocation => invocation.Arguments,
        IObjectCreationOperation creation => creation.Arguments,
        _ => ImmutableArray<IArgumentOperation>.Empty,
    }).FirstOrDefault(a => a.Parameter?.Ordinal == parameter.Ordinal)?.Value;

    /// <summary>A collection of the user's: its enumerator is made, and asked for all that is in it.</summary>
    void EnumeratesOwn(IOperation at, IOperation operand, INamedTypeSymbol type, INamedTypeSymbol sequence, Value collection)
    {
        foreach (var begins in sequence.GetMembers().OfType<IMethodSymbol>())
        {
            if (!Enumeration.Begins(begins) || type.FindImplementationForInterfaceMember(begins) is not IMethodSymbol { } own || !Symbols.IsSource(own))
                continue;
            var enumerator = EmitCall(at, own, operand, !type.IsSealed, null, collection, ImmutableArray<Value>.Empty, NoOuts);
            Enumerates(at, enumerator);
            var members = own.ReturnType.AllInterfaces.Prepend(own.ReturnType).SelectMany(static i => i.GetMembers()).OfType<IMethodSymbol>();
            foreach (var step in members.Where(static m => m.Name is "MoveNext" or "MoveNextAsync" or "get_Current" && m.ContainingType.IsGenericType == (m.Name == "get_Current")))
                EmitCall(at, step, null, true, null, enumerator, ImmutableArray<Value>.Empty, NoOuts);
        }
    }

    string MemberId(IMethodSymbol method) => method.MethodKind == MethodKind.LocalFunction ? LocalFunctionId(method) : Symbols.Id(method);
}

/// <summary>The interfaces of iterators.</summary>
static class Enumeration
{
    public static bool Is(ITypeSymbol type) => type is INamedTypeSymbol { TypeKind: TypeKind.Interface } && type.OriginalDefinition is
    {
        SpecialType: SpecialType.System_Collections_IEnumerable or SpecialType.System_Collections_IEnumerator
            or SpecialType.System_Collections_Generic_IEnumerable_T or SpecialType.System_Collections_Generic_IEnumerator_T,
    } or
    {
        Name: "IAsyncEnumerable" or "IAsyncEnumerator", ContainingNamespace: { Name: "Generic", ContainingNamespace.Name: "Collections" },
    };

    /// <summary>What it returns does its work, and calls what it was given, when it is enumerated.</summary>
    public static bool IsQuery(IMethodSymbol method) =>
        method is { IsStatic: true, ContainingType: { Name: "Enumerable", ContainingNamespace: { Name: "Linq", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } } } }
        && (Is(method.ReturnType) || method.ReturnType.Name == "IOrderedEnumerable");

    /// <summary>The delegates of a query.</summary>
    public static ImmutableArray<int> Deferred(IMethodSymbol method) => IsQuery(method)
        ? method.Parameters.Where(static p => p.Type.TypeKind == TypeKind.Delegate).Select(static p => p.Ordinal).ToImmutableArray() : ImmutableArray<int>.Empty;

    /// <summary>A member that runs the body of an iterator, or begins to.</summary>
    public static bool Begins(IMethodSymbol method) =>
        method.Name is "GetEnumerator" or "GetAsyncEnumerator" or "MoveNext" or "MoveNextAsync" && method.ContainingType is { } type && Is(type);
}
