using System.Collections.Immutable;
using System.Composition;
using System.Text;
using FenceSafety.CodeFixes.Fixing;
using FenceSafety.CodeFixes.HoistAllocation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.CodeFixes.MoveWait;

/// <summary>Moves a wait before the fence-critical region that this body begins, with the declarations it needs.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MoveWaitCodeFixProvider)), Shared]
public sealed class MoveWaitCodeFixProvider : ProvenCodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("FENCE003");

    private protected override string Key => "FenceSafety.MoveWait";

    private protected override IEnumerable<Change> Changes(Site site)
    {
        if (site.Reported<ExpressionSyntax>() is not { } reported || site.Statement is not { ContainsDirectives: false } wait
            || Whole(wait, site.Member) is not { } value || !IsWait(value, reported) || site.Model.GetOperation(value, site.Cancel) is not { } operation)
        {
            yield break;
        }
        var way = new WayBack(site, site.Member);
        if (way.To(wait, Unwrapped(operation)) is { } begin && Move(site, way.Dependencies.Append(wait).ToList(), begin) is { } edits)
            yield return site.Change("Move '" + Short(reported) + "' before the critical region", edits);
    }

    /// <summary>What the statement is for.</summary>
    static ExpressionSyntax? Whole(StatementSyntax statement, SyntaxNode member) => statement switch
    {
        ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax { Left: IdentifierNameSyntax { Identifier.Text: "_" } } a } => a.Right,
        ExpressionStatementSyntax e => e.Expression,
        LocalDeclarationStatementSyntax { UsingKeyword.RawKind: 0, Declaration: { Type: not RefTypeSyntax, Variables: { Count: 1 } v } } d
            when Names.IsFree(v[0].Identifier.ValueText, d, member) => v[0].Initializer?.Value,
        _ => null,
    };

    static bool IsWait(ExpressionSyntax value, ExpressionSyntax reported) =>
        value == reported || (value is AwaitExpressionSyntax a && (a.Expression == reported || a.Expression.DescendantNodes().FirstOrDefault(n => n == reported) is not null
            && a.Expression is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "ConfigureAwait", Expression: var task } } && task == reported));

    /// <summary>The task of <c>await task.ConfigureAwait(false)</c>.</summary>
    static IOperation Unwrapped(IOperation operation) =>
        operation is Microsoft.CodeAnalysis.Operations.IAwaitOperation { Operation: Microsoft.CodeAnalysis.Operations.IInvocationOperation { TargetMethod.Name: "ConfigureAwait", Instance: { } task } }
            ? task
            : operation;

    static TextChange[]? Move(Site site, List<StatementSyntax> moved, StatementSyntax begin)
    {
        var lines = site.Lines;
        if (Siblings.Of(begin).Count == 0 || !lines.BeginsLine(begin) || !moved.All(lines.IsAlone))
            return null;
        string indentation = lines.Indentation(begin);
        var edits = new List<TextChange>();
        var text = new StringBuilder();
        foreach (var statement in moved)
        {
            var whole = lines.Of(statement);
            text.Append(lines.Reindented(whole, lines.Indentation(statement), indentation));
            string around = lines.Indentation(statement.Parent!);
            edits.Add(Siblings.Of(statement).Count > 0
                ? new TextChange(lines.ToRemove(whole), "")
                : new TextChange(whole, around + "{" + lines.EndOfLine + around + "}" + lines.EndOfLine));
        }
        edits.Add(new TextChange(new TextSpan(lines.Start(begin), 0), text.ToString()));
        return edits.ToArray();
    }

    static string Short(ExpressionSyntax reported)
    {
        var called = reported is InvocationExpressionSyntax i ? i.Expression : reported;
        string text = called.ToString();
        return text.Length <= 50 && text.IndexOf('\n') < 0 ? text : "the wait";
    }
}
