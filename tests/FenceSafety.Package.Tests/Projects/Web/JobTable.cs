using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using FenceSafety;
using Microsoft.Extensions.Primitives;

namespace FreshWeb;

/// <summary>
/// Jobs of a device that requests wait for. What signals them uses more than thirty members of the framework; of two of them anybody may
/// have written the class behind them.
/// </summary>
public sealed class JobTable(FrozenDictionary<string, int> queues, ILogger<JobTable> logger)
{
    private readonly ConcurrentDictionary<int, long> _started = new();
    private readonly ImmutableArray<PathString> _paths = ["/jobs", "/queues"];
    private readonly HashSet<int> _cancelled = new(64);
    private readonly Queue<int> _waiting = new(64);
    private readonly char[] _text = new char[64];
    private readonly EventId _slow = new(7, "slow");
    private int _length;
    private long _sum;

    [FenceCritical]
    public bool Signal(HttpContext context, PathString path, HostString host, StringValues names, StringSegment number)
    {
        if (!path.HasValue || !host.HasValue || names.Count == 0 || context.RequestAborted.IsCancellationRequested)
            return false;
        for (int i = 0; i < _paths.Length; i++)
        {
            if (path.StartsWithSegments(_paths[i], StringComparison.Ordinal))
                Interlocked.Add(ref _sum, i);
        }

        ReadOnlySpan<char> digits = number.AsSpan().Trim();
        if (digits.IsEmpty || digits.IndexOf('-') >= 0 || !char.IsAsciiDigit(digits[0]) || !int.TryParse(digits, out int job))
            return false;
        long now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        if (_started.TryGetValue(job, out long started) && now - started > TimeSpan.FromSeconds(1.5).TotalMilliseconds)
            Interlocked.Exchange(ref _length, _slow.Id);
        if (queues.TryGetValue("copy", out int queue) && _cancelled.Contains(queue))
            _cancelled.Remove(queue);
        if (_waiting.TryDequeue(out int next) && job.TryFormat(_text, out int written))
            Volatile.Write(ref _length, Math.Max(written, int.Abs(next)));
        string kind = names.Count > 1 ? "fast" : "slow";
        bool same = !string.IsNullOrEmpty(kind) && string.Equals(kind, "slow", StringComparison.OrdinalIgnoreCase) && kind.Length == 4;
        return same && logger.IsEnabled(LogLevel.Debug);
    }
}
