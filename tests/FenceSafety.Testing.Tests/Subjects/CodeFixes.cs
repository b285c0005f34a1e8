using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.Testing.Tests.Subjects;

/// <summary>Replaces the name under TEST001; the replacements decide how right that is.</summary>
public abstract class ReplacingFix(params (string Title, Func<string, string> Replace)[] actions) : CodeFixProvider
{
    public override ImmutableArray<string> FixableDiagnosticIds => ["TEST001"];

    public override FixAllProvider? GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    public override Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var (title, replace) in actions)
        {
            context.RegisterCodeFix(
                CodeAction.Create(title, cancel => ReplaceAsync(context.Document, context.Span, replace, cancel), title),
                context.Diagnostics);
        }

        return Task.CompletedTask;
    }

    internal static async Task<Document> ReplaceAsync(Document document, TextSpan span, Func<string, string> replace, CancellationToken cancel)
    {
        var text = await document.GetTextAsync(cancel);
        return document.WithText(text.Replace(span, replace(text.ToString(span))));
    }
}

/// <summary>Correct: Bad… becomes Good…, or, as the second choice, Fine….</summary>
public sealed class GoodFix() : ReplacingFix(("good", n => "Good" + n[3..]), ("fine", n => "Fine" + n[3..]));

/// <summary>Writes a name that is none.</summary>
public sealed class BrokenFix() : ReplacingFix(("broken", _ => "1"));

/// <summary>Changes the code and leaves the diagnostic.</summary>
public sealed class UselessFix() : ReplacingFix(("useless", n => n + "X"));

/// <summary>Removes its diagnostic and brings another, of a rule that is on in the test.</summary>
public sealed class WorseFix() : ReplacingFix(("worse", n => "Off" + n[3..]));

/// <summary>Refuses every diagnostic.</summary>
public sealed class RefusingFix() : ReplacingFix();

/// <summary>Single fixes write Good…, Fix All writes Fine….</summary>
public sealed class DisagreeingFix() : ReplacingFix(("good", n => "Good" + n[3..]))
{
    public override FixAllProvider GetFixAllProvider() => FixAllProvider.Create(async (context, document, diagnostics) =>
    {
        foreach (var diagnostic in diagnostics.OrderByDescending(d => d.Location.SourceSpan.Start))
        {
            document = await ReplaceAsync(document, diagnostic.Location.SourceSpan, n => "Fine" + n[3..], context.CancellationToken);
        }

        return document;
    });
}

/// <summary>Fix All repairs the first of several.</summary>
public sealed class LazyFix() : ReplacingFix(("good", n => "Good" + n[3..]))
{
    public override FixAllProvider GetFixAllProvider() => FixAllProvider.Create(async (context, document, diagnostics) =>
        await ReplaceAsync(document, diagnostics.Min(d => d.Location.SourceSpan), n => "Good" + n[3..], context.CancellationToken));
}
