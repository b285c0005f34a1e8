using FenceSafety.Analyzers.Annotations;
using FenceSafety.Analyzers.Bodies;
using FenceSafety.CodeFixes.Editing;
using FenceSafety.CodeFixes.HoistAllocation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.CodeFixes.RetryAllocation;

/// <summary>
/// Writes the loop around the code under the lock. What stands there stays; the allocation becomes a local, and before its use comes the
/// question whether it is made already. A <c>continue</c> gives the lock back, and the next pass begins with the allocation.
/// </summary>
sealed class RetryWriter
{
    readonly SemanticModel _model;
    readonly RetryPlan _plan;
    readonly SourceText _text;
    readonly Lines _lines;
    readonly Edits _edits;
    readonly Enclosing _enclosing;
    readonly string _indentation;
    readonly string _unit;
    readonly string _value;
    readonly string _flag;
    readonly ITypeSymbol _type;
    readonly List<(Captured Captured, string Name)> _captured;

    public RetryWriter(SemanticModel model, RetryPlan plan, CancellationToken cancel)
    {
        _model = model;
        _plan = plan;
        _text = model.SyntaxTree.GetText(cancel);
        _lines = new Lines(_text, model.SyntaxTree.GetRoot(cancel));
        _edits = new Edits(_text);
        _indentation = _lines.Indentation(plan.Scope[0]);
        _unit = _indentation.Contains('\t') ? "\t" : "    ";
        _enclosing = new Enclosing(_lines, _edits, _unit, extra: _unit, plan.Scope[0]);
        _value = Names.ForValue(plan.Target, model);
        _flag = Names.Unique("isAllocated", plan.Target.Member);
        var type = model.GetTypeInfo(plan.Target.Syntax, cancel);
        _type = (type.Type is null || plan.Target.Syntax is ImplicitObjectCreationExpressionSyntax ? type.ConvertedType : type.Type)!;
        _captured = plan.Captured.Select((c, i) => (c, Names.Unique(
            "allocated" + char.ToUpperInvariant(c.Wish[0]) + c.Wish.Substring(1) + (plan.Captured.Take(i).Any(p => p.Wish == c.Wish) ? i.ToString(System.Globalization.CultureInfo.InvariantCulture) : ""),
            plan.Target.Member))).ToList();
    }

    /// <summary>Null where there is no room for it.</summary>
    public SourceText? Apply()
    {
        var first = _plan.Scope[0];
        var last = _plan.Scope[_plan.Scope.Length - 1];
        if (!_lines.BeginsLine(first) || !_lines.IsAlone(last) || _plan.Scope.Any(static s => s.ContainsDirectives))
            return null;
        bool disposes = Disposables.IsDisposable(_type);
        if (LockCalls.Has(_type, Attributes.MustConsume) || (disposes && !CanDispose()))
            return null;
        var flow = _plan.IsGuard ? _model.AnalyzeControlFlow(first, last) : _model.AnalyzeControlFlow(first);
        if (flow is not { Succeeded: true } || (disposes && !flow.EndPointIsReachable))
            return null;
        _edits.Insert(_lines.Start(first), Header(disposes));
        _edits.Replace(_plan.Target.Syntax.Parent is ParenthesizedExpressionSyntax p ? p.Span : _plan.Target.Syntax.Span, _value);
        string[] used = disposes ? new[] { _value + " = " + Default(_type) + ";" } : Array.Empty<string>();
        string[] leave = flow.EndPointIsReachable ? new[] { "break;" } : Array.Empty<string>();
        if (!Body(leave, used))
            return null;
        var closing = _plan.IsGuard ? leave.Select(l => _unit + l).ToList() : new List<string>();
        closing.Add("}");
        if (disposes)
            closing.Add(_value + "?.Dispose();");
        int end = _lines.Of(last).End;
        _enclosing.Reindent(last);
        _edits.Insert(end, string.Concat(closing.Select(l => _indentation + l + _lines.EndOfLine)));
        return _edits.Apply();
    }

    /// <summary>The question before the use, and the end of the loop after what is done under the lock.</summary>
    bool Body(string[] leave, string[] used)
    {
        var statement = _plan.Target.Statement;
        var body = _plan.Lock.Statement switch
        {
            LockStatementSyntax l => l.Statement,
            UsingStatementSyntax u => u.Statement,
            _ => null,
        };
        switch (body)
        {
            case null:
                return _enclosing.Around(statement, Question(), used);
            case BlockSyntax block:
                return _enclosing.Around(statement, Question(), used) && _enclosing.AtEnd(block, leave);
            case var _ when body == statement:
                return _enclosing.Around(statement, Question(), used.Concat(leave).ToArray());
            default:
                return _enclosing.Around(statement, Question(), used) && _enclosing.Around(body, Array.Empty<string>(), leave);
        }
    }

    string[] Question()
    {
        var stale = _captured.Select(static c => c.Name + " != " + Operand(c.Captured.Value)).ToList();
        stale.Insert(0, "!" + _flag);
        string question = string.Join(" || ", stale);
        if (_plan.Conditions.Length > 0)
            question = string.Join(" && ", _plan.Conditions) + " && " + (stale.Count > 1 ? "(" + question + ")" : question);
        if (_captured.Count == 0)
            return new[] { "if (" + question + ")", _unit + "continue;" };
        var lines = new List<string> { "if (" + question + ")", "{" };
        lines.AddRange(_captured.Select(c => _unit + c.Name + " = " + c.Captured.Value + ";"));
        lines.Add(_unit + "continue;");
        lines.Add("}");
        return lines.ToArray();
    }

    string Header(bool disposes)
    {
        var lines = new List<string> { Declare(_type, _value) };
        lines.AddRange(_captured.Select(c => Declare(c.Captured.Type, c.Name)));
        lines.Add("for (bool " + _flag + " = false; ; " + _flag + " = true)");
        lines.Add("{");
        lines.Add(_unit + "if (" + _flag + ")");
        string allocate = _value + " = " + Allocation() + ";";
        if (disposes && _captured.Count > 0)
            lines.AddRange(new[] { _unit + "{", _unit + _unit + _value + "?.Dispose();", _unit + _unit + allocate, _unit + "}" });
        else
            lines.Add(_unit + _unit + allocate);
        return string.Concat(lines.Select(l => _indentation + l + _lines.EndOfLine)) + _lines.EndOfLine;
    }

    string Allocation()
    {
        var target = _plan.Target.Syntax;
        if (_captured.Count == 0)
            return _lines.Reindented(target.Span, _lines.Indentation(_plan.Target.Statement), _indentation + _unit + _unit);
        var text = new Edits(_text);
        foreach (var (captured, name) in _captured)
            text.Replace(captured.Value.Span, name);
        int growth = _captured.Sum(static c => c.Name.Length - c.Captured.Value.Span.Length);
        return text.Apply()!.ToString(new TextSpan(target.SpanStart, target.Span.Length + growth));
    }

    string Declare(ITypeSymbol type, string name) =>
        type.ToMinimalDisplayString(_model, _plan.Scope[0].SpanStart) + " " + name + " = " + Default(type) + ";";

    string Default(ITypeSymbol type)
    {
        if (type.IsValueType)
            return "default";
        string value = type.IsReferenceType ? "null" : "default";
        return (_model.GetNullableContext(_plan.Scope[0].SpanStart) & NullableContext.AnnotationsEnabled) != 0 ? value + "!" : value;
    }

    /// <summary>What is not used after all is disposed behind the loop: nothing may leave before, and the use is seen.</summary>
    bool CanDispose() => _type.IsReferenceType
        && (_type.Name == "IDisposable" || _type.AllInterfaces.Any(static i => i is { Name: "IDisposable", ContainingNamespace.Name: "System" }))
        && _plan.Target.Statement is ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax } && _plan.Conditions.IsEmpty
        && !_plan.Scope.SelectMany(static s => s.DescendantNodes()).Any(static n => n is ReturnStatementSyntax or ThrowStatementSyntax or ThrowExpressionSyntax or YieldStatementSyntax);

    static string Operand(ExpressionSyntax value) =>
        value is IdentifierNameSyntax or MemberAccessExpressionSyntax or ElementAccessExpressionSyntax or InvocationExpressionSyntax or LiteralExpressionSyntax
            ? value.ToString()
            : "(" + value + ")";
}
