using FenceSafety.Core.Facts;

namespace FenceSafety.Core.Summaries;

/// <summary>
/// A call chain, hop by hop: at <see cref="Span"/> the code goes to <see cref="Name"/>. Chains share their tails, so that one of
/// ten thousand hops costs one cell more than its callee's.
/// </summary>
public sealed class Chain
{
    public Chain(SourceSpan span, string name, Chain? next)
    {
        Span = span;
        Name = name;
        Next = next;
        Length = 1 + (next?.Length ?? 0);
        _hash = Mix(Mix(Mix(Mix(next?._hash ?? 0, (ulong)span.Start), (ulong)span.Length), (ulong)name.GetHashCode()), (ulong)span.Path.GetHashCode());
    }

    /// <summary>Of all hops.</summary>
    readonly ulong _hash;

    static ulong Mix(ulong hash, ulong value)
    {
        hash = (hash ^ value) * 0x9E3779B97F4A7C15;
        return hash ^ (hash >> 29);
    }

    /// <summary>Where the hop is made.</summary>
    public SourceSpan Span { get; }

    /// <summary>What it reaches: the callee, or the sink itself.</summary>
    public string Name { get; }

    public Chain? Next { get; }
    public int Length { get; }

    /// <summary>The last hop's name.</summary>
    public string Sink
    {
        get
        {
            var c = this;
            while (c.Next is not null)
                c = c.Next;
            return c.Name;
        }
    }

    public IEnumerable<Chain> Hops
    {
        get
        {
            for (Chain? c = this; c is not null; c = c.Next)
                yield return c;
        }
    }

    /// <summary>This chain and then <paramref name="tail"/>; the last hop of this one becomes the call of <paramref name="callee"/>.</summary>
    public Chain Append(string callee, Chain? tail)
    {
        var hops = Hops.ToList();
        Chain result = new(hops[hops.Count - 1].Span, callee, tail);
        for (int i = hops.Count - 2; i >= 0; i--)
            result = new Chain(hops[i].Span, hops[i].Name, result);
        return result;
    }

    /// <summary>Shorter first; then by the places of the first hops that differ. Bounded, so that long chains cost nothing.</summary>
    public static bool IsBetter(Chain a, Chain b)
    {
        if (a.Length != b.Length)
            return a.Length < b.Length;
        Chain? x = a, y = b;
        for (int i = 0; i < 8 && x is not null && y is not null && !ReferenceEquals(x, y); i++, x = x.Next, y = y.Next)
        {
            int c = x.Span.CompareTo(y.Span);
            if (c == 0)
                c = string.CompareOrdinal(x.Name, y.Name);
            if (c != 0)
                return c < 0;
        }
        return false;
    }

    /// <summary>Alike to the last hop, but for a hash of those behind the first: what is known of a body must not depend on the order of visits.</summary>
    public static bool Same(Chain a, Chain b) =>
        ReferenceEquals(a, b) || (a._hash == b._hash && a.Length == b.Length && a.Span == b.Span && a.Name == b.Name);
}
