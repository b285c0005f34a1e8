using FenceSafety.Package.Tests.Harness;

namespace FenceSafety.Package.Tests;

/// <summary>An application, from the installation to the warning.</summary>
[Collection(PackagedCollection.Name)]
public sealed class ApplicationTests(Workspace workspace)
{
    [Fact]
    public async Task Application_installs_the_package_and_sees_a_mistake_across_two_files_with_its_chain()
    {
        workspace.WriteProject("Application", "<PropertyGroup><OutputType>Exe</OutputType></PropertyGroup>");
        workspace.WriteMistake("Application", "App");
        workspace.Write("Application/Program.cs", "new App.Driver(new App.Pool()).Run();");

        (await workspace.DotNetAsync("add", "Application", "package", "FenceSafety.Analyzers", "--source", workspace.Feed)).Succeeded();
        var build = (await workspace.BuildAsync("Application")).Succeeded();

        var taken = Assert.Single(build.Reports("FENCE002"));
        Assert.Contains("Driver.cs(10,9): warning FENCE002:", taken, StringComparison.Ordinal);
        Assert.Contains("Driver.Run → Pool.Return", taken, StringComparison.Ordinal);
        Assert.Contains("Pool.Refill → Pool.Grow → PageAllocator.Allocate", taken, StringComparison.Ordinal);

        var allocated = Assert.Single(build.Reports("FENCE004"));
        Assert.Contains("Pool.cs(13,13): warning FENCE004:", allocated, StringComparison.Ordinal);
        Assert.Contains("Pool.Refill → Pool.Grow → PageAllocator.Allocate", allocated, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Application_without_the_mistake_builds_clean()
    {
        workspace.WriteProject("Clean", "<PropertyGroup><OutputType>Exe</OutputType></PropertyGroup>" + Sources.Reference);
        workspace.WriteMistake("Clean", "App");
        workspace.Write("Clean/Driver.cs", Sources.Driver("App").Replace("[FenceCritical]", "", StringComparison.Ordinal));
        workspace.Write("Clean/Program.cs", "new App.Driver(new App.Pool()).Run();");

        (await workspace.BuildAsync("Clean")).Succeeded().ReportsNothing();
    }

    [Fact]
    public async Task Options_given_as_properties_reach_the_analyzer()
    {
        workspace.WriteProject("Options", """
            <PropertyGroup>
              <FenceSafetyManagedAllocations>blocking</FenceSafetyManagedAllocations>
              <FenceSafetyCollectionGrowth>ignore</FenceSafetyCollectionGrowth>
              <FenceSafetyUnknownCalls>report</FenceSafetyUnknownCalls>
              <FenceSafetyThrowPaths>include</FenceSafetyThrowPaths>
              <FenceSafetyReclaimWaitsForFences>false</FenceSafetyReclaimWaitsForFences>
            </PropertyGroup>
            """ + Sources.Reference);

        var compiler = await workspace.CompilerCommandLineAsync("Options");

        Assert.Equal(
            [
                "FenceSafetyManagedAllocations = blocking",
                "FenceSafetyCollectionGrowth = ignore",
                "FenceSafetyUnknownCalls = report",
                "FenceSafetyThrowPaths = include",
                "FenceSafetyReclaimWaitsForFences = false",
            ],
            compiler.VisibleProperties);
    }
}
