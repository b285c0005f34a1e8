namespace FenceSafety.Runtime.Memory;

/// <summary>What a <see cref="GpuBuddy"/> manages.</summary>
/// <param name="BaseOffset">Added to every offset that is handed out, in bytes; a multiple of the chunk size.</param>
/// <param name="Size">The size of the heap in bytes; rounded down to whole chunks, at least one.</param>
/// <param name="ChunkSize">The smallest block in bytes; a power of two, at least 4 KiB.</param>
public readonly record struct GpuBuddyParams(ulong BaseOffset, ulong Size, ulong ChunkSize = 4096);
