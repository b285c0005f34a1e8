using System.Collections.Immutable;
using FenceSafety.CodeFixes.HoistAllocation;
using FenceSafety.CodeFixes.LiftAllocation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace FenceSafety.CodeFixes.PreparedState;

/// <summary>The method with its values taken from a struct that it makes first; the struct is nested in the same type, behind it.</summary>
/// <param name="Made">On the call of Prepare, which is to be lifted.</param>
sealed record PreparedStruct(SyntaxNode Root, SyntaxAnnotation Made, string Name, ImmutableArray<string> Members)
{
    public static PreparedStruct? Write(
        SyntaxNode root, MethodDeclarationSyntax method, List<LiftTarget> values, SemanticModel model, CancellationToken cancel)
    {
        if (method.SyntaxTree.Options is not CSharpParseOptions { LanguageVersion: >= LanguageVersion.CSharp10 }
            || model.GetDeclaredSymbol(method, cancel) is not { IsVirtual: false, IsOverride: false, IsAbstract: false } symbol || symbol.IsPartialDefinition
            || symbol.PartialDefinitionPart is not null)
        {
            return null;
        }
        var type = (TypeDeclarationSyntax)method.Parent!;
        string name = Names.Unique(symbol.Name + "Prepared", root);
        string prepared = Names.Unique("prepared", method);
        string owner = Names.Unique(char.ToLowerInvariant(type.Identifier.ValueText[0]) + type.Identifier.ValueText.Substring(1), method);
        var rewriter = new Inner(values[0], owner);
        var names = new List<string>();
        var made = new List<string>();
        foreach (var value in values)
        {
            string wish = value.Declaration?.Declaration.Variables[0].Identifier.ValueText ?? Names.Wish(value.Syntax, value.Reported, model);
            string member = char.ToUpperInvariant(wish[0]) + wish.Substring(1);
            for (int i = 2; names.Contains(member); i++)
                member = char.ToUpperInvariant(wish[0]) + wish.Substring(1) + i.ToString(System.Globalization.CultureInfo.InvariantCulture);
            names.Add(member);
            rewriter.Target = value;
            made.Add(rewriter.Visit(value.Syntax)!.WithoutTrivia().ToString());
        }
        if (made.Any(static m => m.Contains('\n')))
            return null;
        var needed = symbol.Parameters.Where(p => rewriter.Parameters.Contains(p.Name)).ToList();
        string Display(ITypeSymbol t) => t.ToMinimalDisplayString(model, method.SpanStart);
        var parameters = needed.Select(p => Display(p.Type) + " " + p.Name).ToList();
        var arguments = needed.Select(static p => p.Name).ToList();
        if (rewriter.UsesOwner)
        {
            parameters.Insert(0, Display(symbol.ContainingType) + " " + owner);
            arguments.Insert(0, "this");
        }
        string members = string.Join(", ", values.Select((v, i) => Display(v.Type) + " " + names[i]));
        var annotation = new SyntaxAnnotation("FenceSafety.Prepared");
        var body = method.ReplaceNodes(values.Select(static v => v.Syntax), (original, _) =>
            SyntaxFactory.ParseExpression(prepared + "." + names[values.FindIndex(v => v.Syntax == original)]).WithTriviaFrom(original));
        var lines = new Lines(root.SyntaxTree.GetText(cancel), root);
        string indentation = lines.Indentation(method), eol = lines.EndOfLine, unit = indentation.Contains('\t') ? "\t" : "    ";
        string call = name + ".Prepare(" + string.Join(", ", arguments) + ")";
        if (WithFirst(body, prepared, call, annotation, indentation, unit, eol) is not { } changed)
            return null;
        string access = string.Concat(method.Modifiers.Where(static m => m.Kind() is SyntaxKind.PublicKeyword or SyntaxKind.InternalKeyword or SyntaxKind.ProtectedKeyword or SyntaxKind.PrivateKeyword)
            .Select(static m => m.Text + " "));
        string text = eol + indentation + "/// <summary>What " + symbol.Name + " needs and must not allocate itself.</summary>" + eol
            + indentation + access + "readonly record struct " + name + "(" + members + ")" + eol + indentation + "{" + eol
            + indentation + unit + "public static " + name + " Prepare(" + string.Join(", ", parameters) + ") => new(" + string.Join(", ", made) + ");" + eol
            + indentation + "}" + eol;
        var declaration = SyntaxFactory.ParseMemberDeclaration(text)!;
        int index = type.Members.IndexOf(method);
        var grown = type.WithMembers(type.Members.Replace(method, changed).Insert(index + 1, declaration));
        return new PreparedStruct(root.ReplaceNode(type, grown), annotation, name, names.ToImmutableArray());
    }

    /// <summary>With the declaration at the top; an expression body becomes a block.</summary>
    static MethodDeclarationSyntax? WithFirst(
        MethodDeclarationSyntax method, string prepared, string call, SyntaxAnnotation annotation, string indentation, string unit, string eol)
    {
        var first = SyntaxFactory.ParseStatement(indentation + unit + "var " + prepared + " = " + call + ";" + eol);
        var made = first.DescendantNodes().OfType<InvocationExpressionSyntax>().First();
        first = first.ReplaceNode(made, made.WithAdditionalAnnotations(annotation));
        if (method.Body is { } body)
            return body.OpenBraceToken.TrailingTrivia.Any(SyntaxKind.EndOfLineTrivia) ? method.WithBody(body.WithStatements(body.Statements.Insert(0, first))) : null;
        if (method.ExpressionBody is not { } arrow)
            return null;
        bool isVoid = method.ReturnType is PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword };
        var rest = SyntaxFactory.ParseStatement(indentation + unit + (isVoid ? "" : "return ") + arrow.Expression.WithoutTrivia() + ";" + eol);
        var block = SyntaxFactory.Block(first, rest)
            .WithOpenBraceToken(SyntaxFactory.ParseToken(indentation + "{" + eol)).WithCloseBraceToken(SyntaxFactory.ParseToken(indentation + "}" + eol));
        return method.WithExpressionBody(null).WithSemicolonToken(default)
            .WithParameterList(method.ParameterList.WithTrailingTrivia(SyntaxFactory.EndOfLine(eol))).WithBody(block);
    }

    /// <summary>An expression of the method, as a static method of a nested type writes it.</summary>
    sealed class Inner(LiftTarget first, string owner) : CSharpSyntaxRewriter
    {
        public LiftTarget Target { get; set; } = first;

        public HashSet<string> Parameters { get; } = new();

        public bool UsesOwner { get; private set; }

        public override SyntaxNode? VisitThisExpression(ThisExpressionSyntax node)
        {
            UsesOwner = true;
            return SyntaxFactory.IdentifierName(owner).WithTriviaFrom(node);
        }

        public override SyntaxNode? VisitIdentifierName(IdentifierNameSyntax node)
        {
            switch (Target.Model.GetOperation(node))
            {
                case IParameterReferenceOperation p:
                    Parameters.Add(p.Parameter.Name);
                    return node;
                case ILocalReferenceOperation l when Target.Inlined.TryGetValue(l.Local, out var value):
                    return SyntaxFactory.ParenthesizedExpression((ExpressionSyntax)Visit(value)!.WithoutTrivia()).WithTriviaFrom(node);
            }
            var symbol = Target.Model.GetSymbolInfo(node).Symbol;
            bool isOwn = symbol is { IsStatic: false } and (IFieldSymbol or IPropertySymbol or IMethodSymbol { MethodKind: MethodKind.Ordinary })
                && !(node.Parent is MemberAccessExpressionSyntax m && m.Name == node) && node.Parent is not (MemberBindingExpressionSyntax or NameColonSyntax)
                && !(node.Parent is AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax } a && a.Left == node);
            if (!isOwn)
                return node;
            UsesOwner = true;
            return SyntaxFactory.ParseExpression(owner + "." + node.Identifier.Text).WithTriviaFrom(node);
        }
    }
}
