using FenceSafety.CodeFixes.Editing;
using FenceSafety.CodeFixes.HoistAllocation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.CodeFixes.WithinCapacity;

/// <summary>The method that checks and appends, behind the member that calls it.</summary>
static class Appender
{
    public static SourceText? Write(SemanticModel model, InvocationExpressionSyntax call, IMethodSymbol method, IFieldSymbol field, CancellationToken cancel)
    {
        var member = call.Ancestors().OfType<MemberDeclarationSyntax>().FirstOrDefault();
        var lines = new Lines(model.SyntaxTree.GetText(cancel), model.SyntaxTree.GetRoot(cancel));
        if (member?.Parent is not TypeDeclarationSyntax type || !lines.IsAlone(member)
            || Name(model, "FenceSafety.AssumeFenceSafeAttribute", member.SpanStart) is not { } vouch
            || Name(model, "System.InvalidOperationException", member.SpanStart) is not { } exception)
        {
            return null;
        }
        string name = Names.Unique(method.Name + "WithinCapacity", type);
        string indentation = lines.Indentation(member), unit = indentation.Contains('\t') ? "\t" : "    ", eol = lines.EndOfLine;
        // A parameter must not hide the field.
        var parameters = method.Parameters.Select(p => (p, p.Name == field.Name ? p.Name + "2" : p.Name)).ToList();
        string Display(ITypeSymbol t) => t.ToMinimalDisplayString(model, member.SpanStart);
        string[] body =
        {
            "/// <summary>Adds to <see cref=\"" + field.Name + "\"/> within the capacity that it is made with.</summary>",
            "[" + vouch.Substring(0, vouch.Length - "Attribute".Length) + "(\"Throws where " + field.Name + " would grow.\")]",
            (field.IsStatic ? "static " : "") + Display(method.ReturnType) + " " + name
                + "(" + string.Join(", ", parameters.Select(p => Display(p.p.Type) + " " + p.Item2)) + ")",
            "{",
            unit + "if (" + field.Name + ".Count == " + field.Name + ".Capacity)",
            unit + unit + "throw new " + exception + "(\"" + field.Name + " is full.\");",
            unit + (method.ReturnsVoid ? "" : "return ") + field.Name + "." + method.Name + "(" + string.Join(", ", parameters.Select(static p => p.Item2)) + ");",
            "}",
        };
        var edits = new Edits(model.SyntaxTree.GetText(cancel));
        edits.Replace(call.Expression.Span, name);
        edits.Insert(lines.Of(member).End, eol + string.Concat(body.Select(l => indentation + l + eol)));
        return edits.Apply();
    }

    static string? Name(SemanticModel model, string metadataName, int position) =>
        model.Compilation.GetTypeByMetadataName(metadataName)?.ToMinimalDisplayString(model, position);
}
