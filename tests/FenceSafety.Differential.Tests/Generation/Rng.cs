namespace FenceSafety.Differential.Tests.Generation;

/// <summary>A stream of decisions that depends on its seed alone (SplitMix64), on every platform and for ever.</summary>
internal sealed class Rng(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A number from 0 up to, and not including, <paramref name="end"/>.</summary>
    public int Next(int end) => (int)(NextBits() % (uint)end);

    /// <summary>True in so many of a hundred cases.</summary>
    public bool Chance(int percent) => Next(100) < percent;

    public T Pick<T>(IReadOnlyList<T> from) => from[Next(from.Count)];

    private ulong NextBits()
    {
        _state += 0x9E3779B97F4A7C15;
        ulong z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
