using System.Diagnostics;

namespace FenceSafety.Runtime.Fences;

/// <summary>Looks after a timeline: runs its hang recovery whenever the oldest fence is overdue, without anyone waiting for it.</summary>
public sealed class FenceWatchdog : IDisposable
{
    private readonly FenceTimeline _timeline;
    private readonly Timer _timer;
    private int _recovered;

    /// <summary>Begins to look after a timeline.</summary>
    /// <param name="timeline">The timeline.</param>
    /// <param name="period">How often to look: at least a millisecond; null for a quarter of the timeline's timeout.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="period"/> is below a millisecond.</exception>
    public FenceWatchdog(FenceTimeline timeline, TimeSpan? period = null)
    {
        ArgumentNullException.ThrowIfNull(timeline);
        TimeSpan shortest = TimeSpan.FromMilliseconds(1);
        TimeSpan chosen = period ?? TimeSpan.FromTicks(Math.Max(shortest.Ticks, timeline.FenceTimeout.Ticks / 4));
        if (chosen < shortest)
        {
            throw new ArgumentOutOfRangeException(nameof(period), period, "A period of at least a millisecond is needed.");
        }

        _timeline = timeline;
        _timer = new Timer(static state => ((FenceWatchdog)state!).Look(), this, chosen, chosen);
    }

    /// <summary>How many fences were signalled by force so far.</summary>
    public int Recovered => Volatile.Read(ref _recovered);

    /// <summary>Stops looking.</summary>
    public void Dispose() => _timer.Dispose();

    private void Look() => Interlocked.Add(ref _recovered, _timeline.ExpireOverdue(Stopwatch.GetTimestamp()));
}
