using FenceSafety.CodeFixes.Editing;
using FenceSafety.CodeFixes.HoistAllocation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FenceSafety.CodeFixes.CachedDelegate;

/// <summary>Adds a field to a type, and what every constructor does first.</summary>
sealed class Constructors(TypeDeclarationSyntax type, SemanticModel model, Lines lines, CancellationToken cancel)
{
    readonly string _indentation = type.Members.Count > 0 ? lines.Indentation(type.Members[0]) : "";

    readonly List<ConstructorDeclarationSyntax> _own = type.Members.OfType<ConstructorDeclarationSyntax>()
        .Where(static c => !c.Modifiers.Any(SyntaxKind.StaticKeyword) && c.Initializer is not { RawKind: (int)SyntaxKind.ThisConstructorInitializer }).ToList();

    /// <summary>A class whose constructors are all in this declaration, in lines of their own.</summary>
    public bool AreReachable
    {
        get
        {
            if (type is not ClassDeclarationSyntax { ParameterList: null } || model.GetDeclaredSymbol(type, cancel) is not { } symbol)
                return false;
            bool isHere = symbol.InstanceConstructors.All(c => c.IsImplicitlyDeclared || c.DeclaringSyntaxReferences.All(r => type.Span.Contains(r.Span) && r.SyntaxTree == type.SyntaxTree));
            return isHere && _own.All(c => c.Body is { } body && lines.BeginsLine(body.CloseBraceToken) && lines.BeginsLine(body.OpenBraceToken));
        }
    }

    /// <summary>Before the first member, or after the fields that begin the type.</summary>
    public bool AddField(string field, Edits edits)
    {
        var last = type.Members.TakeWhile(static m => m is FieldDeclarationSyntax).LastOrDefault();
        if (type.Members.Count == 0 || !lines.IsAlone(last ?? type.Members[0]))
            return false;
        if (last is not null)
            edits.Insert(lines.Of(last).End, _indentation + field + lines.EndOfLine);
        else
            edits.Insert(lines.Start(type.Members[0]), _indentation + field + lines.EndOfLine + lines.EndOfLine);
        return true;
    }

    public bool Assign(string field, string value, Edits edits)
    {
        string unit = _indentation.Contains('\t') ? "\t" : "    ";
        if (_own.Count > 0)
        {
            foreach (var constructor in _own)
            {
                var body = constructor.Body!;
                int at = body.Statements.Count > 0 ? lines.Start(body.Statements[0]) : lines.StartOfLine(body.CloseBraceToken.SpanStart);
                if (body.Statements.Count > 0 && !lines.BeginsLine(body.Statements[0]))
                    return false;
                edits.Insert(at, lines.Indentation(body.CloseBraceToken) + unit + field + " = " + value + ";" + lines.EndOfLine);
            }
            return true;
        }
        var first = type.Members.SkipWhile(static m => m is FieldDeclarationSyntax).FirstOrDefault();
        if (first is null)
            return false;
        string eol = lines.EndOfLine;
        string access = type.Modifiers.Any(SyntaxKind.AbstractKeyword) ? "protected " : "public ";
        edits.Insert(lines.Start(first), _indentation + access + type.Identifier.ValueText + "()" + eol + _indentation + "{" + eol
            + _indentation + unit + field + " = " + value + ";" + eol + _indentation + "}" + eol + eol);
        return true;
    }
}
