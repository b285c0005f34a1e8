using FenceSafety.Core.Facts;

namespace FenceSafety.Analyzers.Live;

/// <summary>What reading a body says besides its facts. All of it is about the body itself or about declarations.</summary>
sealed class BodyEffects
{
    /// <summary>Contracts of bodies that have no symbol of their own: lambdas, local functions, type initialisers.</summary>
    public Dictionary<string, MemberContract> NestedContracts { get; } = new(StringComparer.Ordinal);

    /// <summary>Captured parameters of primary constructors: the constructor by the id of the field that they are.</summary>
    public Dictionary<string, string> HiddenFields { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, MemberContract> DelegateContracts { get; } = new(StringComparer.Ordinal);

    /// <summary>Lock structs that are copied.</summary>
    public HashSet<(SourceSpan Span, string Type)> LockCopies { get; } = new();

    public bool IsEmpty => NestedContracts.Count + HiddenFields.Count + DelegateContracts.Count + LockCopies.Count == 0;

    /// <summary>Both; what the other one says counts.</summary>
    public BodyEffects With(BodyEffects other)
    {
        if (other.IsEmpty)
            return this;
        var both = new BodyEffects();
        both.Add(this);
        both.Add(other);
        return both;
    }

    public void Add(BodyEffects other)
    {
        foreach (var p in other.NestedContracts)
            NestedContracts[p.Key] = p.Value;
        foreach (var p in other.HiddenFields)
            HiddenFields[p.Key] = p.Value;
        foreach (var p in other.DelegateContracts)
            DelegateContracts[p.Key] = p.Value;
        LockCopies.UnionWith(other.LockCopies);
    }
}
