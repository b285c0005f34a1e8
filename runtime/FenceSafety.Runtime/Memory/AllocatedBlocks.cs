using System.Collections;

namespace FenceSafety.Runtime.Memory;

/// <summary>
/// The blocks of one allocation, which this handle owns: disposing it frees them. A value of 32 bytes and no object, so that allocating
/// and freeing leave no garbage. Copies are the same handle: only one of them can free.
/// </summary>
/// <remarks>
/// <see cref="Dispose"/> takes the allocator's lock, under which others allocate; fence-critical code and reclaim use
/// <see cref="FreeDeferred"/>. The default value owns nothing.
/// </remarks>
[MustConsume]
public readonly struct AllocatedBlocks : IEquatable<AllocatedBlocks>, IEnumerable<AllocatedBlock>, IDisposable
{
    internal AllocatedBlocks(GpuBuddy owner, in BlockList list, int stamp)
    {
        Owner = owner;
        Head = list.Head;
        Stamp = stamp;
        Count = list.Count;
        Size = list.Bytes;
    }

    /// <summary>The number of blocks.</summary>
    public int Count { get; }

    /// <summary>The bytes in all blocks together.</summary>
    public ulong Size { get; }

    /// <summary>Whether there are no blocks.</summary>
    public bool IsEmpty => Count == 0;

    /// <summary>Whether the blocks are still owned, by this handle or a copy of it. False for the default value.</summary>
    public bool IsLive => Owner is not null && Owner.IsLive(this);

    /// <summary>The first block.</summary>
    /// <exception cref="InvalidOperationException">There are no blocks.</exception>
    /// <exception cref="ObjectDisposedException">The blocks were freed.</exception>
    public AllocatedBlock First
    {
        get
        {
            Enumerator blocks = GetEnumerator();
            return blocks.MoveNext() ? blocks.Current : throw new InvalidOperationException("The allocation has no blocks.");
        }
    }

    internal GpuBuddy? Owner { get; }

    internal int Head { get; }

    internal int Stamp { get; }

    /// <summary>Whether two handles are the same.</summary>
    public static bool operator ==(AllocatedBlocks left, AllocatedBlocks right) => left.Equals(right);

    /// <summary>Whether two handles are different.</summary>
    public static bool operator !=(AllocatedBlocks left, AllocatedBlocks right) => !left.Equals(right);

    /// <summary>Goes through the blocks in the order of their allocation, which is not that of their addresses.</summary>
    /// <exception cref="ObjectDisposedException">The blocks were freed.</exception>
    public Enumerator GetEnumerator()
    {
        Owner?.ThrowIfStale(this);
        return new Enumerator(Owner, Head);
    }

    /// <summary>Frees the blocks, if they are still owned. What they hold counts as dirty.</summary>
    public void Dispose() => Owner?.Release(this, GpuBuddyFreeFlags.None);

    /// <summary>Frees the blocks.</summary>
    /// <param name="flags">What is known of their contents.</param>
    /// <exception cref="ObjectDisposedException">They were freed before.</exception>
    [Consumes]
    public void Free(GpuBuddyFreeFlags flags = GpuBuddyFreeFlags.None) => Owner?.Free(this, flags);

    /// <summary>
    /// Puts the blocks on the allocator's deferred list: they are freed by <see cref="GpuBuddy.DrainDeferred"/>, or by an allocation that
    /// would fail otherwise. Takes no lock and allocates nothing.
    /// </summary>
    /// <param name="flags">What is known of their contents.</param>
    /// <exception cref="ObjectDisposedException">They were freed before.</exception>
    [FenceCritical]
    [Consumes]
    public void FreeDeferred(GpuBuddyFreeFlags flags = GpuBuddyFreeFlags.None) => Owner?.FreeDeferred(this, flags);

    /// <inheritdoc/>
    public bool Equals(AllocatedBlocks other) => Owner == other.Owner && Head == other.Head && Stamp == other.Stamp;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is AllocatedBlocks other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Head, Stamp);

    IEnumerator<AllocatedBlock> IEnumerable<AllocatedBlock>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Goes through the blocks of an allocation.</summary>
    public struct Enumerator : IEnumerator<AllocatedBlock>
    {
        private readonly GpuBuddy? _owner;
        private readonly int _head;
        private int _next;

        internal Enumerator(GpuBuddy? owner, int head)
        {
            _owner = owner;
            _head = head;
            _next = head;
            Current = default;
        }

        /// <summary>The block at which the enumeration is.</summary>
        public AllocatedBlock Current { get; private set; }

        readonly object IEnumerator.Current => Current;

        /// <summary>Goes to the next block.</summary>
        /// <returns>False after the last one.</returns>
        public bool MoveNext()
        {
            if (_next == 0 || _owner is null)
            {
                return false;
            }

            Current = _owner.Describe(ref _next);
            return true;
        }

        /// <summary>Goes back to before the first block.</summary>
        public void Reset() => _next = _head;

        /// <summary>Does nothing: an enumerator owns nothing.</summary>
        public readonly void Dispose()
        {
        }
    }
}
