using FenceSafety.Analyzers.Program;
using FenceSafety.Core.Facts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FenceSafety.Analyzers.Annotations;

/// <summary>From fields and properties to lock classes.</summary>
static class LockClasses
{
    public static LockInfo Of(ISymbol member, AnnotationStore annotations, SymbolTable symbols)
    {
        var type = TypeOf(member);
        var named = annotations.Find(member, Attributes.LockClass) ?? (type is null ? null : annotations.Find(type, Attributes.LockClass));
        bool fenceSafe = annotations.Has(member, Attributes.FenceSafeLock) || (type is not null && annotations.Has(type, Attributes.FenceSafeLock));
        string display = member.ContainingType is { } owner ? SymbolNames.Display((ITypeSymbol)owner.OriginalDefinition) + "." + member.Name : member.Name;
        if (named?.Text(0) is { Length: > 0 } name)
            return new LockInfo(Named(named, name), name, fenceSafe);
        return new LockInfo(SymbolNames.ClassName(member), display, fenceSafe, InjectedBy(member));
    }

    /// <summary>Equal names are one class; a subclass is a level of its own.</summary>
    public static string Named(Annotation annotation, string name) =>
        ContractReader.Bits(annotation.Value("Subclass")) is { } n and not 0
            ? name + "/" + n.ToString(System.Globalization.CultureInfo.InvariantCulture)
            : name;

    public static ITypeSymbol? TypeOf(ISymbol member) => member switch
    {
        IFieldSymbol f => f.Type,
        IPropertySymbol p => p.Type,
        IParameterSymbol p => p.Type,
        ILocalSymbol l => l.Type,
        ITypeSymbol t => t,
        _ => null,
    };

    /// <summary>A readonly field that only constructors assign, from their parameters: the name under which its makers are found.</summary>
    static string? InjectedBy(ISymbol member)
    {
        if (member is IParameterSymbol { ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } constructor })
            return "new " + constructor.ContainingType.Name;
        if (member is not (IFieldSymbol { IsReadOnly: true } or IPropertySymbol { IsReadOnly: true }) || member.IsStatic
            || member.ContainingType is not { } type || type.DeclaringSyntaxReferences.IsEmpty)
            return null;
        string fieldName = member.Name;
        bool any = false;
        foreach (var reference in type.DeclaringSyntaxReferences)
        {
            if (reference.GetSyntax() is not TypeDeclarationSyntax declaration)
                return null;
            var primary = declaration.ParameterList is { } list ? Names(list) : null;
            foreach (var m in declaration.Members)
            {
                switch (m)
                {
                    case FieldDeclarationSyntax f:
                        foreach (var v in f.Declaration.Variables.Where(v => v.Identifier.ValueText == fieldName && v.Initializer is not null))
                        {
                            if (primary is null || !IsParameter(v.Initializer!.Value, primary))
                                return null;
                            any = true;
                        }
                        break;
                    case PropertyDeclarationSyntax { Initializer: { } initializer } p when p.Identifier.ValueText == fieldName:
                        if (primary is null || !IsParameter(initializer.Value, primary))
                            return null;
                        any = true;
                        break;
                    case ConstructorDeclarationSyntax c:
                        var parameters = Names(c.ParameterList);
                        foreach (var a in c.DescendantNodes().OfType<AssignmentExpressionSyntax>().Where(a => Assigned(a.Left) == fieldName))
                        {
                            if (!IsParameter(a.Right, parameters))
                                return null;
                            any = true;
                        }
                        break;
                }
            }
        }
        return any ? "new " + type.Name : null;
    }

    public static List<string> Names(ParameterListSyntax parameters) => parameters.Parameters.Select(static p => p.Identifier.ValueText).ToList();

    /// <summary>The member of this object that an assignment's left side names, or null.</summary>
    public static string? Assigned(ExpressionSyntax left) => left switch
    {
        IdentifierNameSyntax i => i.Identifier.ValueText,
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax, Name.Identifier.ValueText: var name } => name,
        _ => null,
    };

    public static bool IsParameter(ExpressionSyntax value, List<string> parameters) => value switch
    {
        IdentifierNameSyntax i => parameters.Contains(i.Identifier.ValueText),
        BinaryExpressionSyntax { RawKind: (int)Microsoft.CodeAnalysis.CSharp.SyntaxKind.CoalesceExpression, Right: ThrowExpressionSyntax } b => IsParameter(b.Left, parameters),
        _ => false,
    };
}
