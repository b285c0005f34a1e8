using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace FenceSafety.CodeFixes.HoistAllocation;

/// <summary>Names of locals: which can move to a wider scope, and what to call a new one.</summary>
static class Names
{
    /// <summary>Verbs that say how a value was come by, not what it is.</summary>
    static readonly string[] Verbs = { "Allocate", "Alloc", "Create", "Make", "New", "Rent", "Get", "Take", "Acquire", "Reserve", "TryAlloc" };

    /// <summary>The name means nothing else in the member, outside the block of its declaration.</summary>
    public static bool IsFree(string name, StatementSyntax declaration, SyntaxNode member)
    {
        var scope = declaration.Parent!;
        return scope is GlobalStatementSyntax || !member.DescendantTokens()
            .Any(t => t.IsKind(SyntaxKind.IdentifierToken) && t.ValueText == name && !scope.Span.Contains(t.Span)
                && !(t.Parent is SimpleNameSyntax { Parent: MemberAccessExpressionSyntax m } n && m.Name == n));
    }

    public static string ForValue(Target target, SemanticModel model) => Unique(Wish(target.Syntax, target.Reported, model), target.Member);

    /// <summary>The name, with a number if the member uses it already.</summary>
    public static string Unique(string wish, params SyntaxNode[] members)
    {
        var taken = new HashSet<string>(members.SelectMany(static m => m.DescendantTokens()).Where(static t => t.IsKind(SyntaxKind.IdentifierToken)).Select(static t => t.ValueText));
        string name = wish;
        for (int i = 2; taken.Contains(name) || SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(name) != SyntaxKind.None; i++)
            name = wish + i.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return name;
    }

    /// <summary>After what the value becomes, else after what makes it.</summary>
    public static string Wish(ExpressionSyntax syntax, ExpressionSyntax reported, SemanticModel model)
    {
        string? wish = syntax.Parent switch
        {
            AssignmentExpressionSyntax { Left: IdentifierNameSyntax left } => left.Identifier.ValueText,
            AssignmentExpressionSyntax { Left: MemberAccessExpressionSyntax left } => left.Name.Identifier.ValueText,
            EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax d } => d.Identifier.ValueText,
            ArgumentSyntax a => (model.GetOperation(a) as IArgumentOperation)?.Parameter?.Name,
            _ => null,
        };
        wish = Camel(wish) ?? Camel(WithoutVerb(Called(reported)));
        if (wish is not null)
            return wish;
        var type = model.GetTypeInfo(syntax).Type;
        return type is INamedTypeSymbol { SpecialType: SpecialType.None, IsTupleType: false } ? Camel(type.Name) ?? "allocated" : "allocated";
    }

    static string? Called(ExpressionSyntax expression) => expression switch
    {
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax m } => m.Name.Identifier.ValueText,
        InvocationExpressionSyntax { Expression: SimpleNameSyntax n } => n.Identifier.ValueText,
        _ => null,
    };

    static string? WithoutVerb(string? method)
    {
        if (method is null)
            return null;
        string noun = method.EndsWith("Async", StringComparison.Ordinal) ? method.Substring(0, method.Length - "Async".Length) : method;
        string? verb = Verbs.FirstOrDefault(v => noun.StartsWith(v, StringComparison.Ordinal) && (noun.Length == v.Length || char.IsUpper(noun[v.Length])));
        return verb is null ? null : noun.Substring(verb.Length);
    }

    static string? Camel(string? name)
    {
        string trimmed = (name ?? "").TrimStart('_');
        if (trimmed.StartsWith("s_", StringComparison.Ordinal) || trimmed.StartsWith("m_", StringComparison.Ordinal))
            trimmed = trimmed.Substring(2);
        return trimmed.Length == 0 || char.IsDigit(trimmed[0]) ? null : char.ToLowerInvariant(trimmed[0]) + trimmed.Substring(1);
    }
}
