namespace FenceSafety.Samples.Tests;

/// <summary>The samples that make mistakes, and the twin that makes none, each built once and one after the other.</summary>
public sealed class SampleBuilds : IAsyncLifetime
{
    private readonly string _artifacts = Directory.CreateTempSubdirectory("fence-safety-samples-").FullName;

    public SampleBuilds()
    {
        BrokenDriver = new SampleBuild(_artifacts, "BrokenDriver", "BrokenDriver", "BrokenDriver");
        Wrong = new SampleBuild(_artifacts, "DeviceMemory", "DeviceMemory/Wrong", "DeviceMemory.Wrong");
        Right = new SampleBuild(_artifacts, "DeviceMemory", "DeviceMemory/Right", "DeviceMemory.Right");
    }

    internal SampleBuild BrokenDriver { get; }

    /// <summary>samples/DeviceMemory with its mistakes.</summary>
    internal SampleBuild Wrong { get; }

    /// <summary>samples/DeviceMemory without them.</summary>
    internal SampleBuild Right { get; }

    public async Task InitializeAsync()
    {
        await BrokenDriver.BuildAsync();
        await Wrong.BuildAsync();
        await Right.BuildAsync();
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_artifacts, recursive: true);
        return Task.CompletedTask;
    }
}

/// <summary>Tests that share these builds.</summary>
[CollectionDefinition(Name)]
public sealed class SampleBuildsCollection : ICollectionFixture<SampleBuilds>
{
    public const string Name = "builds of samples";
}
