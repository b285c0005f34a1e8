using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace FenceSafety.CodeFixes.HoistAllocation;

/// <summary>A <c>finally</c> that an allocation may leave: it only gives locks back.</summary>
static class Releases
{
    public static bool Only(BlockSyntax block, SemanticModel model) => block.Statements.All(s => Is(s, model));

    static bool Is(StatementSyntax statement, SemanticModel model) => statement switch
    {
        BlockSyntax b => Only(b, model),
        // if (taken) Monitor.Exit(gate);
        IfStatementSyntax { Else: null, Condition: IdentifierNameSyntax } i => Is(i.Statement, model),
        ExpressionStatementSyntax e => model.GetOperation(e.Expression) is IInvocationOperation call && LockCalls.Releases(call),
        _ => false,
    };
}
