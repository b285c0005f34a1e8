using FenceSafety.Runtime;
using FenceSafety.Runtime.Mmu;
using FenceSafety.Runtime.Simulation;
using VmBindDriver;

// Two queues of one address space bind and unbind at once, one contiguous memory, the other scattered memory; after each step the
// hardware is asked what it sees.

const int Jobs = 8;
const int PagesPerJob = 2048;

foreach (GpuArchitecture architecture in (GpuArchitecture[])[GpuArchitecture.Ada, GpuArchitecture.Blackwell])
{
    using Machine machine = Machine.Boot(architecture);
    ulong free = machine.Buddy.Avail;
    BindQueue[] queues =
    [
        new("contiguous", machine, MemoryLayout.Contiguous, new VirtualAddress(0x1_0000_0000)),
        new("scattered", machine, MemoryLayout.Scattered, new VirtualAddress(0x8000_0000_0000)),
    ];

    // What .NET initialises when code runs for the first time is no cost of a job.
    foreach (BindQueue queue in queues)
    {
        Bind(machine, queue, 1);
        queue.Costs.HeapBytes = 0;
    }

    await Task.WhenAll(Array.ConvertAll(queues, queue => Task.Factory.StartNew(
        () => Bind(machine, queue, Jobs - 1), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
    machine.Vmm.TrimTables();

    Report.Print(machine, queues, free);
    if (free != machine.Buddy.Avail || !Array.TrueForAll(queues, queue => queue.Costs.AreRight(Jobs * PagesPerJob)))
    {
        Console.Error.WriteLine("The hardware does not see what was mapped, or something was lost.");
        return 1;
    }
}

return 0;

static void Bind(Machine machine, BindQueue queue, int jobs)
{
    for (int i = 0; i < jobs; i++)
    {
        BindJob job = queue.Submit(PagesPerJob);
        var range = queue.RunMap(job);
        VirtualAddress start = range.Start;
        job.Mapped.Wait();
        queue.Costs.Seen += ReadBack.CountMapped(machine, start, job.Frames, out ulong smallest);
        queue.Costs.PageBytes = Math.Min(queue.Costs.PageBytes, smallest);
        queue.RunUnmap(job, range);
        queue.Costs.Gone += ReadBack.CountFaults(machine, start, PagesPerJob);
        queue.Costs.Jobs++;
        queue.Cleanup();
    }
}
