namespace FenceSafety.Runtime.Memory;

/// <summary>What a node of the block tree is; the values are those of the kernel's block header.</summary>
internal enum BlockState
{
    Unused = 0,
    Allocated = 1,
    Free = 2,
    Split = 3,
}
