using FenceSafety.Analyzers.Annotations;
using FenceSafety.CodeFixes.Fixing;
using FenceSafety.CodeFixes.HoistAllocation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace FenceSafety.CodeFixes.MoveWait;

/// <summary>
/// From a wait back to where its region begins, over code that neither acts nor jumps. What is done in the region before the wait may be
/// what is waited for.
/// </summary>
sealed class WayBack(Site site, SyntaxNode member)
{
    readonly Quiet _quiet = new(site.Model);
    readonly HashSet<ISymbol> _needed = new(SymbolEqualityComparer.Default);

    /// <summary>Declarations that go with the wait, in their order.</summary>
    public List<StatementSyntax> Dependencies { get; } = new();

    /// <summary>The statement that begins the region.</summary>
    public StatementSyntax? To(StatementSyntax wait, IOperation waiting)
    {
        if (!Needs(waiting))
            return null;
        for (var at = wait; at is not null; at = Outwards(at))
        {
            if (at != wait && at is UsingStatementSyntax u)
                return Begins(u) && IsIndependent() ? u : null;
            var list = Siblings.Of(at);
            for (int i = at.IndexIn(list) - 1; i >= 0; i--)
            {
                if (Begins(list[i]))
                    return IsIndependent(list[i]) ? list[i] : null;
                if (Takes(list[i]))
                    Dependencies.Insert(0, list[i]);
                else if (list[i].ContainsDirectives || !_quiet.Statement(list[i]) || !IsIndependent())
                    return null;
            }
        }
        return null;
    }

    /// <summary>What the wait reads has to be read without effect; a call of a local function may read any local.</summary>
    bool Needs(IOperation waiting)
    {
        bool isQuiet = waiting switch
        {
            IInvocationOperation { TargetMethod.MethodKind: MethodKind.LocalFunction or MethodKind.DelegateInvoke } => false,
            IInvocationOperation call => call.ChildOperations.All(_quiet.Is),
            IPropertyReferenceOperation property => property.ChildOperations.All(_quiet.Is),
            IAwaitOperation { Operation: IInvocationOperation call } => call.ChildOperations.All(_quiet.Is),
            IAwaitOperation a => _quiet.Is(a.Operation),
            _ => false,
        };
        foreach (var read in waiting.DescendantsAndSelf())
        {
            if (read is ILocalReferenceOperation l)
                _needed.Add(l.Local);
            else if (read is IParameterReferenceOperation p)
                _needed.Add(p.Parameter);
        }
        return isQuiet;
    }

    bool Takes(StatementSyntax statement)
    {
        if (statement is not LocalDeclarationStatementSyntax { UsingKeyword.RawKind: 0, Declaration.Variables: { Count: 1 } v } declaration
            || declaration.ContainsDirectives || v[0].Initializer is not { } initializer
            || site.Model.GetDeclaredSymbol(v[0], site.Cancel) is not { } local || !_needed.Contains(local)
            || !Names.IsFree(local.Name, declaration, member) || site.Model.GetOperation(initializer.Value, site.Cancel) is not { } value || !_quiet.Is(value))
        {
            return false;
        }
        _needed.Remove(local);
        foreach (var read in value.DescendantsAndSelf())
        {
            if (read is ILocalReferenceOperation l)
                _needed.Add(l.Local);
            else if (read is IParameterReferenceOperation p)
                _needed.Add(p.Parameter);
        }
        return true;
    }

    bool IsIndependent(StatementSyntax? begin = null) => !_needed.Overlaps(_quiet.Written)
        && (begin is null || !begin.DescendantNodes().Any(n => n is VariableDeclaratorSyntax or SingleVariableDesignationSyntax or ArgumentSyntax { RefKindKeyword.RawKind: not 0 }
            && Symbol(n) is { } written && _needed.Contains(written)));

    ISymbol? Symbol(SyntaxNode node) => node is ArgumentSyntax a
        ? site.Model.GetSymbolInfo(a.Expression, site.Cancel).Symbol
        : site.Model.GetDeclaredSymbol(node, site.Cancel);

    bool Begins(StatementSyntax statement)
    {
        var value = statement switch
        {
            UsingStatementSyntax { Expression: { } e } => e,
            UsingStatementSyntax { Declaration.Variables: { Count: 1 } v } => v[0].Initializer?.Value,
            LocalDeclarationStatementSyntax { Declaration.Variables: { Count: 1 } v } => v[0].Initializer?.Value,
            ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax a } => a.Right,
            ExpressionStatementSyntax { Expression: var e } => e,
            _ => null,
        };
        return value is not null && site.Model.GetOperation(value, site.Cancel) is IInvocationOperation call
            && LockCalls.Has(call.TargetMethod, Attributes.BeginsFenceCritical);
    }

    static StatementSyntax? Outwards(StatementSyntax statement) => statement.Parent switch
    {
        BlockSyntax b => b,
        UsingStatementSyntax u => u,
        TryStatementSyntax { Catches.Count: 0 } t when t.Block == statement => t,
        _ => null,
    };
}
