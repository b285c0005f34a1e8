using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FenceSafety.Analyzers.Annotations;

/// <summary>The arguments of an annotation-file line: as in C#, read by the compiler's own parser.</summary>
static class AttributeArguments
{
    /// <summary>What is wrong, or null.</summary>
    public static string? Parse(
        string text, Compilation compilation, out ImmutableArray<object?> arguments, out ImmutableDictionary<string, object?> named)
    {
        arguments = ImmutableArray<object?>.Empty;
        named = ImmutableDictionary<string, object?>.Empty;
        if (text.Length == 0)
            return null;
        var list = SyntaxFactory.ParseAttributeArgumentList("(" + text + ")");
        if (list is null || list.ContainsDiagnostics || list.FullSpan.Length != text.Length + 2)
            return $"'{text}' are no attribute arguments: they are written as in C#, such as \"reason\" or FlagsParameter = \"flags\", BlockingFlags = 1";
        foreach (var argument in list.Arguments)
        {
            if (!Evaluate(argument.Expression, compilation, out object? value))
                return $"'{argument.Expression}' is no constant: a string, an integer, a boolean or an enum member with its full name";
            if (argument.NameEquals is { } name)
                named = named.SetItem(name.Name.Identifier.ValueText, value);
            else
                arguments = arguments.Add(value);
        }
        return null;
    }

    static bool Evaluate(ExpressionSyntax expression, Compilation compilation, out object? value)
    {
        value = null;
        switch (expression)
        {
            case LiteralExpressionSyntax literal:
                value = literal.Token.Value;
                return true;
            case ParenthesizedExpressionSyntax inner:
                return Evaluate(inner.Expression, compilation, out value);
            case PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.UnaryMinusExpression } minus:
                if (!Evaluate(minus.Operand, compilation, out value) || ContractReader.Bits(value) is not { } bits)
                    return false;
                value = -bits;
                return true;
            case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.BitwiseOrExpression } or:
                if (!Evaluate(or.Left, compilation, out object? left) || !Evaluate(or.Right, compilation, out object? right)
                    || ContractReader.Bits(left) is not { } a || ContractReader.Bits(right) is not { } b)
                    return false;
                value = a | b;
                return true;
            case MemberAccessExpressionSyntax member:
                string type = member.Expression.ToString();
                if (type is "LockKind" or "FenceSafety.LockKind")
                {
                    value = member.Name.Identifier.ValueText == "Spin" ? 1 : 0;
                    return member.Name.Identifier.ValueText is "Spin" or "Sleeping";
                }
                var field = compilation.GetTypeByMetadataName(type)?.GetMembers(member.Name.Identifier.ValueText).OfType<IFieldSymbol>().FirstOrDefault();
                value = field?.ConstantValue;
                return field is { HasConstantValue: true };
            default:
                return false;
        }
    }
}
