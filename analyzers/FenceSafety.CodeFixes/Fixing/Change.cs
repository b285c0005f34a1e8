using Microsoft.CodeAnalysis;

namespace FenceSafety.CodeFixes.Fixing;

/// <summary>What a fix would do, and how it says so. Not proved yet.</summary>
/// <param name="Changed">The document after the change, in its changed solution.</param>
sealed record Change(string Title, Document Changed)
{
    /// <summary>Which of the provider's fixes it is, where there are several.</summary>
    public string Kind { get; init; } = "";
}
