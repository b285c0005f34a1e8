using FenceSafety.Core.Facts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FenceSafety.Differential.Tests.Power;

/// <summary>What kind of statement an op of the facts comes from: the facts themselves have no syntax.</summary>
internal sealed class SourcePlaces(CSharpCompilation compilation)
{
    private readonly Dictionary<string, SyntaxNode> _roots = compilation.SyntaxTrees.ToDictionary(t => t.FilePath, t => t.GetRoot());

    public bool IsInFinally(SourceSpan span) => IsIn<FinallyClauseSyntax>(span);

    public bool IsInCatch(SourceSpan span) => IsIn<CatchClauseSyntax>(span);

    public bool IsInElse(SourceSpan span) => IsIn<ElseClauseSyntax>(span);

    public bool IsInSwitch(SourceSpan span) => IsIn<SwitchSectionSyntax>(span);

    public bool IsInLoop(SourceSpan span) => IsIn<ForStatementSyntax>(span) || IsIn<WhileStatementSyntax>(span) || IsIn<ForEachStatementSyntax>(span);

    public bool IsInUsing(SourceSpan span) => IsIn<UsingStatementSyntax>(span);

    private bool IsIn<T>(SourceSpan span)
        where T : SyntaxNode
    {
        if (span.IsNone || !_roots.TryGetValue(span.Path, out SyntaxNode? root))
            return false;
        SyntaxNode? at = root.FindNode(new(checked((int)span.Start), checked((int)span.Length)), getInnermostNodeForTie: true);
        for (; at is not null; at = at.Parent)
        {
            if (at is T)
                return true;
            if (at is LambdaExpressionSyntax or LocalFunctionStatementSyntax or MemberDeclarationSyntax)
                return false;
        }

        return false;
    }
}
