using FenceSafety.Differential.Tests.Checking;

namespace FenceSafety.Differential.Tests;

/// <summary>All tests look at one run.</summary>
[CollectionDefinition(nameof(Campaign))]
public sealed class CampaignCollection : ICollectionFixture<Campaign>;
