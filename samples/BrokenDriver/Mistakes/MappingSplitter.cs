using BrokenDriver.Binding;
using BrokenDriver.Memory;
using FenceSafety;

namespace BrokenDriver.Mistakes;

// The mistake in this file: only the run stage knows which mappings it has to truncate, and so it allocates the nodes for what is left of
// them when it gets there; once directly, once through two calls. The submit stage has to allocate for the worst case.

/// <summary>Works out what is left of a mapping that a job replaces in part.</summary>
internal sealed class MappingSplitter(KernelMemory memory)
{
    private const int PlanBytes = 128;
    private const int NodeBytes = 64;

    [FenceCritical]
    public void Split(VmBindJob job)
    {
        job.Keep(memory.Allocate(PlanBytes, Gfp.Kernel)); // mistake: FENCE001
        if (job.Replaced.Pages != 0)
            Truncate(job, job.Replaced); // mistake: FENCE001
        job.Keep(memory.Allocate(NodeBytes, Gfp.Atomic));
    }

    private void Truncate(VmBindJob job, VaRange old)
    {
        var range = job.Request.Range;
        if (old.FirstPage < range.FirstPage)
            job.Keep(NewNode());
        if (old.End > range.End)
            job.Keep(NewNode());
    }

    private HostBlock NewNode() => memory.Allocate(NodeBytes, Gfp.Kernel);
}
