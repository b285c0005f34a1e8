using System.Collections.Immutable;
using FenceSafety.Analyzers.Program;
using FenceSafety.Core.Facts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.Analyzers.Bodies;

/// <summary>What a body does that has no expression of its own.</summary>
sealed partial class OperationReader
{
    readonly List<(SyntaxNode Scope, ISymbol Variable)> _scopes = new();

    public void Prologue(SourceSpan name, string kind, string sink) => Managed(name, kind, sink);

    public void ImplicitBase(IMethodSymbol constructor, SourceSpan name) =>
        Emit(new CallOp(
            name, new CallTarget.Exact(Symbols.Id(constructor), Symbols.TypeArguments(constructor)), Value.This.Instance,
            constructor.Parameters.Select(static _ => Value.None).ToImmutableArray(), -1));

    /// <summary>A primary constructor's parameters are hidden fields of the other members.</summary>
    public void CaptureParameters(IMethodSymbol constructor, SourceSpan name)
    {
        foreach (var p in constructor.Parameters)
            Emit(new StoreOp(name, Value.This.Instance, Symbols.Lock(p), _context.Read(p, _bodyId, _bodyId)));
    }

    /// <summary>A closure object will be made when execution enters this scope.</summary>
    public void OpenScope(SyntaxNode scope, ISymbol variable)
    {
        if (IsInNested(scope))
            return;
        if (scope.Parent is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or ArrowExpressionClauseSyntax or null
            || scope is ArrowExpressionClauseSyntax or MemberDeclarationSyntax)
            EmitClosure(scope, variable);
        else
            _scopes.Add((scope, variable));
    }

    static bool IsInNested(SyntaxNode scope) =>
        scope.AncestorsAndSelf().Any(static a => a is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax);

    /// <summary>Called before each statement: scopes that it is the first to enter open here.</summary>
    void EnterScopes(SyntaxNode at)
    {
        for (int i = 0; i < _scopes.Count; i++)
        {
            var (scope, variable) = _scopes[i];
            if (scope.SyntaxTree != at.SyntaxTree || !scope.Span.Contains(at.Span))
                continue;
            _scopes.RemoveAt(i--);
            EmitClosure(scope, variable);
        }
    }

    void EmitClosure(SyntaxNode scope, ISymbol variable)
    {
        var place = scope switch
        {
            BlockSyntax block => block.OpenBraceToken.Span,
            ArrowExpressionClauseSyntax arrow => arrow.ArrowToken.Span,
            ForStatementSyntax f => f.ForKeyword.Span,
            CommonForEachStatementSyntax { Statement: BlockSyntax body } => body.OpenBraceToken.Span,
            CommonForEachStatementSyntax f => f.ForEachKeyword.Span,
            _ => new TextSpan(scope.SpanStart, 1),
        };
        Managed(Symbols.Spans.Of(scope.SyntaxTree, place), "closure", "a closure over " + variable.Name);
    }
}
