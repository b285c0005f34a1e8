using FenceSafety.Core.Summaries.External;
using Microsoft.CodeAnalysis;

namespace FenceSafety.Analyzers.Tests.Framework;

/// <summary>The shipped summary against the reference assemblies that programs compile with.</summary>
public class FrameworkFileTests
{
    static readonly List<IMethodSymbol> Members = [.. Visible(FrameworkFile.References.GlobalNamespace)];

    [Fact]
    public void It_opens_with_all_checks_and_says_what_it_is_made_from()
    {
        Assert.StartsWith("Microsoft.NETCore.App 10.", FrameworkFile.File.Source, StringComparison.Ordinal);
        Assert.Contains("Microsoft.AspNetCore.App 10.", FrameworkFile.File.Source, StringComparison.Ordinal);
        Assert.Equal(Guid.Empty, FrameworkFile.File.Mvid);
        Assert.Empty(FrameworkFile.File.Bodies(out string? problem));
        Assert.Null(problem);
    }

    [Fact]
    public void Every_line_is_of_a_member() => Assert.DoesNotContain(FrameworkFile.File.Ids, id => !id.StartsWith("M:", StringComparison.Ordinal));

    [Fact]
    public void Most_members_that_programs_can_name_and_nobody_can_override_are_known()
    {
        var closed = Members.Where(m => !m.IsAbstract && !m.IsVirtual && !m.IsOverride && !m.IsImplicitlyDeclared && m.MethodKind != MethodKind.DelegateInvoke
            && m.ContainingType.TypeKind != TypeKind.Delegate).ToList();
        int known = closed.Count(m => FrameworkFile.File.Find(m.GetDocumentationCommentId()!, out _) is not null);
        Assert.True(known >= closed.Count * 0.8, $"{known} of {closed.Count}");
    }

    [Fact]
    public void What_is_invoked_is_a_delegate_parameter()
    {
        var wrong = Members.Where(m => FrameworkFile.File.Find(m.GetDocumentationCommentId()!, out _) is { } line
            && ClosedMember.Of(line).Invokes.Any(i => i >= m.Parameters.Length || m.Parameters[i].Type.TypeKind is not (TypeKind.Delegate or TypeKind.TypeParameter or TypeKind.Class)));
        Assert.Empty(wrong.Select(m => m.GetDocumentationCommentId()));
    }

    static IEnumerable<IMethodSymbol> Visible(INamespaceOrTypeSymbol container)
    {
        foreach (var member in container.GetMembers())
        {
            if (member is INamespaceSymbol or INamedTypeSymbol { DeclaredAccessibility: Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal })
            {
                foreach (var inner in Visible((INamespaceOrTypeSymbol)member))
                    yield return inner;
            }
            else if (member is IMethodSymbol { DeclaredAccessibility: Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal } method)
            {
                yield return method;
            }
        }
    }
}
