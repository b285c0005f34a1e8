using System.Collections.Immutable;
using System.Diagnostics;

namespace FenceSafety.Runtime.Locking;

/// <summary>An edge of the lock-order graph: one class was acquired while another was held, and where that was first seen.</summary>
public sealed class LockdepEdge
{
    internal LockdepEdge(LockClass from, LockClass to, ImmutableArray<LockClass> held, StackTrace? stack)
    {
        From = from;
        To = to;
        Held = held;
        Stack = stack;
    }

    /// <summary>What was held.</summary>
    public LockClass From { get; }

    /// <summary>What was acquired.</summary>
    public LockClass To { get; }

    /// <summary>All that the thread held then, oldest first; empty for a primed edge.</summary>
    public ImmutableArray<LockClass> Held { get; }

    /// <summary>The stack of the thread that made the edge first; null for a primed edge.</summary>
    public StackTrace? Stack { get; }

    /// <summary>Whether the edge is known from a declaration, instead of from what a thread did.</summary>
    public bool IsPrimed => Stack is null;

    /// <summary>The two classes.</summary>
    public override string ToString() => $"{From} -> {To}";
}
