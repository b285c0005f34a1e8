using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FenceSafety.Analyzers.Bodies;

/// <summary>What a lambda or local function captures.</summary>
/// <param name="Variables">Locals and parameters of bodies around it, without <c>this</c>.</param>
sealed record Capture(ImmutableArray<ISymbol> Variables, bool This)
{
    public bool Any => This || !Variables.IsEmpty;
    public ImmutableArray<string> Names => Variables.Select(static v => v.Name).ToImmutableArray();
}

/// <summary>Which closure objects a body makes, and where.</summary>
static class Closures
{
    public static Capture Of(SyntaxNode function, SemanticModel model)
    {
        var found = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        var seen = new HashSet<SyntaxNode>();
        bool capturesThis = false;
        var work = new Stack<SyntaxNode>();
        work.Push(function);
        while (work.Count > 0)
        {
            var current = work.Pop();
            if (!seen.Add(current))
                continue;
            foreach (var node in current.DescendantNodes())
            {
                switch (node)
                {
                    case ThisExpressionSyntax or BaseExpressionSyntax:
                        capturesThis = true;
                        break;
                    case IdentifierNameSyntax name when !IsNameOf(name):
                        Note(model.GetSymbolInfo(name).Symbol, name);
                        break;
                }
            }
        }
        return new Capture(found.OrderBy(static s => s.Name, StringComparer.Ordinal).ToImmutableArray(), capturesThis);

        void Note(ISymbol? symbol, IdentifierNameSyntax name)
        {
            switch (symbol)
            {
                case ILocalSymbol { IsConst: true }:
                    break;
                case IParameterSymbol { ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } constructor }
                    when IsPrimary(constructor) && !IsInConstructor(function):
                    capturesThis = true;
                    break;
                case ILocalSymbol or IParameterSymbol or IRangeVariableSymbol when !DeclaredInside(symbol, function):
                    if (symbol is not IRangeVariableSymbol)
                        found.Add(symbol);
                    break;
                case IMethodSymbol { MethodKind: MethodKind.LocalFunction, IsStatic: false } local:
                    // What a local function captures is captured by whoever calls it.
                    if (local.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is { } syntax && syntax != function && !function.Span.Contains(syntax.Span))
                        work.Push(syntax);
                    break;
                case IFieldSymbol { IsStatic: false } or IPropertySymbol { IsStatic: false } or IEventSymbol { IsStatic: false } or IMethodSymbol { IsStatic: false, MethodKind: MethodKind.Ordinary }
                    when IsImplicitThis(name):
                    capturesThis = true;
                    break;
            }
        }
    }

    static bool IsPrimary(IMethodSymbol constructor) => constructor.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is TypeDeclarationSyntax;

    static bool IsInConstructor(SyntaxNode function) => function.Ancestors().Any(static a => a is BaseFieldDeclarationSyntax or PrimaryConstructorBaseTypeSyntax or EqualsValueClauseSyntax { Parent: PropertyDeclarationSyntax });

    static bool IsNameOf(SyntaxNode node) =>
        node.Ancestors().OfType<InvocationExpressionSyntax>().Any(static i => i.Expression is IdentifierNameSyntax { Identifier.ValueText: "nameof" });

    static bool DeclaredInside(ISymbol symbol, SyntaxNode function) =>
        symbol.DeclaringSyntaxReferences.Any(r => r.SyntaxTree == function.SyntaxTree && function.Span.Contains(r.Span));

    static bool IsImplicitThis(IdentifierNameSyntax name) => name.Parent switch
    {
        MemberAccessExpressionSyntax access => access.Expression == name,
        MemberBindingExpressionSyntax => false,
        QualifiedNameSyntax => false,
        AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax { RawKind: (int)SyntaxKind.ObjectInitializerExpression } } a => a.Left != name,
        NameColonSyntax or NameEqualsSyntax => false,
        SubpatternSyntax => false,
        _ => true,
    };

    /// <summary>
    /// The scopes of a body whose variables live in closure objects: variables that a lambda captures, or a local function that is
    /// used as a delegate (one that is only called has a struct).
    /// </summary>
    public static IEnumerable<(SyntaxNode Scope, ISymbol Variable)> Scopes(SyntaxNode body, SemanticModel model)
    {
        var result = new Dictionary<SyntaxNode, ISymbol>();
        foreach (var node in body.DescendantNodes())
        {
            // While it is typed a lambda may have no type yet: then there is nothing to say.
            if (node is AnonymousFunctionExpressionSyntax lambda && model.GetTypeInfo(lambda).ConvertedType is null or { TypeKind: TypeKind.Error })
                continue;
            if (node is not AnonymousFunctionExpressionSyntax && !(node is LocalFunctionStatementSyntax local && IsDelegate(local, body, model)))
                continue;
            foreach (var variable in Of(node, model).Variables)
            {
                if (ScopeOf(variable) is { } scope && (scope == body || body.Span.Contains(scope.Span)) && !result.ContainsKey(scope))
                    result.Add(scope, variable);
            }
        }
        return result.OrderBy(static p => p.Key.SpanStart).Select(static p => (p.Key, p.Value));
    }

    static bool IsDelegate(LocalFunctionStatementSyntax function, SyntaxNode body, SemanticModel model)
    {
        string name = function.Identifier.ValueText;
        foreach (var use in body.DescendantNodes().OfType<IdentifierNameSyntax>())
        {
            if (use.Identifier.ValueText == name && use.Parent is not InvocationExpressionSyntax && !IsNameOf(use)
                && model.GetSymbolInfo(use).Symbol is IMethodSymbol { MethodKind: MethodKind.LocalFunction })
                return true;
        }
        // An iterator or async local function keeps its variables in a class.
        return function.Modifiers.Any(SyntaxKind.AsyncKeyword) || function.DescendantNodes().Any(static n => n is YieldStatementSyntax);
    }

    /// <summary>The block, loop, or function body in which a variable lives.</summary>
    static SyntaxNode? ScopeOf(ISymbol variable)
    {
        var declaration = variable.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax();
        if (declaration is null)
            return null;
        if (variable is IParameterSymbol)
        {
            var owner = declaration.Ancestors().FirstOrDefault(static a => a is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax
                or AnonymousFunctionExpressionSyntax or BasePropertyDeclarationSyntax or TypeDeclarationSyntax);
            return owner switch
            {
                BaseMethodDeclarationSyntax m => (SyntaxNode?)m.Body ?? m.ExpressionBody,
                LocalFunctionStatementSyntax l => (SyntaxNode?)l.Body ?? l.ExpressionBody,
                AnonymousFunctionExpressionSyntax a => a.Body,
                _ => owner,
            };
        }
        return declaration.Ancestors().FirstOrDefault(static a => a is BlockSyntax or ForStatementSyntax or CommonForEachStatementSyntax
            or UsingStatementSyntax or SwitchStatementSyntax or SwitchExpressionArmSyntax or CatchClauseSyntax or ArrowExpressionClauseSyntax
            or AnonymousFunctionExpressionSyntax or CompilationUnitSyntax or MemberDeclarationSyntax and not GlobalStatementSyntax);
    }
}
