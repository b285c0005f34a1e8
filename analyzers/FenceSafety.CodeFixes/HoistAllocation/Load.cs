using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace FenceSafety.CodeFixes.HoistAllocation;

/// <summary>What is moved: the allocation, or its statement, and the declarations that it needs.</summary>
sealed class Load
{
    readonly SemanticModel _model;
    readonly Target _target;
    readonly Callees _callees;
    readonly HashSet<ISymbol> _needed = new(SymbolEqualityComparer.Default);
    readonly bool _isWhole;

    public Load(SemanticModel model, Target target, Callees callees)
    {
        _model = model;
        _target = target;
        _callees = callees;
        CanMove = Add(target.Operation) && !IsByReference(target);
        _isWhole = CanMove && StatementMoves();
    }

    public bool CanMove { get; }

    public bool Needs(HashSet<ISymbol> written) => _needed.Overlaps(written) || _needed.Any(IsWrittenElsewhere);

    /// <summary>A declaration of a needed local goes along, if its own value may.</summary>
    public bool Takes(StatementSyntax statement)
    {
        if (statement is not LocalDeclarationStatementSyntax { UsingKeyword.RawKind: 0, Declaration.Variables: { Count: 1 } variables } declaration
            || declaration.ContainsDirectives || variables[0].Initializer is not { } initializer
            || _model.GetDeclaredSymbol(variables[0]) is not { } local || !_needed.Contains(local))
        {
            return false;
        }
        if (!Names.IsFree(local.Name, declaration, _target.Member) || _model.GetOperation(initializer.Value) is not { } value || !Add(value))
            return false;
        // What is left to be needed is needed before its declaration.
        _needed.Remove(local);
        return true;
    }

    /// <summary>The statement goes as it is, unless its local would meet another of that name, or is used on the way.</summary>
    public bool MovesStatement(List<Acquisition> crossed, List<StatementSyntax> dependencies)
    {
        if (!_isWhole)
            return false;
        switch (_target.Statement)
        {
            case LocalDeclarationStatementSyntax d:
                return Names.IsFree(d.Declaration.Variables[0].Identifier.ValueText, d, _target.Member);
            case ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax { Left: IdentifierNameSyntax left } }:
                var outermost = crossed[crossed.Count - 1].Statement;
                // A local of the lock's own scope cannot be assigned before it is declared.
                bool isOutside = _model.GetSymbolInfo(left).Symbol is not ILocalSymbol local
                    || local.DeclaringSyntaxReferences.All(r => r.Span.End <= outermost.SpanStart);
                return isOutside && !_target.Member.DescendantNodes().OfType<IdentifierNameSyntax>().Any(n =>
                    n.Identifier.ValueText == left.Identifier.ValueText && n.SpanStart >= outermost.SpanStart && n.SpanStart < left.SpanStart);
            default:
                return true;
        }
    }

    bool StatementMoves()
    {
        if (_target.Statement.ContainsDirectives)
            return false;
        return _target.Statement switch
        {
            ExpressionStatementSyntax { Expression: var e } when e == _target.Syntax => true,
            ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression } a }
                => _model.GetOperation(a) is ISimpleAssignmentOperation { Target: ILocalReferenceOperation { Local.RefKind: RefKind.None } or IDiscardOperation } s
                    && Add(s.Value),
            LocalDeclarationStatementSyntax { UsingKeyword.RawKind: 0, Declaration.Variables: { Count: 1 } v } d when d.Declaration.Type is not RefTypeSyntax
                => v[0].Initializer is { } i && _model.GetOperation(i.Value) is { } value && Add(value),
            _ => false,
        };
    }

    /// <summary>All of it or nothing.</summary>
    bool Add(IOperation operation)
    {
        var inputs = new Inputs(_callees);
        if (!inputs.Are(operation))
            return false;
        _needed.UnionWith(inputs.Needed);
        return true;
    }

    static bool IsByReference(Target target) =>
        target.Syntax.Parent is RefExpressionSyntax
        || target.Operation is IInvocationOperation { TargetMethod: { ReturnsByRef: true } or { ReturnsByRefReadonly: true } };

    /// <summary>A lambda or local function that writes a local may run while the lock is waited for.</summary>
    bool IsWrittenElsewhere(ISymbol local) => _target.Member.DescendantNodes()
        .Where(static n => n is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)
        .Where(f => !f.Span.Contains(_target.Syntax.Span))
        .SelectMany(static f => f.DescendantNodes().OfType<IdentifierNameSyntax>())
        .Any(n => n.Identifier.ValueText == local.Name && n.Parent is AssignmentExpressionSyntax or PostfixUnaryExpressionSyntax or PrefixUnaryExpressionSyntax or ArgumentSyntax { RefKindKeyword.RawKind: not 0 });
}
