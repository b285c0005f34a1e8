namespace FenceSafety.Package.Tests.Harness;

/// <summary>Tests that share one pack and one package cache.</summary>
[CollectionDefinition(Name)]
public sealed class PackagedCollection : ICollectionFixture<Workspace>
{
    public const string Name = "packaged";
}
