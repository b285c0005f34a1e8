namespace FenceSafety.Benchmarks.Harness;

/// <summary>All benchmarks of this program.</summary>
internal static class Benchmarks
{
    /// <summary>Those whose full name has the argument in it; all without one.</summary>
    public static IReadOnlyList<Type> Find(ReadOnlySpan<string> arguments)
    {
        string part = arguments is [var only] ? only : "";
        if (arguments.Length > 1)
            throw new ArgumentException($"One part of a name was expected, not {arguments.Length} arguments.", nameof(arguments));
        var types = typeof(Benchmarks).Assembly.GetTypes()
            .Where(type => type.IsClass && type.IsAssignableTo(typeof(IBenchmark)))
            .Where(type => type.FullName!.Contains(part, StringComparison.OrdinalIgnoreCase))
            .OrderBy(type => type.FullName, StringComparer.Ordinal)
            .ToList();
        return types.Count != 0 ? types : throw new ArgumentException($"No benchmark has '{part}' in its name.", nameof(arguments));
    }

    public static IBenchmark Create(Type type)
    {
        var benchmark = (IBenchmark)Activator.CreateInstance(type)!;
        benchmark.Setup();
        return benchmark;
    }
}
