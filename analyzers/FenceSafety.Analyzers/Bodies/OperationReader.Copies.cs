using FenceSafety.Analyzers.Annotations;
using FenceSafety.Analyzers.Program;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace FenceSafety.Analyzers.Bodies;

/// <summary>Locks that are structs, copied: the copy is another lock.</summary>
sealed partial class OperationReader
{
    /// <summary>A variable of a lock type, or of a struct that has one in it, whose value is taken.</summary>
    void NoteLockCopy(IOperation operation)
    {
        if (operation.Type is not INamedTypeSymbol { TypeKind: TypeKind.Struct, SpecialType: SpecialType.None } type
            || operation is not (IFieldReferenceOperation or ILocalReferenceOperation or IParameterReferenceOperation or IArrayElementReferenceOperation)
            || operation.IsImplicit || !_context.HasLock(type) || IsPlace(operation))
            return;
        Symbols.Effects.LockCopies.Add((Symbols.Spans.Of(operation.Syntax), SymbolNames.Display(type)));
    }

    /// <summary>By syntax: the operations of a control-flow graph are lowered, and may have no parents.</summary>
    bool IsPlace(IOperation operation)
    {
        var syntax = operation.Syntax;
        while (syntax.Parent is ParenthesizedExpressionSyntax or PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression })
            syntax = syntax.Parent;
        return syntax.Parent switch
        {
            MemberAccessExpressionSyntax access => access.Expression == syntax,
            ElementAccessExpressionSyntax access => access.Expression == syntax,
            AssignmentExpressionSyntax assignment => assignment.Left == syntax,
            RefExpressionSyntax or PrefixUnaryExpressionSyntax or ExpressionStatementSyntax or IsPatternExpressionSyntax => true,
            LockStatementSyntax or ForEachStatementSyntax => true,
            ArgumentSyntax argument => !argument.RefKindKeyword.IsKind(SyntaxKind.None) || argument.Parent?.Parent is InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: "nameof" } }
                || operation.Parent is IArgumentOperation { Parameter.RefKind: RefKind.In or RefKind.RefReadOnlyParameter },
            null => true,
            _ => syntax is not ExpressionSyntax,
        };
    }
}

/// <summary>Structs that must not be copied.</summary>
static class LockStructs
{
    public static bool Is(ITypeSymbol type, AnnotationStore annotations) =>
        type is { Name: "SpinLock", ContainingNamespace: { Name: "Threading", ContainingNamespace.Name: "System" } } || annotations.Has(type, Attributes.LockPrimitive);

    /// <summary>The type is a lock, or has one in it.</summary>
    public static bool Has(INamedTypeSymbol type, AnnotationStore annotations)
    {
        var seen = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        var work = new Stack<INamedTypeSymbol>();
        work.Push(type);
        while (work.Count > 0)
        {
            var next = work.Pop();
            if (!seen.Add(next))
                continue;
            if (Is(next, annotations))
                return true;
            if (next.OriginalDefinition.DeclaringSyntaxReferences.IsEmpty)
                continue;
            foreach (var field in next.GetMembers().OfType<IFieldSymbol>())
            {
                if (!field.IsStatic && field.Type is INamedTypeSymbol { TypeKind: TypeKind.Struct, SpecialType: SpecialType.None } inner)
                    work.Push(inner);
            }
        }
        return false;
    }
}
