namespace FenceSafety.Runtime.Locking;

/// <summary>Says which compile-time rule a cycle breaks.</summary>
internal static class LockdepRules
{
    /// <summary>The rule that something sleeps under a spin lock, which takes no cycle.</summary>
    public const string SleepUnderSpin = "FENCE006";

    /// <summary>The rule's ID.</summary>
    /// <param name="closing">The edge that closed the cycle.</param>
    /// <param name="back">The rest of the cycle.</param>
    public static string Of(LockdepEdge closing, List<LockdepEdge> back)
    {
        bool Has(LockClass from, LockClass to) =>
            (closing.From == from && closing.To == to) || back.Exists(edge => edge.From == from && edge.To == to);

        bool Visits(LockClass context) => closing.From == context || back.Exists(edge => edge.From == context);

        if (Has(LockClass.Fence, LockClass.Reclaim))
        {
            return "FENCE001";
        }

        if (Has(LockClass.Fence, LockClass.Fence))
        {
            return "FENCE003";
        }

        // Where a context is entered under a lock, the other end of the rule is what was done last.
        bool entersContext = closing.To == LockClass.Fence || closing.To == LockClass.Reclaim;
        if (Visits(LockClass.Fence))
        {
            return entersContext ? "FENCE004" : "FENCE002";
        }

        if (Visits(LockClass.Reclaim))
        {
            return entersContext && closing.From != LockClass.Reclaim ? "FENCE004" : "FENCE007";
        }

        return "FENCE005";
    }
}
