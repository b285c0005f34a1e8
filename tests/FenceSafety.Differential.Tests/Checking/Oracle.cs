using System.Collections.Immutable;
using FenceSafety.Differential.Tests.Execution;
using FenceSafety.Differential.Tests.Generation;

namespace FenceSafety.Differential.Tests.Checking;

/// <summary>
/// Says which rules an execution broke, and where that is to be reported. Where the rules leave something open, or where it would have
/// to guess, it says nothing: what it says did happen.
/// </summary>
internal sealed class Oracle
{
    private readonly Executed _executed;
    private readonly OrderGraph _graph;

    /// <summary>What happened, but for what options leave out.</summary>
    private readonly List<TraceEvent> _counts;

    private readonly List<TraceEvent> _visible;
    private readonly List<Violation> _violations = [];

    private readonly Mode _mode;

    private Oracle(Executed executed, Mode mode)
    {
        (_executed, _mode) = (executed, mode);
        _counts = [.. executed.Trace.Where(e => mode.ThrowPathsCount || !e.Frames.Any(f => Has(f, ProgramGenerator.ThrowPath)))];
        _visible = [.. _counts.Select(Visible)];
        _graph = new OrderGraph(executed.Program, mode, _visible);
    }

    public static IReadOnlyList<Violation> Judge(Executed executed, Mode mode)
    {
        var oracle = new Oracle(executed, mode);
        for (int i = 0; i < oracle._counts.Count; i++)
        {
            oracle.Judge(oracle._visible[i]);
            if (oracle._visible[i] != oracle._counts[i])
                oracle.Hidden(oracle._counts[i], oracle._visible[i]);
        }

        foreach (Frame at in executed.NeverHeld.Where(at => !at.Method.MayGiveLocks))
            oracle.Unbalanced(at, "released, but never held,");
        foreach (Frame at in executed.NeverMet)
            oracle.Unbalanced(at, "required, but never held,");
        return [.. oracle._violations.GroupBy(v => $"{v.Rule} {string.Join(",", v.Lines)} {v.About}").Select(Joined)];
    }

    /// <summary>What can be seen of an event behind a call that cannot be seen through: what that call's target did by itself.</summary>
    private TraceEvent Visible(TraceEvent e)
    {
        int opaque = 1;
        while (opaque < e.Frames.Length && !IsOpaque(e.Frames[opaque]))
            opaque++;
        if (opaque >= e.Frames.Length || e.Kind is EventKind.Leak or EventKind.Dropped)
            return e;
        int depth = e.Frames.Length - 1 - opaque;
        return e with
        {
            Frames = e.Frames[..opaque],
            Opaque = [.. e.Frames[opaque..].Select(f => f.Line)],
            Held = [.. e.Held.Where(h => h.Depth > depth).Select(h => h with { Depth = h.Depth - depth - 1 })],
            IsSelfDeadlock = false,
        };
    }

    /// <summary>What is to be answered by one report.</summary>
    private static Violation Joined(IEnumerable<Violation> same)
    {
        Violation first = same.First();
        return first with
        {
            Opaque = [.. same.SelectMany(v => v.Opaque).Distinct()],
            Locks = first.Rule == "FENCE004" ? [.. same.SelectMany(v => v.Locks).Distinct()] : first.Locks,
            LockClasses = first.LockClasses is null ? null : same.SelectMany(v => v.LockClasses!).ToHashSet(StringComparer.Ordinal),
            Features = same.SelectMany(v => v.Features).ToHashSet(StringComparer.Ordinal),
        };
    }

    private void Unbalanced(Frame at, string what)
    {
        if (_mode.IsCriticalOnly && !IsAnnotated(at))
            return;
        _violations.Add(new Violation("FENCE016", [at.Line], null, [.. _executed.Program.Features[at.Line - 1]], $"{what} in {at.Method.Name}"));
    }

    private static bool IsAnnotated(Frame at) => at.IsCritical || at.Method.RunsInReclaim || at.Method.RunsAtomic;

    private bool IsOpaque(Frame frame) => Has(frame, "opaque call");

    private bool Has(Frame frame, string feature) => _executed.Program.Features[frame.Line - 1].Contains(feature);

    /// <summary>In critical code, and under a lock that critical code gets to, the call itself is to be reported.</summary>
    private void Hidden(TraceEvent e, TraceEvent visible)
    {
        var lines = Context.CriticalLines(e);
        bool isHidden = _mode.UnknownCounts && lines is not null && Context.CriticalLines(visible) is null && !Context.IsCritical(visible);
        if (isHidden && (e.Kind is EventKind.Allocation or EventKind.FenceWait or EventKind.BlockingWait || (e.Kind == EventKind.Managed && Counts(e))))
            Add("FENCE008", e, lines!);
    }

    private void Judge(TraceEvent e)
    {
        if (e.Frames.IsEmpty)
            return;
        switch (e.Kind)
        {
            case EventKind.Allocation:
                Critical("FENCE001", e);
                Reclaim(e);
                UnderLock(e);
                Atomic(e);
                Undeclared(e);
                break;
            case EventKind.FenceWait or EventKind.BlockingWait:
                Critical("FENCE003", e);
                if (e.Kind == EventKind.FenceWait)
                    UnderLock(e);
                Atomic(e);
                break;
            case EventKind.Managed when Counts(e):
                Critical("FENCE011", e);
                if (_mode.ManagedBlocks && !Context.IsCritical(e))
                {
                    Reclaim(e);
                    UnderLock(e);
                    Atomic(e);
                }

                break;
            case EventKind.Acquire:
                Acquisition(e);
                break;
            case EventKind.Leak when e.Lock!.IsRegion || e.Lock.Class is not null:
                if (!e.Frames[0].Method.MayKeepLocks)
                    Add("FENCE016", e, Acquisitions(e));
                break;
            case EventKind.Dropped:
                Add("FENCE013", e, Lines(e));
                break;
            case EventKind.Unprotected:
                Add("FENCE014", e, [e.Frames[0].Line]);
                break;
            case EventKind.Stale:
                Add("FENCE015", e, [e.Frames[0].Line]);
                break;
        }
    }

    /// <summary>The line that acquired it, or another of the body: of two locks that may be one, either may count as given back.</summary>
    private List<int> Acquisitions(TraceEvent leak)
    {
        MethodData body = leak.Frames[0].Method;
        return [.. _executed.Trace.Where(e => e.Kind is EventKind.Acquire or EventKind.Try or EventKind.Leak && e.Lock is not null)
            .SelectMany(e => e.Lock!.Frames).Where(f => f.Method == body).Select(f => f.Line)
            .Append(leak.Lock!.Frames[^(leak.Lock.Depth + 1)].Line)
            // Which of two regions of the body an end belongs to is a matter of view as well.
            .Concat(leak.Lock.IsRegion ? _executed.Program.LinesWith("region never ended") : []).Distinct()];
    }

    private void Critical(string rule, TraceEvent e)
    {
        if (Context.CriticalLines(e) is { } lines)
            Add(rule, e, lines);
        int converted = Context.ConvertedGroup(e);
        if (converted >= 0 && rule != "FENCE011" && e.Kind != EventKind.BlockingWait)
            Add("FENCE009", e, [e.Frames[converted + 1].Line]);
    }

    private void Reclaim(TraceEvent e)
    {
        if (Context.ReclaimLine(e) is { } line)
            Add("FENCE007", e, [line]);
    }

    /// <summary>The other end: an allocation or a wait under a lock that critical or reclaim code gets to.</summary>
    private void UnderLock(TraceEvent e)
    {
        if (Context.IsCritical(e))
            return;
        bool inReclaim = Context.IsInReclaim(e);
        foreach (Holding held in e.Held)
        {
            bool isWait = e.Kind == EventKind.FenceWait;
            if (held.Class is not null
                && ((_graph.FromFence.Contains(held.Class) && (isWait || _mode.ReclaimWaits))
                    || (!isWait && !inReclaim && _graph.FromReclaim.Contains(held.Class))))
                Add("FENCE004", e, Places(e, held), null, held.Class); // It names one of the locks that may be held there.
        }
    }

    private void Atomic(TraceEvent e)
    {
        int inner = Context.CriticalFrame(e);
        int atomic = Context.IndexOf(e, f => f.Method.RunsAtomic);
        if (atomic >= 0 && (inner < 0 || inner >= atomic))
            Add("FENCE006", e, [e.Frames[atomic].Line]);
        // A critical callee answers for itself, but not for the locks that its callers hold.
        foreach (Holding spin in e.Held.Where(h => h.IsSpin && (inner < 0 || e.Frames.Length - 1 - inner <= h.Depth)))
            Add("FENCE006", e, Places(e, spin)); // It names one of those that may be held there, or the body.
    }

    private void Acquisition(TraceEvent e)
    {
        Holding taken = e.Lock!;
        if (!taken.IsSpin)
            Atomic(e);
        if (taken.Class is null)
            return;
        if (Context.CriticalLines(e) is { } lines && _graph.IsTainted(taken.Class, Context.CriticalUnit(e), reclaim: false))
            Add("FENCE002", e, lines, taken.Class);
        if (Context.ReclaimLine(e) is { } line && _graph.IsTainted(taken.Class, "Shrinker", reclaim: true))
            Add("FENCE007", e, [line], taken.Class);
        if (e.IsSelfDeadlock)
            Add("FENCE005", e, Places(e, e.Held.Last(h => ReferenceEquals(h.Instance, taken.Instance))), taken.Class);
        foreach (Holding held in e.Held)
        {
            bool twice = held.Class == taken.Class && !(held.IsShared && taken.IsShared) && !ReferenceEquals(held.Instance, taken.Instance);
            if (held.Class is not null && (twice || (held.Class != taken.Class && !_graph.IsDeclared(held.Class, taken.Class) && _graph.IsOnCycle(held, e))))
                Add("FENCE005", e, Places(e, held), taken.Class, held.Class);
        }
    }

    /// <summary>As messages have it: a field with its type, or the name that was given.</summary>
    private static string Display(string lockClass) => lockClass.Contains(' ', StringComparison.Ordinal) ? lockClass : string.Join('.', lockClass.Split('.')[^2..]);

    private static ImmutableHashSet<int> Lines(TraceEvent e) => [.. e.Frames.Select(f => f.Line)];

    /// <summary>
    /// Where the innermost body is that holds the lock. One further in that holds a lock of its own may take that for the same, where it may
    /// be one or another.
    /// </summary>
    private static HashSet<int> Places(TraceEvent e, Holding held)
    {
        Frame holder = OrderGraph.Holder(e, held);
        return [holder.Line, .. e.Frames.TakeWhile(f => f != holder)
            .Where((_, i) => e.Held.Any(h => !h.IsRegion && h.Depth == e.Frames.Length - 1 - i)).Select(f => f.Line)];
    }

    /// <summary>A managed allocation that options do not leave out.</summary>
    private bool Counts(TraceEvent e) => _mode.ManagedCounts && (_mode.GrowthCounts || !Has(e.Frames[0], ProgramGenerator.Growth));

    /// <summary>Members that code outside can call, and that may allocate: each of them, down from the outermost.</summary>
    private void Undeclared(TraceEvent e)
    {
        if (!_mode.ChecksVisible || Context.IsCritical(e))
            return;
        // Whom a delegate or a type parameter leads to is known to the caller.
        foreach (Frame at in e.Frames.Where(f => f.Method is { IsVisible: true, IsGeneric: false } && !Has(f, "invoked parameter")))
            Add("FENCE012", e, [at.Method.DeclaredAt, at.Method.DeclaredAt - 1]);
    }

    /// <summary>These hold everywhere, or, by an option, on paths from an annotation.</summary>
    private static readonly string[] s_everywhere = ["FENCE005", "FENCE006", "FENCE013", "FENCE014", "FENCE015", "FENCE016"];

    /// <summary>A path goes from callers to callees: who is reported, or one that calls it, is annotated or began a region.</summary>
    private static bool IsOnAnnotatedPath(TraceEvent e, IReadOnlyCollection<int> lines)
    {
        int outermost = e.Frames.Select((f, i) => lines.Contains(f.Line) ? i : -1).DefaultIfEmpty(-1).Max();
        if (outermost < 0)
            outermost = e.Frames.Length - 1;
        return e.Frames.Skip(outermost).Any(IsAnnotated) || e.Held.Any(h => h.IsRegion && h.Depth <= e.Frames.Length - 1 - outermost);
    }

    /// <summary>The option that makes it one, as a feature of its own.</summary>
    private IEnumerable<string> OptionsOf(string rule, TraceEvent e)
    {
        if (_mode.ManagedBlocks && e.Kind == EventKind.Managed && rule != "FENCE011")
            yield return "option: managed allocations block";
        if (_mode.ThrowPathsCount && e.Frames.Any(f => Has(f, ProgramGenerator.ThrowPath)))
            yield return "option: throw paths count";
        if (_mode.IsCriticalOnly && s_everywhere.Contains(rule))
            yield return "option: rules on annotated paths";
    }

    private void Add(string rule, TraceEvent e, IReadOnlyCollection<int> lines, string? lockClass = null, string? otherClass = null)
    {
        if (_mode.IsCriticalOnly && s_everywhere.Contains(rule) && !IsOnAnnotatedPath(e, lines))
            return;
        var all = e.Frames.Concat(e.Held.SelectMany(h => h.Frames)).Select(f => f.Line).Distinct();
        var features = all.SelectMany(line => _executed.Program.Features[line - 1]).Concat(OptionsOf(rule, e)).ToHashSet(StringComparer.Ordinal);
        _violations.Add(new Violation(rule, lines, lockClass is null ? null : new HashSet<string> { lockClass }, features, e.ToString())
        {
            Stack = [.. e.Frames.Select(f => f.Line)],
            Opaque = e.Opaque,
            Locks = [.. new[] { lockClass, otherClass }.OfType<string>().Select(Display)],
        });
    }
}
