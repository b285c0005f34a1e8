using System.Collections.Immutable;
using System.Composition;
using FenceSafety.Analyzers.Annotations;
using FenceSafety.CodeFixes.Fixing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.CodeFixes.ReRead;

/// <summary>
/// Reads a snapshot again once its lock is held. If the old value was tested before, the new one is compared with it, and the method
/// returns if they differ: what was decided is then no longer true.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ReReadCodeFixProvider)), Shared]
public sealed class ReReadCodeFixProvider : ProvenCodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("FENCE015");

    private protected override string Key => "FenceSafety.ReRead";

    private protected override IEnumerable<Change> Changes(Site site)
    {
        if (Snapshot.Of(site) is not { } snapshot || site.Statement is null)
            yield break;
        string name = snapshot.Local.Name, read = snapshot.Read.ToString();
        foreach (var under in UnderTheLock.Of(site, snapshot.ReadIn))
        {
            if (!snapshot.IsTestedBefore(under.First.SpanStart, site.Member) && Before(site, under.First, name + " = " + read + ";") is { } again)
                yield return site.Change("Read '" + name + "' again under '" + under.Lock + "'", again) with { Kind = "read" };
            string test = "if (" + read + " != " + name + ")" + site.Lines.EndOfLine + site.Lines.Indentation(under.First) + Deeper(site, under.First) + "return;";
            if (ReturnsNothing(site) && Before(site, under.First, test) is { } compared)
                yield return site.Change("Return if '" + name + "' has changed under '" + under.Lock + "'", compared) with { Kind = "compare" };
        }
        if (NamedLock(site) is { } named && !snapshot.IsTestedBefore(site.Statement.SpanStart, site.Member)
            && Wrapped(site, site.Statement, "lock (" + named + ")", name + " = " + read + ";") is { } wrapped)
        {
            yield return site.Change("Take '" + named + "' and read '" + name + "' again under it", wrapped) with { Kind = "lock" };
        }
    }

    static string Deeper(Site site, StatementSyntax first) => IsEmbedded(first) ? "" : Wrapping.Unit(site.Lines.Indentation(first));

    static bool IsEmbedded(StatementSyntax statement) => Siblings.Of(statement).Count == 0;

    static TextChange[]? Before(Site site, StatementSyntax first, string text)
    {
        var lines = site.Lines;
        if (IsEmbedded(first))
        {
            if (!lines.IsAlone(first) || first.ContainsDirectives)
                return null;
            string around = lines.Indentation(first.Parent!), unit = Wrapping.Unit(lines.Indentation(first));
            string inner = text.Replace(lines.EndOfLine + lines.Indentation(first), lines.EndOfLine + lines.Indentation(first) + unit);
            return new[]
            {
                new TextChange(new TextSpan(lines.Start(first), 0), around + "{" + lines.EndOfLine + lines.Indentation(first) + inner + lines.EndOfLine),
                new TextChange(new TextSpan(lines.Of(first).End, 0), around + "}" + lines.EndOfLine),
            };
        }
        return lines.BeginsLine(first)
            ? new[] { new TextChange(new TextSpan(lines.Start(first), 0), lines.Indentation(first) + text + lines.EndOfLine) }
            : null;
    }

    /// <summary>A field of this object or type that the parameter names, and that <c>lock</c> can take.</summary>
    static string? NamedLock(Site site)
    {
        if (site.Node.FirstAncestorOrSelf<ArgumentSyntax>() is not { } syntax || site.Model.GetOperation(syntax, site.Cancel) is not IArgumentOperation argument
            || argument.Parent is not IInvocationOperation { Instance: null or IInstanceReferenceOperation } call)
        {
            return null;
        }
        var stable = argument.Parameter?.OriginalDefinition.GetAttributes().FirstOrDefault(static a => Attributes.NameOf(a) == Attributes.RequiresStable);
        string? name = stable?.ConstructorArguments.Select(static c => c.Value).OfType<string>().FirstOrDefault();
        var field = name is null ? null : call.TargetMethod.ContainingType.GetMembers(name).OfType<IFieldSymbol>().FirstOrDefault();
        bool isLockable = field?.Type is { SpecialType: SpecialType.System_Object } or { Name: "Lock", ContainingNamespace.Name: "Threading" };
        return isLockable && site.Model.LookupSymbols(site.Node.SpanStart, name: name).Any(s => SymbolEqualityComparer.Default.Equals(s.OriginalDefinition, field!.OriginalDefinition))
            ? name
            : null;
    }

    static TextChange[]? Wrapped(Site site, StatementSyntax statement, string header, string text)
    {
        var lines = site.Lines;
        if (IsEmbedded(statement) || !lines.IsAlone(statement) || statement.ContainsDirectives)
            return null;
        string around = lines.Indentation(statement), eol = lines.EndOfLine, inner = around + Wrapping.Unit(around);
        string opening = around + header + eol + around + "{" + eol + inner + text + eol;
        return new[] { new TextChange(lines.Of(statement), opening + lines.Reindented(lines.Of(statement), around, inner) + around + "}" + eol) };
    }

    static bool ReturnsNothing(Site site)
    {
        var body = site.Node.Ancestors().FirstOrDefault(static n =>
            n is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax or AccessorDeclarationSyntax);
        return (body is null ? null : site.Model.GetDeclaredSymbol(body, site.Cancel)) is IMethodSymbol method
            && (method.ReturnsVoid || (method.IsAsync && method.ReturnType is INamedTypeSymbol { IsGenericType: false }));
    }
}
