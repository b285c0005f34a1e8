using FenceSafety.Analyzers.Annotations;
using FenceSafety.Analyzers.Bodies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.Analyzers.Live;

/// <summary>
/// What the facts of other bodies depend on in the text of this one. Little: that it yields, that a getter is constant true, which
/// fields a constructor takes from its parameters, with what an object is made for a field, that an accessor has a <c>field</c>.
/// </summary>
static class BodyTrait
{
    /// <summary>A node whose text only its own bodies see.</summary>
    public static bool IsBody(SyntaxNode node) => node switch
    {
        BlockSyntax or ArrowExpressionClauseSyntax => node.Parent is BaseMethodDeclarationSyntax or BasePropertyDeclarationSyntax or AccessorDeclarationSyntax,
        EqualsValueClauseSyntax => node.Parent switch
        {
            PropertyDeclarationSyntax => true,
            VariableDeclaratorSyntax { Parent.Parent: BaseFieldDeclarationSyntax field } => !field.Modifiers.Any(SyntaxKind.ConstKeyword),
            _ => false,
        },
        ArgumentListSyntax => node.Parent is ConstructorInitializerSyntax,
        _ => false,
    };

    public static ulong Of(SyntaxNode body, BodyWords words)
    {
        ulong trait = TextHash.Mix(TextHash.Start, (words.Yields ? 1u : 0u) | (words.HasField ? 2u : 0u));
        switch (body)
        {
            case ArrowExpressionClauseSyntax { Expression.RawKind: (int)SyntaxKind.TrueLiteralExpression }:
                return TextHash.Mix(trait, 4);
            case { Parent: ConstructorDeclarationSyntax constructor }:
                return constructor.Modifiers.Any(SyntaxKind.StaticKeyword) ? trait : Assignments(trait, constructor);
            case EqualsValueClauseSyntax initializer:
                if (initializer.FirstAncestorOrSelf<TypeDeclarationSyntax>()?.ParameterList is { } primary)
                    trait = TextHash.Mix(trait, LockClasses.IsParameter(initializer.Value, LockClasses.Names(primary)) ? 8u : 16u);
                return Made(trait, initializer.Value);
            default:
                return trait;
        }
    }

    static ulong Assignments(ulong trait, ConstructorDeclarationSyntax constructor)
    {
        var parameters = LockClasses.Names(constructor.ParameterList);
        foreach (var a in constructor.DescendantNodes().OfType<AssignmentExpressionSyntax>())
        {
            if (LockClasses.Assigned(a.Left) is { } field)
                trait = Made(TextHash.Mix(TextHash.Mix(trait, TextHash.Of(field)), LockClasses.IsParameter(a.Right, parameters) ? 1u : 2u), a.Right);
        }
        return trait;
    }

    /// <summary>What an object is made with: a comparer, which all who use a collection ask.</summary>
    static ulong Made(ulong trait, ExpressionSyntax value) =>
        value is BaseObjectCreationExpressionSyntax { ArgumentList: { Arguments.Count: > 0 } with } ? TextHash.Mix(trait, TextHash.Of(with.ToString())) : trait;
}

/// <summary>Looks for the few words that make a body speak to the outside, in its raw text: one too many only costs time.</summary>
sealed class BodyWords
{
    static readonly HashSet<ulong> Annotating = new(Attributes.All.SelectMany(Attributes.Spellings).Append(LockRecursion.Supported).Select(TextHash.Of));
    static readonly ulong Yield = TextHash.Of("yield");
    static readonly ulong Field = TextHash.Of("field");

    public BodyWords(TextWords words, TextSpan body)
    {
        for (int w = words.First(body.Start), end = words.First(body.End); w < end; w++)
        {
            ulong word = words[w];
            Yields |= word == Yield;
            HasField |= word == Field;
            IsDeclaration |= Annotating.Contains(word);
        }
        IsDeclaration |= words.IsOdd(body);
    }

    public bool Yields { get; }

    public bool HasField { get; }

    /// <summary>It may name an annotation (of a local function or lambda), makes a lock that may be re-entered, or spells names with escapes: all of it counts.</summary>
    public bool IsDeclaration { get; }
}
