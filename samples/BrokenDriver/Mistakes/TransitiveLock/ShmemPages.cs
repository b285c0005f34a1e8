using BrokenDriver.Hardware;
using BrokenDriver.Memory;

namespace BrokenDriver.Mistakes.TransitiveLock;

/// <summary>Pages of host memory behind buffer objects. The mistake that this is a part of is told in VaSpace.cs.</summary>
internal sealed class ShmemPages(KernelMemory memory)
{
    public HostBlock Read(uint pages) => memory.Allocate((int)pages * Vram.PageSize, Gfp.Kernel);
}
