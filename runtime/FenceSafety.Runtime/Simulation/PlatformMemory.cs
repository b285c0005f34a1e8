using System.Runtime.InteropServices;

namespace FenceSafety.Runtime.Simulation;

/// <summary>Reserve, commit and release of address space: <c>mmap</c> on Unix, <c>VirtualAlloc</c> on Windows.</summary>
internal static unsafe partial class PlatformMemory
{
    private const int ProtNone = 0;
    private const int ProtReadWrite = 3;
    private const int MapPrivate = 2;
    private const uint MemCommit = 0x1000;
    private const uint MemReserve = 0x2000;
    private const uint MemRelease = 0x8000;
    private const uint PageReadWrite = 4;

    internal static byte* Reserve(nuint size, bool accessible)
    {
        if (OperatingSystem.IsWindows())
        {
            byte* range = VirtualAlloc(null, size, MemReserve, PageReadWrite);
            return range != null ? range : throw Failed("VirtualAlloc(MEM_RESERVE)", size);
        }

        // MAP_ANONYMOUS and MAP_NORESERVE: the two kernels number them differently.
        int flags = OperatingSystem.IsMacOS() ? MapPrivate | 0x1000 | 0x40 : MapPrivate | 0x20 | 0x4000;
        byte* mapped = mmap(null, size, accessible ? ProtReadWrite : ProtNone, flags, -1, 0);
        return mapped != (byte*)-1 ? mapped : throw Failed("mmap", size);
    }

    internal static void Commit(byte* start, nuint size)
    {
        bool done = OperatingSystem.IsWindows()
            ? VirtualAlloc(start, size, MemCommit, PageReadWrite) != null
            : mprotect(start, size, ProtReadWrite) == 0;
        if (!done)
            throw Failed("commit", size);
    }

    internal static void Release(byte* start, nuint size)
    {
        if (OperatingSystem.IsWindows())
            VirtualFree(start, 0, MemRelease);
        else
            munmap(start, size);
    }

    private static InsufficientMemoryException Failed(string what, nuint size) =>
        new($"{what} of {size} bytes failed with error {Marshal.GetLastPInvokeError()}.");

    [LibraryImport("libc", SetLastError = true)]
    private static partial byte* mmap(byte* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int mprotect(byte* address, nuint length, int protection);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int munmap(byte* address, nuint length);

    [LibraryImport("kernel32", SetLastError = true)]
    private static partial byte* VirtualAlloc(byte* address, nuint size, uint type, uint protection);

    [LibraryImport("kernel32", SetLastError = true)]
    private static partial int VirtualFree(byte* address, nuint size, uint type);
}
