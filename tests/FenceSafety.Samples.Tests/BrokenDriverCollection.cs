namespace FenceSafety.Samples.Tests;

/// <summary>Tests that share one build of samples/BrokenDriver.</summary>
[CollectionDefinition(Name)]
public sealed class BrokenDriverCollection : ICollectionFixture<BrokenDriverBuild>
{
    public const string Name = "BrokenDriver";
}
