using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FindSymbols;
using Microsoft.CodeAnalysis.Operations;

namespace FenceSafety.CodeFixes.LiftAllocation;

/// <summary>The expression of a function, as its caller has to write it.</summary>
sealed class Transplant : CSharpSyntaxRewriter
{
    readonly LiftTarget _target;
    readonly CallSite _site;
    readonly ImmutableArray<IArgumentOperation> _arguments;
    readonly IMethodSymbol _called;
    readonly ExpressionSyntax? _receiver;
    bool _fails;

    Transplant(LiftTarget target, CallSite site, IMethodSymbol called, ImmutableArray<IArgumentOperation> arguments, ExpressionSyntax? receiver)
    {
        _target = target;
        _site = site;
        _called = called;
        _arguments = arguments;
        _receiver = receiver;
    }

    /// <summary>Null where the caller cannot say the same.</summary>
    public static ExpressionSyntax? Apply(LiftTarget target, CallSite site, CancellationToken cancel)
    {
        var operation = site.Model.GetOperation(site.Call, cancel);
        var (called, arguments) = operation switch
        {
            IInvocationOperation i => (i.TargetMethod, i.Arguments),
            IObjectCreationOperation { Constructor: { } c } o => (c, o.Arguments),
            _ => (null, default),
        };
        // What an async function throws is in its task.
        if (called is null || (target.Method.IsAsync && site.Call.Parent is not (AwaitExpressionSyntax or ReturnStatementSyntax or ArrowExpressionClauseSyntax)))
            return null;
        var receiver = (operation as IInvocationOperation)?.Instance is { Syntax: ExpressionSyntax r, IsImplicit: false } ? r : null;
        var transplant = new Transplant(target, site, called, arguments, receiver);
        var result = (ExpressionSyntax)transplant.Visit(target.Syntax)!;
        return transplant._fails || !transplant.MeansTheSame(result) ? null : result.WithoutTrivia();
    }

    public override SyntaxNode? Visit(SyntaxNode? node)
    {
        if (node is not (NameSyntax or ThisExpressionSyntax or MemberAccessExpressionSyntax) || _fails)
            return base.Visit(node);
        var symbol = _target.Model.GetSymbolInfo(node).Symbol;
        switch (symbol)
        {
            case INamespaceOrTypeSymbol:
                return symbol is ITypeSymbol type ? TypeName(type).WithTriviaFrom(node) : base.Visit(node);
            case IParameterSymbol p when node is IdentifierNameSyntax && p.ContainingSymbol.OriginalDefinition is IMethodSymbol m
                && SymbolEqualityComparer.Default.Equals(m, _target.Method) && !p.IsThis:
                return Parenthesized(Argument(p), node);
            case ILocalSymbol local when _target.Inlined.TryGetValue(local, out var value):
                return Parenthesized(((ExpressionSyntax?)Visit(value))?.WithoutTrivia(), node);
        }
        if (node is ThisExpressionSyntax)
            return IsSameInstance ? node : Receiver(node);
        if (node is SimpleNameSyntax name && !IsMemberName(name) && symbol is IFieldSymbol or IPropertySymbol or IMethodSymbol { MethodKind: not MethodKind.LocalFunction } or IEventSymbol)
            return Unqualified((SimpleNameSyntax)node, symbol!);
        return base.Visit(node);
    }

    /// <summary>Calls of the same object see <c>this</c> as the function does.</summary>
    bool IsSameInstance => _target.Method.MethodKind == MethodKind.LocalFunction || _receiver is null or ThisExpressionSyntax or BaseExpressionSyntax;

    SyntaxNode Unqualified(SimpleNameSyntax name, ISymbol symbol)
    {
        var arguments = (SimpleNameSyntax)base.Visit(name)!;
        if (!symbol.IsStatic)
        {
            if (IsSameInstance)
                return arguments;
            return SyntaxFactory.MemberAccessExpression(
                SyntaxKind.SimpleMemberAccessExpression, (ExpressionSyntax)Receiver(name).WithoutTrivia(), arguments.WithoutTrivia()).WithTriviaFrom(name);
        }
        bool isSeen = _site.Model.LookupSymbols(_site.Call.SpanStart, name: symbol.Name).Any(s => Id(s) == Id(symbol));
        return isSeen
            ? arguments
            : SyntaxFactory.MemberAccessExpression(SyntaxKind.SimpleMemberAccessExpression, TypeName(symbol.ContainingType), arguments.WithoutTrivia()).WithTriviaFrom(name);
    }

    SyntaxNode Receiver(SyntaxNode node)
    {
        if (_receiver is null || !IsRepeatable(_site.Model.GetOperation(_receiver)))
            _fails = true;
        return _receiver is null ? node : _receiver.WithTriviaFrom(node);
    }

    ExpressionSyntax TypeName(ITypeSymbol type)
    {
        if (type is ITypeParameterSymbol parameter)
        {
            var arguments = parameter.TypeParameterKind == TypeParameterKind.Method ? _called.TypeArguments : _called.ContainingType.TypeArguments;
            bool isOther = parameter.TypeParameterKind == TypeParameterKind.Type && Id(_called.ContainingType) != Id(_target.Method.ContainingType);
            if (isOther || parameter.Ordinal >= arguments.Length)
                _fails = true;
            else
                type = arguments[parameter.Ordinal];
        }
        else if (Mentions(type))
        {
            _fails = true;
        }
        var here = SymbolFinder.FindSimilarSymbols(type, _site.Model.Compilation).FirstOrDefault() ?? type;
        return SyntaxFactory.ParseExpression(here.ToMinimalDisplayString(_site.Model, _site.Call.SpanStart));
    }

    /// <summary>A type parameter of the function, inside of another type.</summary>
    static bool Mentions(ITypeSymbol type) => type switch
    {
        INamedTypeSymbol n => n.TypeArguments.Any(static a => a is ITypeParameterSymbol || Mentions(a)),
        IArrayTypeSymbol a => a.ElementType is ITypeParameterSymbol || Mentions(a.ElementType),
        _ => false,
    };

    ExpressionSyntax? Argument(IParameterSymbol parameter)
    {
        var argument = _arguments.FirstOrDefault(a => a.Parameter?.Ordinal == parameter.Ordinal);
        if (argument?.ArgumentKind == ArgumentKind.DefaultValue && argument.Value.ConstantValue is { HasValue: true, Value: var value })
        {
            return value switch
            {
                null => SyntaxFactory.LiteralExpression(SyntaxKind.NullLiteralExpression),
                bool b => SyntaxFactory.LiteralExpression(b ? SyntaxKind.TrueLiteralExpression : SyntaxKind.FalseLiteralExpression),
                int i when parameter.Type.SpecialType == SpecialType.System_Int32 => SyntaxFactory.LiteralExpression(SyntaxKind.NumericLiteralExpression, SyntaxFactory.Literal(i)),
                string s => SyntaxFactory.LiteralExpression(SyntaxKind.StringLiteralExpression, SyntaxFactory.Literal(s)),
                _ => null,
            };
        }
        return argument is { ArgumentKind: ArgumentKind.Explicit, Value.Syntax: ExpressionSyntax syntax } && IsRepeatable(argument.Value) ? syntax.WithoutTrivia() : null;
    }

    SyntaxNode Parenthesized(ExpressionSyntax? expression, SyntaxNode node)
    {
        if (expression is null)
        {
            _fails = true;
            return node;
        }
        bool isPrimary = node.Parent is ArgumentSyntax or EqualsValueClauseSyntax or ArrayRankSpecifierSyntax
            || expression is NameSyntax or MemberAccessExpressionSyntax or LiteralExpressionSyntax or InvocationExpressionSyntax or ThisExpressionSyntax
                or ElementAccessExpressionSyntax or ParenthesizedExpressionSyntax or BaseObjectCreationExpressionSyntax;
        return (isPrimary ? expression : SyntaxFactory.ParenthesizedExpression(expression.WithoutTrivia())).WithTriviaFrom(node);
    }

    /// <summary>Written twice it has the same value, and no effect.</summary>
    static bool IsRepeatable(IOperation? operation) => operation switch
    {
        ILiteralOperation or IInstanceReferenceOperation or IDefaultValueOperation or ITypeOfOperation or INameOfOperation or ISizeOfOperation => true,
        ILocalReferenceOperation l => !l.Local.IsRef,
        IParameterReferenceOperation => true,
        { ConstantValue.HasValue: true } => true,
        IFieldReferenceOperation f => f.Instance is null || IsRepeatable(f.Instance),
        IPropertyReferenceOperation p => !p.Property.IsIndexer && (p.Instance is null || IsRepeatable(p.Instance)) && Analyzers.Bodies.AutoProperties.IsPlain(p.Property, p.Property.GetMethod!),
        IConversionOperation c => c.OperatorMethod is null && IsRepeatable(c.Operand),
        IParenthesizedOperation p => IsRepeatable(p.Operand),
        IUnaryOperation u => u.OperatorMethod is null && IsRepeatable(u.Operand),
        IBinaryOperation b => b.OperatorMethod is null && IsRepeatable(b.LeftOperand) && IsRepeatable(b.RightOperand),
        _ => false,
    };

    /// <summary>At the call the expression binds to what it did in the function.</summary>
    bool MeansTheSame(ExpressionSyntax result)
    {
        var at = result is AwaitExpressionSyntax a ? a.Expression : result;
        var was = _target.Syntax is AwaitExpressionSyntax b ? b.Expression : _target.Syntax;
        var expected = _target.Model.GetSymbolInfo(was).Symbol;
        if (expected is null || result is ImplicitObjectCreationExpressionSyntax)
            return true;
        var found = _site.Model.GetSpeculativeSymbolInfo(_site.Call.SpanStart, at, SpeculativeBindingOption.BindAsExpression).Symbol;
        return found is not null && Id(found) == Id(expected);
    }

    static bool IsMemberName(SimpleNameSyntax name) => name.Parent switch
    {
        MemberAccessExpressionSyntax m => m.Name == name,
        MemberBindingExpressionSyntax or NameColonSyntax or QualifiedNameSyntax or AliasQualifiedNameSyntax => true,
        AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax } a => a.Left == name,
        _ => false,
    };

    static string Id(ISymbol symbol)
    {
        var original = symbol is IMethodSymbol m ? (m.ReducedFrom ?? m).OriginalDefinition : symbol.OriginalDefinition;
        return original.GetDocumentationCommentId() ?? original.ToDisplayString();
    }
}
