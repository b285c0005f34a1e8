using System.Collections.Concurrent;

namespace FenceSafety.Runtime.Locking;

/// <summary>
/// A lock class: what lockdep's rules speak about. All locks made with one class are one node of the lock-order graph, however many
/// instances there are, so that an order violated once is found without the deadlock happening.
/// </summary>
/// <remarks>
/// Classes are interned by name and subclass: equal names are one class, as for <see cref="LockClassAttribute"/>. Use the name that the
/// attribute on the field gives, so that compile-time and run-time reports speak of the same thing. The context nodes are classes of
/// their own: no name leads to them.
/// </remarks>
public sealed class LockClass
{
    private static readonly ConcurrentDictionary<(string Name, int Subclass), LockClass> s_classes = new();
    private static int s_lastId;
    private volatile bool _isFenceSafe;

    private LockClass(string name, int subclass)
    {
        Name = name;
        Subclass = subclass;
        Id = Interlocked.Increment(ref s_lastId);
    }

    /// <summary>The context node of fence-critical code: no lock, but in the graph it is one.</summary>
    public static LockClass Fence { get; } = Context("fence");

    /// <summary>The context node of code that runs in memory reclaim.</summary>
    public static LockClass Reclaim { get; } = Context("reclaim");

    /// <summary>The name that reports show.</summary>
    public string Name { get; }

    /// <summary>The nesting level, for instances of one type that are nested in a documented order; 0 unless said.</summary>
    public int Subclass { get; }

    /// <summary>Whether fence-critical code has been promised that it may take locks of this class.</summary>
    public bool IsFenceSafe => _isFenceSafe;

    /// <summary>A small number, unique in the process, by which the lock-order graph finds the class.</summary>
    internal int Id { get; }

    /// <summary>Finds or makes the class of this name.</summary>
    /// <param name="name">The name; not blank.</param>
    /// <param name="subclass">The nesting level, 0 or more.</param>
    /// <param name="fenceSafe">
    /// True to promise that fence-critical code may take it (see <see cref="FenceSafeLockAttribute"/>): lockdep then knows the edge from
    /// the fence to the lock before the first critical section ever takes it. The promise stays for the life of the process.
    /// </param>
    /// <exception cref="ArgumentException"><paramref name="name"/> is blank.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="subclass"/> is negative.</exception>
    public static LockClass Of(string name, int subclass = 0, bool fenceSafe = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfNegative(subclass);
        LockClass found = s_classes.GetOrAdd((name, subclass), static key => new LockClass(key.Name, key.Subclass));
        if (fenceSafe)
        {
            found._isFenceSafe = true;
        }

        return found;
    }

    /// <summary>Makes a node that no name leads to.</summary>
    internal static LockClass Context(string name) => new(name, 0);

    /// <summary>The name, with <c>/n</c> behind it for a subclass.</summary>
    public override string ToString() => Subclass == 0 ? Name : $"{Name}/{Subclass}";
}
