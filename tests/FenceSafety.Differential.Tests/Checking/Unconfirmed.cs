using FenceSafety.Differential.Tests.Execution;

namespace FenceSafety.Differential.Tests.Checking;

/// <summary>Why a report was not seen to happen.</summary>
internal static class Unconfirmed
{
    public const string NotReached = "its line was not reached in any run";
    public const string Unknown = "it says that something cannot be known";
    public const string OtherProgram = "the lock is one that other programs take too";
    public const string NotHeld = "the lock was not taken there, or not held, in any run";
    public const string OtherEnd = "this end happened, the other end of the cycle did not";
    public const string OtherPath = "its line was reached, but not on the way that it speaks of";

    public static string Reason(Judged program, Report report)
    {
        if (!program.Executed.Lines.Contains(report.Line))
            return NotReached;
        if (report.Rule == "FENCE008")
            return Unknown;
        if (report.LockClass is not { } about)
            return OtherPath;
        if (!about.Contains(program.Program.Name, StringComparison.Ordinal))
            return OtherProgram;
        bool happened = program.Executed.Trace.Any(e => e.Frames.Any(f => f.Line == report.Line) && Concerns(e, report.Rule, about));
        return happened ? OtherEnd : NotHeld;
    }

    /// <summary>The half of a cycle that is at this place: a lock is taken, or something is done under it.</summary>
    private static bool Concerns(TraceEvent e, string rule, string lockClass) => rule is "FENCE004" or "FENCE006"
        ? e.Kind is not (EventKind.Managed or EventKind.Leak) && e.Held.Any(h => h.Class == lockClass)
        : e.Kind is EventKind.Acquire && e.Lock!.Class == lockClass;
}
