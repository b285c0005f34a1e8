using BrokenDriver.Binding;
using FenceSafety;

namespace BrokenDriver.Mistakes;

// The mistake in this file: the run stage waits for the job's dependencies. Its own fence is public by then, so whatever the dependencies
// wait for must not wait for that fence in turn, and nobody can promise this. Dependencies are set up in the submit stage; a job runs when
// they have signalled.

/// <summary>The fences that have to signal before a job may touch the page tables.</summary>
internal static class Dependencies
{
    [FenceCritical]
    public static void Await(VmBindJob job)
    {
        foreach (var fence in job.Request.InFences)
            fence.Wait(); // mistake: FENCE003
    }
}
