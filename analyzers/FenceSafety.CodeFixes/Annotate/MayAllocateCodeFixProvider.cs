using System.Collections.Immutable;
using System.Composition;
using FenceSafety.Analyzers.Annotations;
using FenceSafety.CodeFixes.Fixing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FenceSafety.CodeFixes.Annotate;

/// <summary>
/// Says <c>[MayAllocate]</c> of a visible member that allocates (FENCE012), or, instead of <c>[FenceCritical]</c>, of one that claims to be
/// what it is not (FENCE001). A contract is for a person to decide: it comes last, and has no Fix All.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MayAllocateCodeFixProvider)), Shared]
public sealed class MayAllocateCodeFixProvider : ProvenCodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("FENCE001", "FENCE012");

    private protected override string Key => "FenceSafety.MayAllocate";

    private protected override CodeActionPriority Priority => CodeActionPriority.Low;

    /// <inheritdoc/>
    public override FixAllProvider? GetFixAllProvider() => null;

    /// <inheritdoc/>
    protected override CodeActionRequestPriority ComputeRequestPriority() => CodeActionRequestPriority.Low;

    private protected override IEnumerable<Change> Changes(Site site) => site.Diagnostic.Id == "FENCE012" ? Declare(site) : Replace(site);

    static IEnumerable<Change> Declare(Site site)
    {
        var declared = site.Node.AncestorsAndSelf().Select(n => site.Model.GetDeclaredSymbol(n, site.Cancel))
            .FirstOrDefault(static s => s is IMethodSymbol or IPropertySymbol);
        if (declared is null || MemberDeclarations.Of(declared, site) is not { } declaration
            || AttributeEdits.Name(declaration.Model, declaration.Syntax.SpanStart, "MayAllocate") is not { } name)
        {
            yield break;
        }
        if (declared is IMethodSymbol method && FlagsOf(method, site) is { } flags)
        {
            yield return new Change("Declare that '" + MemberDeclarations.Display(declared) + "' may allocate, as its flags say: [MayAllocate]", declaration.With(
                AttributeEdits.Add(declaration.Syntax, declaration.Text, name + flags)));
        }
        yield return new Change("Declare that '" + MemberDeclarations.Display(declared) + "' may allocate: [MayAllocate]", declaration.With(
            AttributeEdits.Add(declaration.Syntax, declaration.Text, name)));
    }

    /// <summary>The parameter that is handed on as the flags of another <c>[MayAllocate]</c> member, as arguments of the attribute.</summary>
    static string? FlagsOf(IMethodSymbol method, Site site)
    {
        foreach (var reference in method.DeclaringSyntaxReferences.Where(r => r.SyntaxTree == site.Root.SyntaxTree))
        {
            foreach (var call in reference.GetSyntax(site.Cancel).DescendantNodes().OfType<InvocationExpressionSyntax>())
            {
                if (site.Model.GetOperation(call, site.Cancel) is Microsoft.CodeAnalysis.Operations.IInvocationOperation operation
                    && FlagsOf(operation, method) is { } flags)
                {
                    return flags;
                }
            }
        }
        return null;
    }

    static string? FlagsOf(Microsoft.CodeAnalysis.Operations.IInvocationOperation call, IMethodSymbol method)
    {
        var declared = call.TargetMethod.OriginalDefinition.GetAttributes().FirstOrDefault(static a => Attributes.NameOf(a) == Attributes.MayAllocate);
        var named = declared?.NamedArguments.ToDictionary(static n => n.Key, static n => n.Value);
        if (named is null || !named.TryGetValue("FlagsParameter", out var flags) || !named.TryGetValue("BlockingFlags", out var blocking))
            return null;
        var argument = call.Arguments.FirstOrDefault(a => a.Parameter?.Name == flags.Value as string)?.Value;
        return argument is Microsoft.CodeAnalysis.Operations.IParameterReferenceOperation { Parameter: var passed }
            && SymbolEqualityComparer.Default.Equals(passed.ContainingSymbol, method)
                ? "(FlagsParameter = nameof(" + passed.Name + "), BlockingFlags = " + blocking.ToCSharpString() + ")"
                : null;
    }

    static IEnumerable<Change> Replace(Site site)
    {
        if (site.Model.GetEnclosingSymbol(site.Node.SpanStart, site.Cancel) is not { } member)
            yield break;
        var critical = member.GetAttributes().FirstOrDefault(static a => Attributes.NameOf(a) == Attributes.FenceCritical);
        if (critical?.ApplicationSyntaxReference?.GetSyntax(site.Cancel) is not AttributeSyntax attribute || MemberDeclarations.Open(attribute, site) is not { } declaration)
            yield break;
        if (AttributeEdits.Name(declaration.Model, attribute.SpanStart, "MayAllocate") is { } name)
        {
            yield return new Change(
                "Give up the contract of '" + MemberDeclarations.Display(member) + "': [MayAllocate] instead of [FenceCritical]",
                declaration.With(AttributeEdits.Replace(attribute, name)));
        }
    }
}
