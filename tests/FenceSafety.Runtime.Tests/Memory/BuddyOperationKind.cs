namespace FenceSafety.Runtime.Tests.Memory;

public enum BuddyOperationKind
{
    Allocate,
    Free,
    FreeDeferred,
    Drain,
    Trim,
    ResetClear,
}
