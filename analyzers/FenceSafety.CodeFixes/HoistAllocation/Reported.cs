using System.Globalization;
using Microsoft.CodeAnalysis;

namespace FenceSafety.CodeFixes.HoistAllocation;

/// <summary>What a report is about.</summary>
static class Reported
{
    /// <summary>An allocation that may block. A wait is not moved: what it waits for may be what the lock guards.</summary>
    public static bool IsAllocation(Diagnostic diagnostic) => diagnostic.Properties.TryGetValue("kind", out string? kind) && kind switch
    {
        "blocking" => true,
        // FENCE006 has one kind for all that blocks; its message says which.
        "atomic" => diagnostic.GetMessage(CultureInfo.InvariantCulture) is { } message
            && (message.Contains(" makes a blocking allocation in ") || message.Contains(" allocates on the managed heap in ")),
        _ => false,
    };
}
