using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FenceSafety.CodeFixes.LiftAllocation;

/// <summary>Parameters and arguments added to lists, laid out as the others are.</summary>
static class Commas
{
    public static ParameterListSyntax Insert(ParameterListSyntax list, int index, string type, string name)
    {
        var parameter = SyntaxFactory.Parameter(SyntaxFactory.Identifier(name)).WithType(SyntaxFactory.ParseTypeName(type).WithTrailingTrivia(SyntaxFactory.Space));
        return list.WithParameters(Insert(list.Parameters, index, parameter));
    }

    /// <summary>
    /// The value is evaluated last, after all that the call evaluates. Behind optional parameters that are given, it and they need names.
    /// </summary>
    public static ArgumentListSyntax Append(ArgumentListSyntax list, int index, IMethodSymbol method, string name, ExpressionSyntax value)
    {
        var arguments = list.Arguments;
        bool isNamed = arguments.Count > index || arguments.Any(static a => a.NameColon is not null);
        for (int i = index; i < arguments.Count; i++)
        {
            if (arguments[i].NameColon is null)
                arguments = arguments.Replace(arguments[i], Named(arguments[i], method.Parameters[i].Name));
        }
        var argument = SyntaxFactory.Argument(value);
        return list.WithArguments(Insert(arguments, arguments.Count, isNamed ? Named(argument, name) : argument));
    }

    static ArgumentSyntax Named(ArgumentSyntax argument, string name) => argument
        .WithoutLeadingTrivia()
        .WithNameColon(SyntaxFactory.NameColon(SyntaxFactory.IdentifierName(name)).WithTrailingTrivia(SyntaxFactory.Space).WithLeadingTrivia(argument.GetLeadingTrivia()));

    static SeparatedSyntaxList<T> Insert<T>(SeparatedSyntaxList<T> list, int index, T item) where T : SyntaxNode
    {
        if (list.Count == 0)
            return list.Add(item);
        var separators = list.GetSeparators().ToList();
        // One in each line, or all in one.
        var comma = separators.Count > 0 ? separators[separators.Count - 1] : SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space);
        var items = list.ToList();
        if (separators.Count > 0 && comma.TrailingTrivia.Any(SyntaxKind.EndOfLineTrivia))
            item = item.WithLeadingTrivia(items[items.Count - 1].GetLeadingTrivia().Where(static t => t.IsKind(SyntaxKind.WhitespaceTrivia)));
        if (index == items.Count)
        {
            var last = items[items.Count - 1];
            item = item.WithTrailingTrivia(last.GetTrailingTrivia());
            items[items.Count - 1] = last.WithoutTrailingTrivia();
        }
        items.Insert(index, item);
        var blank = SyntaxFactory.TriviaList(comma.TrailingTrivia.Where(static t => t.IsKind(SyntaxKind.WhitespaceTrivia) || t.IsKind(SyntaxKind.EndOfLineTrivia)));
        separators.Insert(Math.Max(0, index - 1), SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(blank));
        return SyntaxFactory.SeparatedList(items, separators);
    }
}
