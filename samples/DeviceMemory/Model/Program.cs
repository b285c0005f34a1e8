using DeviceMemory;
using DeviceMemory.Model;

// The CPU touches memory that is in the GPU: the fault handler splits the block and moves the page to system memory. Meanwhile another
// thread unmaps the block, once before it is split, once before the page is locked.

var table = new PageTable(blocks: 3);
var race = new Race();
var faults = new FaultHandler(table, race);

faults.Split(block: 0);
faults.Migrate(index: 0);

race.Arrange(() => table.Zap(block: 1));
faults.Split(block: 1);

faults.Split(block: 2);
race.Arrange(() => table.Zap(block: 2));
faults.Migrate(index: 2 * PageTable.PagesPerBlock);

Console.WriteLine($"{faults.Migrated} pages migrated, {faults.Retried} faults to be taken again");
Console.WriteLine($"{table.DanglingEntries} entries map freed pages, {table.UsesAfterFree} freed pages were locked");
