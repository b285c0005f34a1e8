using System.Runtime.ExceptionServices;
using FenceSafety.Core.Facts;
using Microsoft.CodeAnalysis;

namespace FenceSafety.Analyzers.Bodies;

/// <summary>
/// Code that nests deeper than a stack. The compiler binds chains of thousands of calls, but neither Roslyn's operations nor the reader
/// of them can do without recursion, and a stack that overflows ends the compiler. Such a body is read on a thread with a stack of its own.
/// </summary>
static class DeepSyntax
{
    /// <summary>Levels of syntax that fit into an ordinary stack; people write a few dozen.</summary>
    const int Ordinary = 200;

    /// <summary>Levels beyond which a body is not read: to its callers it is a body that cannot be seen.</summary>
    const int Deepest = 60_000;

    /// <summary>In bytes; several thousand for each level. Memory is taken as the stack grows.</summary>
    const int StackSize = 512 << 20;

    /// <param name="parts">What is read: the declaration of a member, initialisers.</param>
    public static IReadOnlyList<MethodFacts> Read(IEnumerable<SyntaxNode> parts, Func<IReadOnlyList<MethodFacts>> read)
    {
        int depth = parts.Select(Depth).DefaultIfEmpty(0).Max();
        if (depth <= Ordinary)
            return read();
        return depth > Deepest ? Array.Empty<MethodFacts>() : Apart(read);
    }

    static IReadOnlyList<MethodFacts> Apart(Func<IReadOnlyList<MethodFacts>> read)
    {
        IReadOnlyList<MethodFacts> facts = Array.Empty<MethodFacts>();
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    facts = read();
                }
                catch (InsufficientExecutionStackException)
                {
                    // Roslyn looks after its stack in places: what it gives up is not read.
                }
                catch (Exception e)
                {
                    failure = ExceptionDispatchInfo.Capture(e);
                }
            },
            StackSize);
        try
        {
            thread.Start();
        }
        catch (OutOfMemoryException)
        {
            return facts; // no room for such a stack, as in a process of 32 bits
        }
        thread.Join();
        failure?.Throw();
        return facts;
    }

    /// <summary>The deepest level below a node, counted without recursion.</summary>
    static int Depth(SyntaxNode root)
    {
        // A level takes a character at least.
        if (root.Span.Length <= Ordinary)
            return 0;
        int deepest = 0;
        int depth = 0;
        var at = root;
        foreach (var node in root.DescendantNodes())
        {
            while (at != node.Parent)
            {
                at = at!.Parent;
                depth--;
            }
            at = node;
            deepest = Math.Max(deepest, ++depth);
        }
        return deepest;
    }
}
