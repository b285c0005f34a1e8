using System.Collections.Immutable;
using System.Composition;
using FenceSafety.CodeFixes.Fixing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.CodeFixes.TakeReference;

/// <summary>Takes a reference while the lock under which the object was found is held, and puts it, in a <c>finally</c>, after the last use.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(TakeReferenceCodeFixProvider)), Shared]
public sealed class TakeReferenceCodeFixProvider : ProvenCodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("FENCE014");

    private protected override string Key => "FenceSafety.TakeReference";

    private protected override IEnumerable<Change> Changes(Site site)
    {
        if (CountedUse.Of(site) is not { } use)
            yield break;
        var edits = new Wrapping(site);
        var after = AfterItsNullTest(use);
        bool mayBeNull = after == use.Found && CountedUse.Uses(site, use.Local).Any(IsNullTest);
        if (Acquisition(site, use, mayBeNull) is not { } acquisition || !edits.CanWrap(use.List, use.First, use.Last) || Insertion(site, after, acquisition) is not { } insertion)
            yield break;
        foreach (var edit in insertion)
            edits.Add(edit);
        string name = use.Local.Name, around = site.Lines.Indentation(use.List[use.First]), eol = site.Lines.EndOfLine;
        string put = around + Wrapping.Unit(around) + name + (mayBeNull ? "?." : ".") + use.Release.Name + "();" + eol;
        edits.Wrap(
            use.List[use.First], use.List[use.Last], use.List[use.Last], "try", around + "finally" + eol + around + "{" + eol + put + around + "}" + eol);
        yield return site.Change("Take a reference with '" + name + "." + use.Acquire.Name + "', put it with '" + name + "." + use.Release.Name + "'", edits.Edits);
    }

    /// <summary>Lines, the second one level deeper.</summary>
    static string[]? Acquisition(Site site, CountedUse use, bool mayBeNull)
    {
        string name = use.Local.Name, call = use.Acquire.Name + "();";
        if (use.Acquire.ReturnsVoid)
            return new[] { name + (mayBeNull ? "?." : ".") + call };
        // An object that is going away is not there: what that means only a method without a result leaves no doubt about.
        return mayBeNull || !ReturnsNothing(site) ? null : new[] { "if (!" + name + "." + use.Acquire.Name + "())", "return;" };
    }

    static bool ReturnsNothing(Site site)
    {
        var body = site.Node.Ancestors().FirstOrDefault(static n =>
            n is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax or AccessorDeclarationSyntax);
        return (body is null ? null : site.Model.GetDeclaredSymbol(body, site.Cancel)) is IMethodSymbol method
            && (method.ReturnsVoid || (method.IsAsync && method.ReturnType is INamedTypeSymbol { IsGenericType: false }));
    }

    /// <summary><c>if (page == null) return;</c> right after it was found.</summary>
    static StatementSyntax AfterItsNullTest(CountedUse use)
    {
        var list = Siblings.Of(use.Found);
        int next = use.Found.IndexIn(list) + 1;
        return next > 0 && next < list.Count && list[next] is IfStatementSyntax { Else: null } i && Leaves(i.Statement)
            && i.Condition.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(n => n.Identifier.ValueText == use.Local.Name && IsNullTest(n))
            && i.Condition is not BinaryExpressionSyntax { RawKind: (int)SyntaxKind.NotEqualsExpression or (int)SyntaxKind.LogicalAndExpression } and not IsPatternExpressionSyntax { Pattern: UnaryPatternSyntax }
                ? i
                : use.Found;
    }

    static bool Leaves(StatementSyntax statement) =>
        statement is ReturnStatementSyntax or ThrowStatementSyntax or ContinueStatementSyntax or BreakStatementSyntax
        || statement is BlockSyntax { Statements: { Count: > 0 } s } && Leaves(s[s.Count - 1]);

    static bool IsNullTest(IdentifierNameSyntax use) => use.Parent switch
    {
        BinaryExpressionSyntax b => b.Kind() is SyntaxKind.EqualsExpression or SyntaxKind.NotEqualsExpression,
        IsPatternExpressionSyntax => true,
        ConditionalAccessExpressionSyntax c => c.Expression == use,
        _ => false,
    };

    static IEnumerable<TextChange>? Insertion(Site site, StatementSyntax after, string[] lines)
    {
        if (!site.Lines.IsAlone(after) || after.ContainsDirectives)
            return null;
        string at = site.Lines.Indentation(after), eol = site.Lines.EndOfLine;
        string text = at + string.Join(eol + at + Wrapping.Unit(at), lines) + eol;
        if (Siblings.Of(after).Count > 0)
            return new[] { new TextChange(new TextSpan(site.Lines.Of(after).End, 0), text) };
        string around = site.Lines.Indentation(after.Parent!);
        return new[]
        {
            new TextChange(new TextSpan(site.Lines.Start(after), 0), around + "{" + eol),
            new TextChange(new TextSpan(site.Lines.Of(after).End, 0), text + around + "}" + eol),
        };
    }
}
