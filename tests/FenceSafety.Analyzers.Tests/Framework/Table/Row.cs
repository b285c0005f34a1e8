namespace FenceSafety.Analyzers.Tests.Framework.Table;

/// <summary>What a call of a framework member does, as far as fence-critical code minds.</summary>
[Flags]
enum Effect
{
    /// <summary>No managed allocation, no wait, nothing unknown: not reported, and no byte is taken.</summary>
    Nothing = 0,

    /// <summary>FENCE011, of any kind but growth.</summary>
    Allocates = 1,

    /// <summary>FENCE011 of kind growth: no byte within capacity, some beyond it.</summary>
    Grows = 2,

    /// <summary>FENCE002: the row's lock is held elsewhere while memory is allocated.</summary>
    Locks = 4,

    /// <summary>FENCE003.</summary>
    Waits = 8,

    /// <summary>FENCE008: it calls back into code that cannot be seen.</summary>
    Unknown = 16,
}

/// <summary>
/// One row: the method calls the member once, is fence-critical, and is both analysed as source and run. What is reported in it has to be
/// at that call, and nothing besides.
/// </summary>
/// <param name="member">Documentation-comment id of the framework's member.</param>
[AttributeUsage(AttributeTargets.Method)]
sealed class RowAttribute(Effect effect, string member) : Attribute
{
    public Effect Effect => effect;

    public string Member => member;

    /// <summary>The kind that FENCE011 gives; null where more than one would be right.</summary>
    public string? Kind { get; set; }

    /// <summary>A method to be run before each call, which does not count.</summary>
    public string? Before { get; set; }

    /// <summary>For <see cref="Effect.Grows"/>: a method to be run instead of <see cref="Before"/>, after which there is no room.</summary>
    public string? Full { get; set; }

    /// <summary>Why bytes of this row say nothing; null if they are measured.</summary>
    public string? NotMeasured { get; set; }
}

/// <summary>What the rows of lock members are held against: an allocation that blocks.</summary>
static class Heap
{
    [MayAllocate]
    public static void Allocate()
    {
    }
}

/// <summary>Results go here, so that the JIT can neither drop a call nor put its result on the stack.</summary>
static class Out
{
    public static int Int;
    public static long Long;
    public static bool Bool;
    public static double Double;
    public static object? Object;
}
