using System.Numerics;
using FenceSafety.Runtime.Memory;

namespace FenceSafety.Runtime.Tests.Memory;

/// <summary>Does the same to an allocator and to the naive model, and compares them after every step.</summary>
internal sealed class BuddyModelRun(int pages)
{
    private readonly GpuBuddy _heap = new(new GpuBuddyParams(0, (ulong)pages * BuddyModel.Page));
    private readonly BuddyModel _model = new(pages);
    private readonly List<AllocatedBlocks> _live = [];
    private readonly List<(AllocatedBlock[] Blocks, bool IsClear)> _deferred = [];

    /// <summary>How many allocations succeeded and how many failed, over all runs: the test checks that both happen.</summary>
    public (int Succeeded, int Failed) Outcomes { get; private set; }

    public void Run(IEnumerable<BuddyOperation> operations)
    {
        foreach (BuddyOperation operation in operations)
        {
            Step(operation);
            Compare();
        }

        foreach (AllocatedBlocks blocks in _live)
        {
            blocks.Dispose();
        }

        _heap.Dispose();
        Assert.Equal(_heap.Size, _heap.Avail);
    }

    private void Step(BuddyOperation operation)
    {
        switch (operation.Kind)
        {
            case BuddyOperationKind.Allocate:
                Allocate(operation);
                break;
            case BuddyOperationKind.Drain:
                _heap.DrainDeferred();
                DrainModel();
                break;
            case BuddyOperationKind.ResetClear:
                _heap.ResetClear(operation.IsClear);
                _model.ResetClear(operation.IsClear);
                break;
            default:
                if (_live.Count > 0)
                {
                    int slot = operation.Slot % _live.Count;
                    AllocatedBlocks blocks = _live[slot];
                    _live.RemoveAt(slot);
                    Change(operation, blocks);
                }

                break;
        }
    }

    private void Change(BuddyOperation operation, AllocatedBlocks blocks)
    {
        AllocatedBlock[] described = [.. blocks];
        GpuBuddyFreeFlags flags = operation.IsClear ? GpuBuddyFreeFlags.Cleared : GpuBuddyFreeFlags.None;
        if (operation.Kind == BuddyOperationKind.Free)
        {
            blocks.Free(flags);
            Array.ForEach(described, block => _model.Give(block, operation.IsClear));
        }
        else if (operation.Kind == BuddyOperationKind.FreeDeferred)
        {
            blocks.FreeDeferred(flags);
            _deferred.Add((described, operation.IsClear));
        }
        else if (blocks.Count == 1)
        {
            Trim(operation, ref blocks, described[0]);
            _live.Add(blocks);
        }
        else
        {
            Assert.Throws<ArgumentException>(() => _heap.Trim(ref blocks, BuddyModel.Page));
            _live.Add(blocks);
        }
    }

    private void Trim(BuddyOperation operation, ref AllocatedBlocks blocks, AllocatedBlock block)
    {
        int held = (int)(block.Size / BuddyModel.Page);
        int kept = 1 + (operation.Size % held);
        ulong start = block.Offset + ((ulong)(operation.Start % (held - kept + 1)) * BuddyModel.Page);
        _heap.Trim(ref blocks, (ulong)kept * BuddyModel.Page, start);
        Assert.Equal((ulong)kept * BuddyModel.Page, blocks.Size);
        Assert.Equal(start, blocks.First.Offset);
        _model.Give(block, block.IsClear);
        TakeInModel(blocks);
    }

    private void Allocate(BuddyOperation operation)
    {
        int size = 1 + ((operation.Size - 1) % pages);
        int start = operation.Start % (pages - size + 1);
        int end = operation.Mode == 3 ? start + size : start + size + (operation.Length % (pages - start - size + 1));
        GpuBuddyAllocMode mode = operation.Mode switch
        {
            0 => GpuBuddyAllocMode.Simple,
            1 => GpuBuddyAllocMode.TopDown,
            _ => GpuBuddyAllocMode.Range((ulong)start * BuddyModel.Page, (ulong)end * BuddyModel.Page),
        };
        BuddyExpectation expectation = new(
            _model, mode.IsRange ? start : 0, mode.IsRange ? end : pages, size, 1 << operation.MinOrder, mode.IsRange, operation.Flags);
        bool succeeded;
        AllocatedBlocks blocks;
        try
        {
            succeeded = _heap.TryAllocBlocks(
                mode, (ulong)size * BuddyModel.Page, BuddyModel.Page << operation.MinOrder, operation.Flags, out blocks);
        }
        catch (ArgumentException)
        {
            Assert.True(expectation.IsInvalid, $"{operation} was refused.");
            return;
        }

        Assert.False(expectation.IsInvalid, $"{operation} was not refused.");
        bool couldSucceedAtOnce = expectation.MustSucceed;
        if (!_heap.HasDeferred)
        {
            Assert.True(_deferred.Count == 0 || !couldSucceedAtOnce, "Drained without need.");
            DrainModel();
        }

        Outcomes = succeeded ? (Outcomes.Succeeded + 1, Outcomes.Failed) : (Outcomes.Succeeded, Outcomes.Failed + 1);
        if (succeeded)
        {
            Assert.False(expectation.MustFail, $"{operation} succeeded against the oracle.");
            expectation.Check(blocks);
            TakeInModel(blocks);
            _live.Add(blocks);
        }
        else
        {
            Assert.False(expectation.MustSucceed, $"{operation} failed, although there is room.");
        }
    }

    private void TakeInModel(AllocatedBlocks blocks)
    {
        foreach (AllocatedBlock block in blocks)
        {
            _model.Take(block);
        }
    }

    private void DrainModel()
    {
        foreach ((AllocatedBlock[] blocks, bool isClear) in _deferred)
        {
            Array.ForEach(blocks, block => _model.Give(block, isClear));
        }

        _deferred.Clear();
    }

    private void Compare()
    {
        Assert.Equal((ulong)_model.Free * BuddyModel.Page, _heap.Avail);
        Assert.True(_heap.ClearAvail <= (ulong)_model.FreeAndZero * BuddyModel.Page, "More clear memory than is really zero.");
        Assert.True(_heap.ClearAvail <= _heap.Avail);
        foreach ((ulong offset, ulong size, BlockState state, _) in HeapAudit.Check(_heap))
        {
            for (ulong at = offset; at < offset + size; at += BuddyModel.Page)
            {
                Assert.Equal(state == BlockState.Allocated, _model.IsUsed((int)(at / BuddyModel.Page)));
            }
        }

        // Every live allocation can still be told apart, and none was lost on the way.
        ulong live = _live.Aggregate(0ul, (sum, blocks) => sum + blocks.Aggregate(0ul, (inner, block) => inner + block.Size));
        ulong deferred = _deferred.Aggregate(0ul, (sum, item) => sum + item.Blocks.Aggregate(0ul, (inner, block) => inner + block.Size));
        Assert.Equal(_heap.Size - _heap.Avail, live + deferred);
    }

    /// <summary>The order of a number of pages, rounded up to a power of two.</summary>
    internal static int RoundUp(int count) => (int)BitOperations.RoundUpToPowerOf2((uint)count);
}
