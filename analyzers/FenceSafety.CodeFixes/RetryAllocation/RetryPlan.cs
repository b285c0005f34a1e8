using System.Collections.Immutable;
using FenceSafety.CodeFixes.HoistAllocation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FenceSafety.CodeFixes.RetryAllocation;

/// <summary>How one allocation is made without the lock, between two looks under it.</summary>
/// <param name="Lock">The acquisition that is repeated.</param>
/// <param name="Scope">What is done under it, and repeated with it: one statement, or a guard's declaration and all that follows.</param>
/// <param name="Conditions">Conditions of operators within the allocating statement; those of statements around it stay where they are.</param>
/// <param name="Captured">Arguments that are only known under the lock.</param>
sealed record RetryPlan(
    Target Target, Acquisition Lock, ImmutableArray<StatementSyntax> Scope, ImmutableArray<string> Conditions, ImmutableArray<Captured> Captured)
{
    public bool IsGuard => Lock.Statement is LocalDeclarationStatementSyntax;

    public string Title => "Release '" + Lock.Lock + "', allocate in '" + Target.Name + "', take the lock again and look again";
}

/// <summary>An argument that is compared at the second look.</summary>
sealed record Captured(ExpressionSyntax Value, string Wish, ITypeSymbol Type);
