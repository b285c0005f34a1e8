using System.Collections.Immutable;
using System.Composition;
using FenceSafety.Analyzers.Annotations;
using FenceSafety.CodeFixes.Fixing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FenceSafety.CodeFixes.CarryOver;

/// <summary>An override or implementation that declares the opposite of its base says what the base says.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(CarryContractOverCodeFixProvider)), Shared]
public sealed class CarryContractOverCodeFixProvider : ProvenCodeFixProvider
{
    static readonly string[] Effects = { Attributes.MayAllocate, Attributes.WaitsForFence };

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("FENCE009");

    private protected override string Key => "FenceSafety.CarryContractOver";

    private protected override IEnumerable<Change> Changes(Site site)
    {
        if (Declared(site) is not { } member || BaseOf(member) is not { } inherited)
            yield break;
        var effects = Of(member, Effects.Contains, site).ToList();
        // In another part, or of another document than the first: one document is changed.
        if (effects.Count == 0 || effects.Any(e => e.SyntaxTree != effects[0].SyntaxTree) || MemberDeclarations.Open(effects[0], site) is not { } declaration
            || AttributeEdits.Name(declaration.Model, effects[0].SpanStart, "FenceCritical") is not { } name)
        {
            yield break;
        }
        bool isSaid = Of(member, static a => a == Attributes.FenceCritical, site).Any();
        var edits = effects.Skip(isSaid ? 0 : 1).Select(e => AttributeEdits.Remove(e, declaration.Text));
        if (!isSaid)
            edits = edits.Append(AttributeEdits.Replace(effects[0], name));
        string of = MemberDeclarations.Display(inherited);
        yield return new Change("Declare '" + MemberDeclarations.Display(member) + "' as '" + of + "' is: [FenceCritical]", declaration.With(edits.ToArray()));
    }

    /// <summary>The member whose name the report is at.</summary>
    static ISymbol? Declared(Site site)
    {
        var node = site.Root.FindToken(site.Diagnostic.Location.SourceSpan.Start).Parent;
        var declared = node?.AncestorsAndSelf().TakeWhile(static n => n is not TypeDeclarationSyntax).Select(n => site.Model.GetDeclaredSymbol(n, site.Cancel))
            .FirstOrDefault(static s => s is IMethodSymbol or IPropertySymbol);
        return declared is not null && declared.Locations.Any(l => l.SourceSpan == site.Diagnostic.Location.SourceSpan) ? declared : null;
    }

    static ISymbol? BaseOf(ISymbol member)
    {
        var methods = member switch
        {
            IMethodSymbol m => new[] { m },
            IPropertySymbol p => new[] { p.GetMethod, p.SetMethod },
            _ => Array.Empty<IMethodSymbol>(),
        };
        return methods.OfType<IMethodSymbol>().SelectMany(ContractReader.Inherited).FirstOrDefault(IsCritical);
    }

    static bool IsCritical(IMethodSymbol method) =>
        new ISymbol?[] { method, method.AssociatedSymbol, method.ContainingType }.OfType<ISymbol>()
            .Any(static s => s.GetAttributes().Any(static a => Attributes.NameOf(a) == Attributes.FenceCritical))
        || ContractReader.Inherited(method).Any(IsCritical);

    static IEnumerable<AttributeSyntax> Of(ISymbol member, Func<string, bool> isWanted, Site site) =>
        new[] { member, (member as IMethodSymbol)?.PartialImplementationPart, (member as IMethodSymbol)?.PartialDefinitionPart }.OfType<ISymbol>()
            .SelectMany(static s => s.GetAttributes()).Where(a => Attributes.NameOf(a) is { } name && isWanted(name))
            .Select(a => a.ApplicationSyntaxReference?.GetSyntax(site.Cancel)).OfType<AttributeSyntax>().Distinct();
}
