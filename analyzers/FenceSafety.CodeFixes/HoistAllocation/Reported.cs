using Microsoft.CodeAnalysis;

namespace FenceSafety.CodeFixes.HoistAllocation;

/// <summary>What a report is about.</summary>
static class Reported
{
    /// <summary>An allocation that may block. A wait is not moved: what it waits for may be what the lock guards.</summary>
    public static bool IsAllocation(Diagnostic diagnostic) => diagnostic.Properties.TryGetValue("kind", out string? kind) && kind switch
    {
        "blocking" => true,
        // FENCE006 has one kind for all that blocks, and says besides what it is.
        "atomic" => diagnostic.Properties.TryGetValue("effect", out string? effect) && effect is "allocation" or "managed",
        _ => false,
    };
}
