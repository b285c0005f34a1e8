using FenceSafety.Core.Facts;
using FenceSafety.Summaries.Metadata;

namespace FenceSafety.Summaries.Bodies;

/// <summary>One entry of the abstract stack.</summary>
/// <param name="Type">The static type, or null if paths disagree.</param>
/// <param name="Note">What more is known of it.</param>
readonly record struct Entry(Value Value, IlType? Type, Note? Note = null)
{
    public static readonly Entry Unknown = new(Value.None, null);
}

/// <summary>What is known of an entry besides its value.</summary>
abstract record Note
{
    /// <summary>A number. One of the compiler's own (a state machine's state) decides branches; the program's does not.</summary>
    public sealed record Number(long Bits, bool IsState = false) : Note;

    /// <summary>A test of a value: is it true, or is it null.</summary>
    public sealed record Test(Condition Condition) : Note;

    /// <summary>The result of ldftn.</summary>
    public sealed record Function(MethodUse Method) : Note;

    /// <summary>The delegate of a lambda or local function, also after it was kept for the next time.</summary>
    public sealed record Lambda(string Body) : Note;

    /// <summary>The result of ldtoken of a type.</summary>
    public sealed record Token(IlType Type) : Note;

    /// <summary>A box that was made by the op at this place of the block.</summary>
    public sealed record Boxed(int Op, IlType Type) : Note;

    /// <summary>The state machine object itself.</summary>
    public sealed record Machine : Note
    {
        public static readonly Machine Instance = new();
    }

    /// <summary>The task of a known lock API, or one that is complete: awaiting it is no wait.</summary>
    public sealed record NoWait : Note
    {
        public static readonly NoWait Instance = new();
    }

    /// <summary>What an iterator method returned.</summary>
    public sealed record Iterator(CallOp Call) : Note;

    /// <summary>An enumerator behind an interface, looked at as what <c>foreach</c> disposes.</summary>
    public sealed record Enumerator : Note
    {
        public static readonly Enumerator Instance = new();
    }

    /// <summary>A delegate that the compiler keeps in a static field.</summary>
    public sealed record Cached : Note
    {
        public static readonly Cached Instance = new();
    }
}
