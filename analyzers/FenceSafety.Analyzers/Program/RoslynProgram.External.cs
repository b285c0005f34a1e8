using FenceSafety.Analyzers.References;
using FenceSafety.Core.Summaries.External;
using Microsoft.CodeAnalysis;

namespace FenceSafety.Analyzers.Program;

/// <summary>Members of references as their summaries show them.</summary>
sealed partial class RoslynProgram
{
    readonly ReferenceSummaries _summaries;
    readonly Dictionary<string, ExternalMember?> _external = new(StringComparer.Ordinal);

    public ExternalMember? External(string method)
    {
        if (_summaries.IsEmpty)
            return null;
        if (!_external.TryGetValue(method, out var member))
            _external.Add(method, member = FindExternal(method));
        return member;
    }

    ExternalMember? FindExternal(string method)
    {
        // A delegate that a library hands out is a body nested in one of its members.
        int nested = method.LastIndexOf('#');
        bool isNested = nested > 0 && nested + 1 < method.Length && char.IsDigit(method[nested + 1]);
        var symbol = _symbols.Find(isNested ? method.Substring(0, nested) : method);
        if (symbol is null)
            return _summaries.Find(method, null);
        if (_symbols.IsSource(symbol) || symbol.ContainingType is { } type && _symbols.IsSource(type))
            return null;
        return _summaries.Find(isNested ? method : SymbolNames.Id(symbol), symbol.ContainingAssembly);
    }

    public IReadOnlyList<ExternalBody> ExternalBodies => _summaries.Bodies();

    public IEnumerable<string> ExternalCallNames => _summaries.CallNames;

    public IEnumerable<ExternalMember> ExternalCallersOf(string method) => _summaries.Mentioning(method);
}
