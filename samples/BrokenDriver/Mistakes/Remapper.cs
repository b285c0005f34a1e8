using BrokenDriver.Binding;
using BrokenDriver.Memory;
using FenceSafety;

namespace BrokenDriver.Mistakes;

// The mistake in this file: the run stage drops the blocks that it has replaced, and a drop takes the allocator's mutex, which is held
// while allocating: that end is in Memory/BuddyAllocator.cs. Data that is not required any more is freed in the cleanup stage, after the
// fence has signalled.

/// <summary>The video memory behind each buffer object.</summary>
internal sealed class Remapper(int capacity) : IDisposable
{
    private readonly AllocatedBlocks?[] _backing = new AllocatedBlocks?[capacity];

    [FenceCritical]
    public void Replace(VmBindJob job)
    {
        int bufferObject = job.Request.Range.BufferObject;
        var old = _backing[bufferObject];
        _backing[bufferObject] = job.Backing;
        old?.Dispose(); // mistake: FENCE002
    }

    public void Dispose()
    {
        foreach (var blocks in _backing)
            blocks?.Dispose();
        Array.Clear(_backing);
    }
}
