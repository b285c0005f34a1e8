using System.Collections.Immutable;
using FenceSafety.Differential.Tests.Execution;

namespace FenceSafety.Differential.Tests.Checking;

/// <summary>In which context something happened: who on the stack is fence-critical, or runs in reclaim.</summary>
internal static class Context
{
    /// <summary>The innermost frame that is so, or -1. Frame 0 is the innermost.</summary>
    public static int IndexOf(TraceEvent e, Func<Frame, bool> isSo)
    {
        for (int i = 0; i < e.Frames.Length; i++)
        {
            if (isSo(e.Frames[i]))
                return i;
        }

        return -1;
    }

    /// <summary>The innermost frame that is fence-critical by contract; it answers for what it does, and not its callers.</summary>
    public static int CriticalFrame(TraceEvent e) => IndexOf(e, f => f.IsCritical || f.IsConverted);

    public static bool IsInReclaim(TraceEvent e) => IndexOf(e, f => f.Method.RunsInReclaim) >= 0;

    /// <summary>Any critical context at all: a body, a region, or a method group that became a critical delegate.</summary>
    public static bool IsCritical(TraceEvent e) =>
        e.Held.Any(h => h.IsRegion) || IndexOf(e, f => f.IsCritical || f.IsConverted) >= 0;

    /// <summary>Where the innermost critical body is that answers for it; null if there is none.</summary>
    public static IReadOnlyCollection<int>? CriticalLines(TraceEvent e)
    {
        int frame = CriticalFrame(e);
        Holding? region = e.Held.LastOrDefault(h => h.IsRegion);
        if (frame >= 0 && !e.Frames[frame].IsCritical)
        {
            // A method group that was converted is reported where that was done, but a region of its own where it is.
            if (region is null || region.Depth < e.Frames.Length - 1 - frame)
                return null;
            frame = -1;
        }

        if (region is null)
            return frame < 0 ? null : [e.Frames[frame].Line];
        // Within a region the body that began it answers, or a critical one that it called.
        return frame >= 0 && e.Frames.Length - 1 - frame > region.Depth ? [e.Frames[frame].Line] : [.. e.Frames.Select(f => f.Line)];
    }

    /// <summary>Whose critical code it is.</summary>
    public static string CriticalUnit(TraceEvent e) => e.Frames[CriticalIndex(e)].Method.Unit;

    private static int CriticalIndex(TraceEvent e)
    {
        int frame = CriticalFrame(e);
        Holding? region = e.Held.LastOrDefault(h => h.IsRegion);
        int began = region is null ? int.MaxValue : e.Frames.Length - 1 - Math.Clamp(region.Depth, 0, e.Frames.Length - 1);
        return frame < 0 ? began : Math.Min(frame, began);
    }

    /// <summary>Where the innermost body is that runs in reclaim, unless a critical callee answers for it.</summary>
    public static int? ReclaimLine(TraceEvent e)
    {
        int frame = IndexOf(e, f => f.Method.RunsInReclaim);
        int critical = CriticalFrame(e);
        return frame < 0 || (critical >= 0 && critical < frame) ? null : e.Frames[frame].Line;
    }

    /// <summary>The frame of a method group that was converted to a critical delegate, unless a critical callee answers for it.</summary>
    public static int ConvertedGroup(TraceEvent e)
    {
        int frame = CriticalFrame(e);
        return frame >= 0 && !e.Frames[frame].IsCritical && frame + 1 < e.Frames.Length ? frame : -1;
    }
}
