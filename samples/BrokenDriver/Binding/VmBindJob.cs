using BrokenDriver.Fences;
using BrokenDriver.Memory;

namespace BrokenDriver.Binding;

/// <summary>A request on its way through the three stages, with everything that was allocated for it.</summary>
internal sealed class VmBindJob(VmBindRequest request, AllocatedBlocks backing, VaRange replaced)
{
    private const int MaxNodes = 4;

    private readonly HostBlock[] _nodes = new HostBlock[MaxNodes];
    private int _nodeCount;

    public DmaFence Fence { get; } = new();

    public VmBindRequest Request => request;

    public AllocatedBlocks Backing => backing;

    /// <summary>The mapping that was there when the job was submitted; empty if there was none.</summary>
    public VaRange Replaced => replaced;

    /// <summary>Page tables that had to be made for this job.</summary>
    public AllocatedBlocks?[] NewTables { get; } = new AllocatedBlocks?[TablesFor(request.Range)];

    /// <summary>Host memory that cleanup gives back.</summary>
    public ReadOnlySpan<HostBlock> Nodes => _nodes.AsSpan(0, _nodeCount);

    public void Keep(HostBlock node) => _nodes[_nodeCount++] = node;

    private static uint TablesFor(VaRange range) =>
        ((range.End - 1) / Hardware.PageTableFormat.Entries) - (range.FirstPage / Hardware.PageTableFormat.Entries) + 1;
}
