using FenceSafety.Package.Tests.Harness;

namespace FenceSafety.Package.Tests;

/// <summary>An application, from the installation to the warning.</summary>
[Collection(PackagedCollection.Name)]
public sealed class ApplicationTests(Workspace workspace)
{
    /// <summary>The README's own example, so that what it claims is what happens: a mistake across two files, with its chain.</summary>
    [Fact]
    public async Task Application_installs_the_package_and_sees_what_the_readme_says()
    {
        var readme = Readme.Load();
        workspace.WriteProject("Application", "<PropertyGroup><OutputType>Exe</OutputType></PropertyGroup>");
        workspace.Write("Application/Pool.cs", readme.Source("Pool.cs"));
        workspace.Write("Application/Driver.cs", readme.Source("Driver.cs"));
        workspace.Write("Application/Program.cs", "new Driver(new Pool()).Run();");

        (await workspace.DotNetAsync("add", "Application", "package", "FenceSafety.Analyzers", "--source", workspace.Feed)).Succeeded();
        var build = (await workspace.BuildAsync("Application")).Succeeded();

        var folder = workspace.PathOf("Application") + Path.DirectorySeparatorChar;
        var reports = build.Reports("FENCE002").Concat(build.Reports("FENCE004"))
            .Select(line => line.Replace(folder, "", StringComparison.Ordinal))
            .Select(line => line[..line.LastIndexOf(" [", StringComparison.Ordinal)])
            .Select(line => line[..line.LastIndexOf(" (https://", StringComparison.Ordinal)]);
        Assert.Equal(readme.Output("output of the first example"), reports);
        Assert.Contains("Driver.cs(9,9): warning FENCE002:", build.Output, StringComparison.Ordinal);
        Assert.Contains("Pool.Refill → Pool.Grow → PageAllocator.Allocate", build.Output, StringComparison.Ordinal);
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
              <FenceSafetyScope>critical</FenceSafetyScope>
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
                "FenceSafetyScope = critical",
            ],
            compiler.VisibleProperties);
    }
}
