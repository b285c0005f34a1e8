using Microsoft.CodeAnalysis;

namespace FenceSafety.Analyzers.Annotations;

/// <summary>The attributes by full metadata name, wherever they are declared.</summary>
static class Attributes
{
    public const string Namespace = "FenceSafety";

    public const string FenceCritical = "FenceCriticalAttribute";
    public const string BeginsFenceCritical = "BeginsFenceCriticalAttribute";
    public const string EndsFenceCritical = "EndsFenceCriticalAttribute";
    public const string MayAllocate = "MayAllocateAttribute";
    public const string WaitsForFence = "WaitsForFenceAttribute";
    public const string RunsInReclaim = "RunsInReclaimAttribute";
    public const string RunsAtomic = "RunsAtomicAttribute";
    public const string AssumeFenceSafe = "AssumeFenceSafeAttribute";
    public const string LockPrimitive = "LockPrimitiveAttribute";
    public const string AcquiresLock = "AcquiresLockAttribute";
    public const string ReleasesLock = "ReleasesLockAttribute";
    public const string RequiresLock = "RequiresLockAttribute";
    public const string LockClass = "LockClassAttribute";
    public const string FenceSafeLock = "FenceSafeLockAttribute";
    public const string LockOrder = "LockOrderAttribute";
    public const string MustConsume = "MustConsumeAttribute";
    public const string Consumes = "ConsumesAttribute";
    public const string RefCounted = "RefCountedAttribute";
    public const string Snapshot = "SnapshotAttribute";
    public const string RequiresStable = "RequiresStableAttribute";

    public static readonly string[] All =
    {
        FenceCritical, BeginsFenceCritical, EndsFenceCritical, MayAllocate, WaitsForFence, RunsInReclaim, RunsAtomic, AssumeFenceSafe,
        LockPrimitive, AcquiresLock, ReleasesLock, RequiresLock, LockClass, FenceSafeLock, LockOrder, MustConsume, Consumes, RefCounted,
        Snapshot, RequiresStable,
    };

    /// <summary>Names as they stand in source, with and without the suffix.</summary>
    public static IEnumerable<string> Spellings(string attribute) => new[] { attribute, attribute.Substring(0, attribute.Length - "Attribute".Length) };

    /// <summary>The attribute's name if it is one of ours, else null.</summary>
    public static string? NameOf(AttributeData data) =>
        data.AttributeClass is { ContainingType: null, ContainingNamespace: { Name: Namespace, ContainingNamespace.IsGlobalNamespace: true } } type
            ? type.Name
            : null;
}
