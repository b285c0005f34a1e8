using DeviceMemory;
using DeviceMemory.Model;

// Each of the two is done twice: once undisturbed, and once while another thread does what it may do at any time.

var table = new PageTable(blocks: 3);
var race = new Race();
var walker = new PageWalker(table, race);
var faults = new FaultHandler(table, race);
for (int block = 0; block < 3; block++)
    table.Fault(block);

int seen = walker.Walk(block: 0);
race.Arrange(() =>
{
    table.Zap(block: 1);
    table.Fault(block: 1);
});
seen += walker.Walk(block: 1);

table.Split(block: 2);
const int First = 2 * PageTable.PagesPerBlock;
faults.RemoveExclusive(First);
race.Arrange(() => new FaultHandler(table, new Race()).RemoveExclusive(First + 1));
faults.RemoveExclusive(First + 1);

Console.WriteLine($"{seen} pages seen, {table.LeavesTakenForTables} leaves taken for tables");
Console.WriteLine($"{faults.Locked} pages locked, {table.UsesAfterFree} of them free by then");
