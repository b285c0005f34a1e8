using System.Numerics;
using BrokenDriver.Locking;

namespace BrokenDriver.Memory;

// The mistake in this file: the allocator splits blocks under its own mutex, and each half needs a node of host memory, which is allocated
// there and then, blocking. The run stage takes this mutex when it drops blocks: the other end is in Mistakes/Remapper.cs.

/// <summary>
/// Hands out video memory in blocks of 2^order pages. The blocks are the nodes of a binary tree: node 1 is all of the memory, nodes 2n and
/// 2n + 1 are the halves of node n.
/// </summary>
internal sealed class BuddyAllocator
{
    private const int NodeBytes = 64;

    private readonly KernelMutex _mutex = new();
    private readonly KernelMemory _memory;
    private readonly int _maxOrder;
    private readonly State[] _states;
    private readonly HostBlock[] _nodes;

    /// <param name="pages">Size of the memory; a power of two.</param>
    /// <param name="memory">Where the nodes of the tree are allocated.</param>
    public BuddyAllocator(int pages, KernelMemory memory)
    {
        if (!BitOperations.IsPow2(pages))
            throw new ArgumentException($"{pages} pages are no power of two.", nameof(pages));
        _memory = memory;
        _maxOrder = BitOperations.Log2((uint)pages);
        _states = new State[2 * pages];
        _nodes = new HostBlock[2 * pages];
        _states[1] = State.Free;
    }

    private enum State : byte
    {
        Absent,
        Free,
        Split,
        Used,
    }

    /// <exception cref="InsufficientMemoryException">There is no free block of that order, and none to split.</exception>
    public AllocatedBlocks Allocate(int order)
    {
        int node;
        using (_mutex.Acquire())
        {
            node = Take(order); // mistake: FENCE004
        }

        int first = (node << order) - (1 << _maxOrder);
        return new AllocatedBlocks(this, node, (uint)first);
    }

    /// <summary>Frees a block and merges it with its buddy for as long as that is free too.</summary>
    public void Free(int node)
    {
        using var guard = _mutex.Acquire();
        _states[node] = State.Free;
        while (node > 1 && _states[node ^ 1] == State.Free)
        {
            Remove(node);
            Remove(node ^ 1);
            node /= 2;
            _states[node] = State.Free;
        }
    }

    private int Take(int order)
    {
        for (int wanted = order; wanted <= _maxOrder; wanted++)
        {
            int node = FindFree(wanted);
            if (node == 0)
                continue;
            for (int at = wanted; at > order; at--)
                node = Split(node);
            _states[node] = State.Used;
            return node;
        }

        throw new InsufficientMemoryException($"No free block of 2^{order} pages of video memory.");
    }

    private int FindFree(int order)
    {
        int first = 1 << (_maxOrder - order);
        for (int node = first; node < 2 * first; node++)
        {
            if (_states[node] == State.Free)
                return node;
        }

        return 0;
    }

    private int Split(int node)
    {
        int half = 2 * node;
        _nodes[half] = _memory.Allocate(NodeBytes, Gfp.Kernel);
        _nodes[half + 1] = _memory.Allocate(NodeBytes, Gfp.Kernel);
        _states[node] = State.Split;
        _states[half] = State.Free;
        _states[half + 1] = State.Free;
        return half;
    }

    private void Remove(int node)
    {
        _states[node] = State.Absent;
        _memory.Free(_nodes[node]);
    }
}
