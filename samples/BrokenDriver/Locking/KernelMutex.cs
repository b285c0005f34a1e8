using FenceSafety;

namespace BrokenDriver.Locking;

/// <summary>A sleeping lock, held for as long as its guard is not disposed.</summary>
[LockPrimitive(LockKind.Sleeping)]
internal sealed class KernelMutex
{
    private readonly Lock _inner = new();

    [AcquiresLock]
    public Guard Acquire()
    {
        _inner.Enter();
        return new Guard(this);
    }

    [ReleasesLock]
    private void Release() => _inner.Exit();

    public readonly ref struct Guard
    {
        private readonly KernelMutex _owner;

        internal Guard(KernelMutex owner) => _owner = owner;

        [ReleasesLock(nameof(_owner))]
        public void Dispose() => _owner.Release();
    }
}
