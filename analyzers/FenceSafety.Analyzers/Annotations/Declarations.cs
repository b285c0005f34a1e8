using FenceSafety.Analyzers.Program;
using FenceSafety.Core.Facts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FenceSafety.Analyzers.Annotations;

/// <summary>Declarations that add to the graph by themselves.</summary>
static class Declarations
{
    /// <summary>Orders declared here and in referenced assemblies.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> LockOrders(Compilation compilation, AnnotationStore annotations)
    {
        var result = new List<IReadOnlyList<string>>();
        foreach (var assembly in compilation.SourceModule.ReferencedAssemblySymbols.Where(static a => !ClassHierarchy.IsFramework(a)).Prepend(compilation.Assembly))
        {
            foreach (var a in annotations.Of(assembly))
            {
                if (a.Name == Attributes.LockOrder)
                    result.Add(a.Arguments.OfType<string>().ToList());
            }
        }
        return result;
    }

    /// <summary>The methods, accessors, constructors and operators that code outside the assembly can call or override.</summary>
    public static IReadOnlyCollection<string> VisibleMembers(Compilation compilation, SymbolTable symbols, CancellationToken cancel)
    {
        var result = new SortedSet<string>(StringComparer.Ordinal);
        var work = new Stack<INamespaceOrTypeSymbol>();
        work.Push(compilation.Assembly.GlobalNamespace);
        while (work.Count > 0)
        {
            cancel.ThrowIfCancellationRequested();
            foreach (var member in work.Pop().GetMembers())
            {
                if (member is INamespaceSymbol || (member is INamedTypeSymbol && ClassHierarchy.IsVisibleOutside(member)))
                    work.Push((INamespaceOrTypeSymbol)member);
                else if (member is IMethodSymbol { IsImplicitlyDeclared: false } method && ClassHierarchy.IsVisibleOutside(method))
                    result.Add(symbols.Id(method));
            }
        }
        return result;
    }

    /// <summary>Methods and accessors that carry <c>[AssumeFenceSafe]</c> themselves, with the place of the attribute.</summary>
    public static Dictionary<string, Location> Vouched(
        MemberLookup members, SymbolTable symbols, AnnotationStore annotations, CancellationToken cancel)
    {
        var result = new Dictionary<string, Location>(StringComparer.Ordinal);
        foreach (var node in Attributes.Spellings(Attributes.AssumeFenceSafe).SelectMany(members.Declarations))
        {
            if (node is not BaseMethodDeclarationSyntax || members.ModelOf(node)?.GetDeclaredSymbol(node, cancel) is not IMethodSymbol method
                || method is { MethodKind: MethodKind.Constructor, ContainingType.IsValueType: false })
                continue;
            var attribute = annotations.Find(method, Attributes.AssumeFenceSafe);
            if (attribute?.Location is { } location && !string.IsNullOrWhiteSpace(attribute.Text(0)))
                result[symbols.Id(method)] = location;
        }
        return result;
    }

    /// <summary>Lock classes that carry the promise of <c>[FenceSafeLock]</c> in this compilation.</summary>
    public static IReadOnlyCollection<string> FenceSafeLocks(
        MemberLookup members, SymbolTable symbols, AnnotationStore annotations, CancellationToken cancel)
    {
        var result = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var node in Attributes.Spellings(Attributes.FenceSafeLock).SelectMany(members.Declarations))
        {
            var model = members.ModelOf(node);
            IEnumerable<SyntaxNode> nodes = node is BaseFieldDeclarationSyntax field ? field.Declaration.Variables : new[] { node };
            foreach (var symbol in nodes.Select(n => model?.GetDeclaredSymbol(n, cancel)))
            {
                if (symbol is IFieldSymbol or IPropertySymbol && annotations.Has(symbol, Attributes.FenceSafeLock))
                    result.Add(symbols.Lock(symbol).Class);
            }
        }
        return result;
    }
}
