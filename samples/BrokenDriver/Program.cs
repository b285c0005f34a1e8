using BrokenDriver.Binding;
using BrokenDriver.Fences;
using BrokenDriver.Hardware;
using BrokenDriver.Memory;
using BrokenDriver.Mistakes;
using BrokenDriver.Mistakes.TransitiveLock;

// Maps three buffer objects, the third over a part of the first, and the second once more. On one thread and with enough memory, all goes
// well: that is what makes the mistakes so hard to find by running the code.

const int BufferObjects = 16;
var vram = new Vram(pages: 4096);
var tlb = new Tlb();
var memory = new KernelMemory(capacity: 64 << 20);
var buddy = new BuddyAllocator(vram.Pages, memory);
using var directory = buddy.Allocate(order: 0);
var mmu = new GpuMmu(vram, directory.FirstFrame);
var bufferObjects = new BufferObjectStore(new ShmemPages(memory), BufferObjects);
var vaSpace = new VaSpace(capacity: 256);
var faults = new FaultLog(memory, capacity: 64);
using var tables = new InstalledTables();
using var remapper = new Remapper(BufferObjects);
var queue = new VmBindQueue(
    buddy,
    memory,
    new PageTableManager(new Pramin(vram), tlb, buddy, directory.FirstFrame),
    vaSpace,
    bufferObjects,
    tables,
    remapper,
    new MappingSplitter(memory),
    new EvictionLists(BufferObjects));

VaRange[] ranges = [new(0, 16, BufferObject: 1), new(1020, 8, BufferObject: 2), new(8, 16, BufferObject: 3), new(1020, 8, BufferObject: 2)];
DmaFence[] earlier = [];
foreach (var range in ranges)
{
    var job = queue.Submit(new VmBindRequest(range, Writable: true, earlier));
    queue.Run(job);
    queue.Cleanup(job);
    earlier = [job.Fence];
}

int mapped = 0;
for (uint page = 0; page < 2048; page++)
{
    if (mmu.Translate(page) is not null)
        mapped++;
    else if (page % 512 == 511)
        faults.Record(page);
}

Console.WriteLine($"{mapped} pages mapped through {tables.Count} page tables, {tlb.Flushes} TLB flushes");
Console.WriteLine($"{vaSpace.CountResident(bufferObjects)} ranges resident, {faults.Count} faults");
Console.WriteLine($"{memory.BlockingAllocations} allocations could have blocked, {memory.Used} bytes of host memory in use");
