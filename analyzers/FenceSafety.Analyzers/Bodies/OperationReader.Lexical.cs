using System.Collections.Immutable;
using FenceSafety.Core.Facts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.Analyzers.Bodies;

/// <summary>
/// In nullable code Roslyn's graph does not lower <c>lock</c> on a <c>System.Threading.Lock</c>: it shows an invalid operation and the
/// bare body (seen with 4.14 and 5.x). Such a lock is held by every operation whose syntax is inside the statement.
/// </summary>
sealed partial class OperationReader
{
    readonly List<TextSpan> _lexicalLocks = new();

    void FindLexicalLocks(ControlFlowGraph graph)
    {
        _lexicalLocks.Clear();
        foreach (var operation in graph.Blocks.SelectMany(static b => b.Operations))
        {
            if (NotLowered(operation) is { } statement)
                _lexicalLocks.Add(statement.Span);
        }
    }

    static LockStatementSyntax? NotLowered(IOperation operation) =>
        operation is IExpressionStatementOperation { Operation: IInvalidOperation invalid } && operation.Syntax is LockStatementSyntax statement
        && invalid.ChildOperations.FirstOrDefault()?.Type is { Name: "Lock", ContainingNamespace.Name: "Threading" }
            ? statement
            : null;

    void NoteScope(IOperation at)
    {
        if (_lexicalLocks.Count == 0)
            return;
        var span = at.Syntax.Span;
        var active = ImmutableArray.CreateBuilder<int>();
        for (int i = 0; i < _lexicalLocks.Count; i++)
        {
            if (_lexicalLocks[i].Contains(span) && (_lexicalLocks[i] != span || NotLowered(at) is null))
                active.Add(i + 1);
        }
        Emit(new ScopeOp(Span(at), active.ToImmutable()));
    }

    bool LexicalLock(IOperation operation)
    {
        if (NotLowered(operation) is not { } statement)
            return false;
        var operand = ((IExpressionStatementOperation)operation).Operation.ChildOperations.First();
        var value = Visit(operand);
        Emit(new AcquireOp(Symbols.Spans.Of(statement.Expression), LockValue(operand, value), LockMode.Monitor, -1, -1, "lock")
        {
            Scope = _lexicalLocks.IndexOf(statement.Span) + 1,
        });
        return true;
    }
}
