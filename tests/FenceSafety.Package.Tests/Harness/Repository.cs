namespace FenceSafety.Package.Tests.Harness;

/// <summary>The repository that the tests were built in.</summary>
internal static class Repository
{
#if DEBUG
    public const string Configuration = "Debug";
#else
    public const string Configuration = "Release";
#endif

    public static string Root { get; } = FindRoot();

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string FindRoot()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "FenceSafety.sln")))
                return directory.FullName;
        }

        throw new InvalidOperationException($"No FenceSafety.sln above {AppContext.BaseDirectory}: run the tests from a build inside the repository.");
    }
}
