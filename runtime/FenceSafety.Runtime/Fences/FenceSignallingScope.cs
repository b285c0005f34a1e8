using FenceSafety.Runtime.Locking;

namespace FenceSafety.Runtime.Fences;

/// <summary>A fence-signalling critical section, to be ended on the thread that began it.</summary>
public readonly ref struct FenceSignallingScope : IDisposable
{
    private readonly bool _isOutermost;

    internal FenceSignallingScope(bool isNested) => _isOutermost = !isNested;

    /// <summary>Whether the section is part of another one, or lockdep is off, so that ending it does nothing.</summary>
    public bool IsNested => !_isOutermost;

    /// <summary>Ends the section.</summary>
    [EndsFenceCritical]
    public void Dispose()
    {
        if (_isOutermost)
        {
            HeldLocks.Leave(HeldKind.Fence);
        }
    }
}
