using FenceSafety;

namespace DeviceMemory.Model;

/// <summary>A page of GPU memory. It lives as long as somebody holds a reference, and its lock sleeps.</summary>
[LockPrimitive(LockKind.Sleeping)]
[RefCounted(Acquire = nameof(TryGet), Release = nameof(Put))]
internal sealed class Page
{
    private readonly Lock _lock = new();
    private int _references = 1;

    public bool IsFreed => Volatile.Read(ref _references) == 0;

    /// <summary>How often somebody had the lock of a page that was freed by then: in a driver, of memory that is something else.</summary>
    public int UsesAfterFree { get; private set; }

    /// <summary>Takes a reference, unless the last one is gone.</summary>
    public bool TryGet()
    {
        int seen = Volatile.Read(ref _references);
        while (seen > 0)
        {
            int now = Interlocked.CompareExchange(ref _references, seen + 1, seen);
            if (now == seen)
                return true;
            seen = now;
        }

        return false;
    }

    public void Put() => Interlocked.Decrement(ref _references);

    [AcquiresLock]
    public void Lock()
    {
        _lock.Enter();
        if (IsFreed)
            UsesAfterFree++;
    }

    [ReleasesLock]
    public void Unlock() => _lock.Exit();
}
