using System.Numerics;
using BrokenDriver.Hardware;
using BrokenDriver.Memory;
using BrokenDriver.Mistakes;
using BrokenDriver.Mistakes.TransitiveLock;
using FenceSafety;

namespace BrokenDriver.Binding;

/// <summary>
/// Takes VM_BIND jobs through their stages. This file makes no mistake of its own: each of the components that it calls makes one.
/// </summary>
internal sealed class VmBindQueue(
    BuddyAllocator buddy,
    KernelMemory memory,
    PageTableManager pageTables,
    VaSpace vaSpace,
    BufferObjectStore bufferObjects,
    InstalledTables installedTables,
    Remapper remapper,
    MappingSplitter splitter,
    EvictionLists evictionLists)
{
    /// <summary>Allocates what the job will need. May block.</summary>
    public VmBindJob Submit(VmBindRequest request)
    {
        var range = request.Range;
        if (range.Pages == 0)
            throw new ArgumentException("A request has to map at least one page.", nameof(request));
        if (range.End > PageTableFormat.Entries * PageTableFormat.Entries)
            throw new ArgumentException($"Page {range.End - 1} lies outside the virtual address space.", nameof(request));

        evictionLists.Pin(range.BufferObject);
        bufferObjects.Populate(range.BufferObject, range.Pages);
        var backing = buddy.Allocate(BitOperations.Log2(BitOperations.RoundUpToPowerOf2(range.Pages)));
        var job = new VmBindJob(request, backing, vaSpace.Find(range));
        pageTables.Prepare(job);
        return job;
    }

    /// <summary>Does the job and signals its fence, which userspace can see by now.</summary>
    [FenceCritical]
    public void Run(VmBindJob job)
    {
        Dependencies.Await(job);
        splitter.Split(job);
        pageTables.Execute(job);
        installedTables.Track(job);
        vaSpace.Commit(job.Request.Range);
        remapper.Replace(job);
        job.Fence.Signal();
    }

    /// <summary>Gives back what the job does not need any more.</summary>
    public void Cleanup(VmBindJob job)
    {
        job.Fence.Wait();
        foreach (var node in job.Nodes)
            memory.Free(node);
        evictionLists.Unpin(job.Request.Range.BufferObject);
    }
}
