using System.Collections.Immutable;
using System.Composition;
using FenceSafety.CodeFixes.Fixing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.CodeFixes.Consume;

/// <summary>
/// Consumes a value on the paths that drop it: with <c>using</c> where nobody consumes it, else with the call that gives it back, before
/// every way out. Whether to give back or to execute is for a person to say, so every way is an offer of its own.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ConsumeCodeFixProvider)), Shared]
public sealed class ConsumeCodeFixProvider : ProvenCodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("FENCE013");

    private protected override string Key => "FenceSafety.Consume";

    private protected override IEnumerable<Change> Changes(Site site)
    {
        if (Obligation.Of(site) is not { } obligation)
            return Appended(site);
        return obligation.IsConsumedSomewhere ? GivenBack(obligation) : Using(obligation).Concat(GivenBack(obligation)).Concat(Passed(obligation));
    }

    static IEnumerable<Change> Using(Obligation o)
    {
        if (!Consumers.IsDisposable(o.Type) || (o.Local is not null && !o.IsDeclared) || o.IsOverwritten)
            yield break;
        string wish = o.Local ?? char.ToLowerInvariant(o.Type.Name[0]) + o.Type.Name.Substring(1);
        string name = o.Local ?? LocalNames.Free(wish, o.Site.Member);
        string start = o.Local is null ? "using var " + name + " = " : "using ";
        var replaced = o.Local is null ? TextSpan.FromBounds(o.Statement.SpanStart, o.Maker.SpanStart) : new TextSpan(o.Statement.SpanStart, 0);
        yield return o.Site.Change("Dispose of '" + name + "' with using", new TextChange(replaced, start)) with { Kind = "using" };
    }

    /// <summary>The call of each member that gives the value back, before every way out.</summary>
    static IEnumerable<Change> GivenBack(Obligation o)
    {
        if (o.Local is null)
            return o.Statement is ExpressionStatementSyntax { Expression: var e } && e == o.Maker ? Appended(o.Site) : Enumerable.Empty<Change>();
        if (o.Drops() is not { } drops)
            return Enumerable.Empty<Change>();
        return Consumers.GiveBack(o.Type, o.Site.Model, o.Maker.SpanStart).Select(member =>
        {
            string call = o.Local + "." + member + "();";
            var after = o.IsConsumedSomewhere ? null : After(o, call);
            var edits = drops.Where(d => after is null || d.SpanStart < o.Last.Span.End).Select(d => Before(o.Site, d, call)).ToList();
            if (after is { } last)
                edits.Add(last);
            return o.Site.Change("Call '" + o.Local + "." + member + "' where '" + o.Local + "' is dropped", edits.ToArray()) with { Kind = member };
        });
    }

    static IEnumerable<Change> Passed(Obligation o)
    {
        if (o.Local is not null && o.Site.Model.GetOperation(o.Maker, o.Site.Cancel) is IInvocationOperation maker && Consumers.Taker(maker) is { } taker
            && After(o, taker + "(" + o.Local + ");") is { } call)
        {
            yield return o.Site.Change("Pass '" + o.Local + "' to '" + taker + "'", call) with { Kind = "pass" };
        }
    }

    /// <summary><c>Make();</c> becomes <c>Make().Cancel();</c></summary>
    static IEnumerable<Change> Appended(Site site)
    {
        if (site.Reported<InvocationExpressionSyntax>() is not { Parent: ExpressionStatementSyntax or ArrowExpressionClauseSyntax } made
            || site.Model.GetTypeInfo(made, site.Cancel).Type is not { } type)
        {
            yield break;
        }
        foreach (string member in Consumers.GiveBack(type, site.Model, made.SpanStart))
        {
            yield return site.Change(
                "Call '" + member + "' on the " + type.Name, new TextChange(new TextSpan(made.Span.End, 0), "." + member + "()")) with
            { Kind = member };
        }
    }

    /// <summary>After the last statement that uses the value, unless that leaves.</summary>
    static TextChange? After(Obligation o, string call)
    {
        var last = o.Last;
        if (last is ReturnStatementSyntax or ThrowStatementSyntax)
            return null;
        return o.Site.Lines.IsAlone(last)
            ? new TextChange(new TextSpan(o.Site.Lines.Of(last).End, 0), o.Site.Lines.Indentation(last) + call + o.Site.Lines.EndOfLine)
            : new TextChange(new TextSpan(last.Span.End, 0), " " + call);
    }

    static TextChange Before(Site site, StatementSyntax statement, string call)
    {
        var lines = site.Lines;
        string indentation = lines.Indentation(statement), eol = lines.EndOfLine;
        if (Siblings.Of(statement).Count > 0)
            return new TextChange(new TextSpan(statement.SpanStart, 0), lines.BeginsLine(statement) ? call + eol + indentation : call + " ");
        if (!lines.IsAlone(statement))
            return new TextChange(statement.Span, "{ " + call + " " + statement + " }");
        string around = lines.Indentation(statement.Parent is ElseClauseSyntax e ? e : statement.Parent!);
        return new TextChange(
            lines.Of(statement),
            around + "{" + eol + indentation + call + eol + site.Text.ToString(lines.Of(statement)) + around + "}" + eol);
    }
}
