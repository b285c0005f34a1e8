using FenceSafety.Analyzers.Annotations;
using FenceSafety.Analyzers.Bodies;
using FenceSafety.CodeFixes.Consume;
using FenceSafety.CodeFixes.Fixing;
using FenceSafety.CodeFixes.ReleaseInFinally;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace FenceSafety.CodeFixes.TakeReference;

/// <summary>A counted object in a local: found under a lock in one statement, used after it in a range of later ones.</summary>
/// <param name="Found">The statement that finds it.</param>
/// <param name="First">The first statement of <paramref name="List"/> after the lock was released.</param>
/// <param name="Last">The last one that uses it.</param>
sealed record CountedUse(ILocalSymbol Local, IMethodSymbol Acquire, IMethodSymbol Release, StatementSyntax Found, IReadOnlyList<StatementSyntax> List, int First, int Last)
{
    public static CountedUse? Of(Site site)
    {
        if (site.Statement is not { } statement || Root(site.Node as ExpressionSyntax, site) is not { } name
            || site.Model.GetSymbolInfo(name, site.Cancel).Symbol is not ILocalSymbol { RefKind: RefKind.None } local
            || Method(local.Type, "Acquire") is not { } acquire || Method(local.Type, "Release") is not { ReturnsVoid: true } release)
        {
            return null;
        }
        var writes = LocalWrites.Of(site, local).Where(static w => w is not LiteralExpressionSyntax { RawKind: (int)SyntaxKind.NullLiteralExpression or (int)SyntaxKind.DefaultLiteralExpression }).ToList();
        if (writes.Count != 1 || writes[0]?.FirstAncestorOrSelf<StatementSyntax>() is not { } found || found.SpanStart > statement.SpanStart
            || !IsWhole(found, writes[0]!))
        {
            return null;
        }
        var list = ListAround(statement, found);
        int first = list is null ? -1 : FirstAfterTheLock(site, list, found);
        if (first < 0 || statement.IndexAround(list!) < first)
            return null;
        var uses = Uses(site, local).ToList();
        bool isHandled = uses.Any(u => Consumers.IsConsuming(u, site.Model) || u.Parent is MemberAccessExpressionSyntax m && (m.Name.Identifier.ValueText == acquire.Name || m.Name.Identifier.ValueText == release.Name));
        int last = uses.Where(u => u.SpanStart > list![first].SpanStart).Select(u => u.IndexAround(list!)).DefaultIfEmpty(-1).Max();
        return isHandled || last < first ? null : new CountedUse(local, acquire, release, found, list!, first, WithItsLocals(list!, first, last));
    }

    static bool IsWhole(StatementSyntax statement, ExpressionSyntax value) => statement switch
    {
        ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax a } => a.Right == value,
        LocalDeclarationStatementSyntax { Declaration.Variables: { Count: 1 } v } => v[0].Initializer?.Value == value,
        _ => false,
    };

    /// <summary>The object that is blocked on, or that what is blocked on is inside of.</summary>
    static IdentifierNameSyntax? Root(ExpressionSyntax? expression, Site site)
    {
        while (expression is not (null or IdentifierNameSyntax))
        {
            expression = expression switch
            {
                InvocationExpressionSyntax i when site.Model.GetOperation(i, site.Cancel) is IInvocationOperation call && LockApi.Recognize(call) is { FromArgument: true }
                    => i.ArgumentList.Arguments.FirstOrDefault()?.Expression,
                InvocationExpressionSyntax i => i.Expression,
                MemberAccessExpressionSyntax m => m.Expression,
                ParenthesizedExpressionSyntax p => p.Expression,
                _ => null,
            };
        }
        return (IdentifierNameSyntax?)expression;
    }

    static IMethodSymbol? Method(ITypeSymbol type, string property)
    {
        var counted = type.OriginalDefinition.GetAttributes().FirstOrDefault(static a => Attributes.NameOf(a) == Attributes.RefCounted);
        string? name = counted?.NamedArguments.FirstOrDefault(n => n.Key == property).Value.Value as string;
        return name is null ? null : type.GetMembers(name).OfType<IMethodSymbol>()
            .FirstOrDefault(static m => m is { Parameters.IsEmpty: true, IsStatic: false } && (m.ReturnsVoid || m.ReturnType.SpecialType == SpecialType.System_Boolean));
    }

    static IReadOnlyList<StatementSyntax>? ListAround(StatementSyntax use, StatementSyntax found) => use.AncestorsAndSelf().OfType<StatementSyntax>()
        .Select(Siblings.Of).FirstOrDefault(l => l.Count > 0 && found.IndexAround(l) >= 0);

    static int FirstAfterTheLock(Site site, IReadOnlyList<StatementSyntax> list, StatementSyntax found)
    {
        int at = found.IndexAround(list);
        if (list[at] != found)
            return at + 1;
        for (int i = at + 1; i < list.Count; i++)
        {
            if (list[i] is ExpressionStatementSyntax { Expression: InvocationExpressionSyntax call } && site.Model.GetOperation(call, site.Cancel) is IInvocationOperation operation && Pairs.GivesBack(operation))
                return i + 1;
        }
        return -1;
    }

    public static IEnumerable<IdentifierNameSyntax> Uses(Site site, ILocalSymbol local) => site.Member.DescendantNodes().OfType<IdentifierNameSyntax>()
        .Where(i => i.Identifier.ValueText == local.Name && !LocalWrites.Is(i) && SymbolEqualityComparer.Default.Equals(site.Model.GetSymbolInfo(i, site.Cancel).Symbol, local));

    /// <summary>What the range declares stays in scope, and what it holds with <c>using</c> stays held.</summary>
    static int WithItsLocals(IReadOnlyList<StatementSyntax> list, int first, int last)
    {
        var declared = new HashSet<string>(list.Skip(first).Take(last - first + 1).OfType<LocalDeclarationStatementSyntax>()
            .SelectMany(static d => d.Declaration.Variables).Select(static v => v.Identifier.ValueText));
        bool isHeldLonger = list.Skip(first).Take(last - first + 1).Any(static s => s is LocalDeclarationStatementSyntax { UsingKeyword.RawKind: not 0 });
        bool isUsedLater = isHeldLonger || list.Skip(last + 1).SelectMany(static s => s.DescendantNodes()).OfType<IdentifierNameSyntax>().Any(i => declared.Contains(i.Identifier.ValueText));
        return isUsedLater ? list.Count - 1 : last;
    }
}
