using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace FenceSafety.CodeFixes.Proving;

/// <summary>What the compiler (warnings and errors) and the analyzer say of one document.</summary>
sealed record Reports(ImmutableArray<Diagnostic> Compiler, ImmutableArray<Diagnostic> Analyzer);

/// <summary>A changed document, and what is still said of it.</summary>
sealed record ProvenFix(string Title, Document Document, Reports Reports);

/// <summary>Fixes one diagnostic, or answers null. <paramref name="reports"/> are those of the document, if they are known.</summary>
delegate Task<ProvenFix?> Fixer(Document document, Diagnostic diagnostic, Reports? reports, CancellationToken cancel);
