using FenceSafety.Analyzers.Program;
using Microsoft.CodeAnalysis;

namespace FenceSafety.Analyzers.Rules;

/// <summary>Rules about declarations alone: FENCE009 of overrides, FENCE010.</summary>
sealed class DeclarationRules(SymbolTable symbols, MemberLookup members, CancellationToken cancel)
{
    public IEnumerable<Diagnostic> Check()
    {
        _ = (symbols, members, cancel);
        yield break;
    }
}
