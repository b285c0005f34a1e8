using System.Collections.Immutable;
using FenceSafety.Analyzers.Annotations;
using FenceSafety.Analyzers.Program;
using FenceSafety.Core.Facts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace FenceSafety.Analyzers.Bodies;

/// <summary><c>EqualityComparer&lt;T&gt;.Default</c> and <c>Comparer&lt;T&gt;.Default</c> ask the type itself.</summary>
sealed partial class OperationReader
{
    /// <summary>The type that answers, if this is a call on the default comparer of one.</summary>
    static ITypeSymbol? ComparedBy(IInvocationOperation call) =>
        call.TargetMethod is { Name: "Equals" or "GetHashCode" or "Compare", ContainingType: { TypeArguments.Length: 1, Name: "EqualityComparer" or "Comparer" } comparer }
        && comparer.ContainingNamespace is { Name: "Generic", ContainingNamespace: { Name: "Collections", ContainingNamespace.Name: "System" } }
        && call.Instance is IPropertyReferenceOperation { Property: { Name: "Default", IsStatic: true, ContainingType: var from } }
        && SymbolEqualityComparer.Default.Equals(from, comparer)
            ? comparer.TypeArguments[0]
            : null;

    Value DefaultComparison(IInvocationOperation call, ITypeSymbol type)
    {
        var (arguments, _) = Arguments(call.Arguments, call.TargetMethod);
        if (Answer(call.TargetMethod, type) is { } answer)
            EmitCall(
                call, answer, null, true, type, arguments.Length > 0 ? arguments[0] : Value.None,
                answer.Parameters.Select((_, i) => i + 1 < arguments.Length ? arguments[i + 1] : Value.None).ToImmutableArray(), NoOuts);
        else
            Unknown(Span(call), "call", SymbolNames.Display(call.TargetMethod));
        return Value.None;
    }

    /// <summary>The member that is asked: the type's own <c>IEquatable</c> or <c>IComparable</c>, else what it has of <c>object</c>.</summary>
    IMethodSymbol? Answer(IMethodSymbol asked, ITypeSymbol type)
    {
        var compilation = _context.Model.Compilation;
        if (asked.Name != "GetHashCode")
        {
            string name = asked.Name == "Compare" ? "System.IComparable`1" : "System.IEquatable`1";
            var own = compilation.GetTypeByMetadataName(name)?.Construct(type);
            if (own is not null && (type is ITypeParameterSymbol ? asked.Name == "Compare" : type.AllInterfaces.Contains(own, SymbolEqualityComparer.Default)))
                return own.GetMembers().OfType<IMethodSymbol>().FirstOrDefault();
        }
        return asked.Name == "Compare"
            ? null
            : compilation.ObjectType.GetMembers(asked.Name).OfType<IMethodSymbol>().FirstOrDefault(static m => !m.IsStatic);
    }

    // ---- records, and the framework's collections and algorithms

    /// <summary>What the compiler writes for a record asks its members.</summary>
    void RecordEquality(IOperation at, INamedTypeSymbol type, string asked)
    {
        if (Own(type, asked) is { IsEmpty: false } own)
        {
            Ask(at, own);
            return;
        }
        foreach (var field in type.GetMembers().OfType<IFieldSymbol>().Where(static f => !f.IsStatic))
        {
            if (field.Type is INamedTypeSymbol { SpecialType: SpecialType.None, TypeKind: TypeKind.Class or TypeKind.Struct or TypeKind.Interface } member && Symbols.IsSource(member))
            {
                if (Own(member, asked) is { IsEmpty: false } equals)
                    Ask(at, equals);
                else if (member is { IsValueType: true, IsRecord: false, TypeKind: TypeKind.Struct })
                    Managed(Span(at), "boxing", SymbolNames.Display(member));
            }
        }
    }

    /// <summary>Collections and algorithms ask keys and elements, or the comparer that they were made with: code of the user's, or not.</summary>
    void Comparisons(IOperation at, IMethodSymbol method, IOperation? instance)
    {
        if (Comparing.Elements(method) is not { Asked: { Length: > 0 } asked } question)
            return;
        if (instance is not null && Comparing.IsCollection(method.ContainingType) && MadeWith(Unconverted(instance)) is { } comparer)
        {
            if (comparer is INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct } known && Symbols.IsSource(known))
                Ask(at, Comparing.Of(known).SelectMany(i => Implementations(known, i)).ToImmutableArray());
            else if (comparer.TypeKind is TypeKind.Interface or TypeKind.TypeParameter)
                Unknown(Span(at), "call", SymbolNames.Display(comparer));
            return;
        }
        foreach (var type in question.Types)
        {
            foreach (string name in asked)
                AskElement(at, type, name);
        }
    }

    void AskElement(IOperation at, ITypeSymbol type, string name)
    {
        var work = new Stack<ITypeSymbol>();
        work.Push(type);
        while (work.Count > 0)
        {
            if (work.Pop() is not INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct } next)
                continue;
            // A tuple, or a value that may be null, asks what is in it.
            if (next.IsTupleType || next.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T)
            {
                foreach (var part in next.TypeArguments)
                    work.Push(part);
            }
            else if (Symbols.IsSource(next))
            {
                Ask(at, Own(next, name));
            }
        }
    }

    void Ask(IOperation at, ImmutableArray<IMethodSymbol> members)
    {
        foreach (var m in members)
            EmitCall(at, m, null, false, null, Value.None, m.Parameters.Select(static _ => Value.None).ToImmutableArray(), NoOuts);
    }

    /// <summary>What the type itself, or the nearest base, says for this: of two answers the one that takes the type itself.</summary>
    static ImmutableArray<IMethodSymbol> Own(INamedTypeSymbol type, string name)
    {
        for (INamedTypeSymbol? t = type; t is not null && t.SpecialType == SpecialType.None; t = t.BaseType)
        {
            var own = t.GetMembers(name).OfType<IMethodSymbol>().Where(static m => !m.IsStatic && !m.IsImplicitlyDeclared && m.Parameters.Length <= 1).ToImmutableArray();
            if (own.IsEmpty)
                continue;
            var exact = own.Where(m => m.Parameters.Length == 1 && SymbolEqualityComparer.Default.Equals(m.Parameters[0].Type, t)).ToImmutableArray();
            return exact.IsEmpty ? own : exact;
        }
        return ImmutableArray<IMethodSymbol>.Empty;
    }

    // ---- comparers

    static IEnumerable<IMethodSymbol> Implementations(INamedTypeSymbol type, INamedTypeSymbol comparer) =>
        comparer.GetMembers().OfType<IMethodSymbol>().Select(m => type.FindImplementationForInterfaceMember(m)).OfType<IMethodSymbol>();

    /// <summary>Sorting and searching with a comparer of the user's: it is all that they call.</summary>
    bool AsksComparers(IInvocationOperation call, ImmutableArray<Value> arguments)
    {
        if (call.TargetMethod is { Name: "GetValueOrDefault", ContainingType.Name: "CollectionExtensions" })
            return LooksUp(call, arguments[0]);
        if (call.TargetMethod.ContainingType is not { Name: "Array" or "List" or "MemoryExtensions" } || Symbols.IsSource(call.TargetMethod.OriginalDefinition))
            return false;
        bool any = false;
        foreach (var argument in call.Arguments)
        {
            if (argument.Parameter is not { } parameter || Unconverted(argument.Value) is not { Type: INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct } type } operand
                || !Symbols.IsSource(type) || !Comparing.Of(type).Any())
                continue;
            foreach (var asked in Comparing.Of(type).SelectMany(i => Implementations(type, i)))
                EmitCall(call, asked, operand, !type.IsSealed, null, arguments[parameter.Ordinal], asked.Parameters.Select(static _ => Value.None).ToImmutableArray(), NoOuts);
            any = true;
        }
        return any;
    }

    /// <summary>GetValueOrDefault on a dictionary that is known as more than an interface is its TryGetValue.</summary>
    bool LooksUp(IInvocationOperation call, Value dictionary)
    {
        if (Unconverted(call.Arguments[0].Value) is not { Type: INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct } type } operand
            || type.GetMembers("TryGetValue").OfType<IMethodSymbol>().FirstOrDefault(static m => m.Parameters.Length == 2) is not { } find)
            return false;
        EmitCall(call, find, operand, true, null, dictionary, find.Parameters.Select(static _ => Value.None).ToImmutableArray(), NoOuts);
        return true;
    }

    /// <summary>The type of the comparer that a collection was made with: where its field, property or local is initialised, or a constructor assigns it.</summary>
    ITypeSymbol? MadeWith(IOperation? instance)
    {
        foreach (var value in Makers.Of(instance))
        {
            if (value is BaseObjectCreationExpressionSyntax { ArgumentList.Arguments: { Count: > 0 } arguments })
            {
                var model = _context.ModelOf(value);
                foreach (var argument in arguments)
                {
                    if (model.GetTypeInfo(argument.Expression).Type is { } type && Comparing.Of(type).Any())
                        return type;
                }
            }
            // What has an initialiser is not looked for in constructors, for each call anew.
            if (value is BaseObjectCreationExpressionSyntax { Parent: EqualsValueClauseSyntax })
                return null;
        }
        return null;
    }
}
