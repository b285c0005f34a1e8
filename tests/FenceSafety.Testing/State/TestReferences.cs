using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace FenceSafety.Testing.State;

/// <summary>What every test project references: the framework that runs the tests, and FenceSafety.Annotations.</summary>
static class TestReferences
{
    static readonly Lazy<ImmutableArray<MetadataReference>> s_all = new(Load);

    public static ImmutableArray<MetadataReference> All => s_all.Value;

    static ImmutableArray<MetadataReference> Load()
    {
        string trusted = (string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")
            ?? throw new VerificationException("The host gives no TRUSTED_PLATFORM_ASSEMBLIES: run the tests on .NET, not as a single file.");
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var paths = trusted.Split(Path.PathSeparator)
            .Where(p => Path.GetDirectoryName(p) == framework)
            .Append(Path.Combine(AppContext.BaseDirectory, "FenceSafety.Annotations.dll"));
        return [.. paths.Select(p => MetadataReference.CreateFromFile(p))];
    }
}
