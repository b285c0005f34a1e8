using FenceSafety.Package.Tests.Harness;

namespace FenceSafety.Package.Tests;

/// <summary>A library that uses the package, and those who use the library, by project and by package.</summary>
[Collection(PackagedCollection.Name)]
public sealed class ConsumerTests(Workspace workspace, ConsumerTests.Library library) : IClassFixture<ConsumerTests.Library>
{
    private const string ByProject = """<ItemGroup><ProjectReference Include="../Library/Library.csproj" /></ItemGroup>""";
    private const string ByPackage = """<ItemGroup><PackageReference Include="Library" Version="1.0.0" /></ItemGroup>""";

    [Fact]
    public void Library_is_analysed() => Assert.Contains(
        "Driver.cs(10,9): warning FENCE002:",
        Assert.Single(library.Pack.Reports("FENCE002")),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("ProjectConsumer", ByProject)]
    [InlineData("PackageConsumer", ByPackage)]
    public async Task Consumer_is_not_analysed_but_has_the_annotations(string name, string reference)
    {
        workspace.WriteProject(name, reference);
        workspace.WriteMistake(name, "Consumer");
        workspace.Write($"{name}/more.fence.txt", "# not ours to read\n");

        // --no-dependencies: the library's own warnings are not in question here.
        (await workspace.DotNetAsync("restore", name)).Succeeded();
        (await workspace.BuildAsync(name, "--no-restore", "--no-dependencies")).Succeeded().ReportsNothing();
        var compiler = await workspace.CompilerCommandLineAsync(name);

        Assert.Empty(compiler.Analyzers);
        Assert.Empty(compiler.VisibleProperties);
        Assert.Empty(compiler.AdditionalFiles);
        Assert.True(compiler.HasAnnotations);
    }

    [Theory]
    [InlineData("ProjectConsumerOn", ByProject)]
    [InlineData("PackageConsumerOn", ByPackage)]
    public async Task Consumer_is_analysed_with_FenceSafetyTransitive(string name, string reference)
    {
        workspace.WriteProject(name, "<PropertyGroup><FenceSafetyTransitive>true</FenceSafetyTransitive></PropertyGroup>" + reference);
        workspace.WriteMistake(name, "Consumer");
        workspace.Write($"{name}/more.fence.txt", "# ours now\n");

        (await workspace.DotNetAsync("restore", name)).Succeeded();
        var build = (await workspace.BuildAsync(name, "--no-restore", "--no-dependencies")).Succeeded();
        var compiler = await workspace.CompilerCommandLineAsync(name);

        Assert.Contains($"{name}{Path.DirectorySeparatorChar}Driver.cs(10,9)", Assert.Single(build.Reports("FENCE002")), StringComparison.Ordinal);
        Assert.Equal(Sources.AnalyzerAssemblies, compiler.Analyzers);
        Assert.Equal(6, compiler.VisibleProperties.Length);
        Assert.Equal(["more.fence.txt"], compiler.AdditionalFiles);
    }

    /// <summary>The SDK hands analyzers down whatever PrivateAssets say. Should it stop doing that, the property has to work all the same.</summary>
    [Fact]
    public async Task Consumer_is_analysed_even_if_the_SDK_does_not_hand_the_analyzer_down()
    {
        workspace.WriteProject("Withheld", ByPackage + """
            <Target Name="Withhold" AfterTargets="ResolvePackageAssets">
              <ItemGroup><ResolvedAnalyzers Remove="@(ResolvedAnalyzers)" /></ItemGroup>
            </Target>
            """);

        Assert.Empty((await workspace.CompilerCommandLineAsync("Withheld")).Analyzers);
        Assert.Equal(
            Sources.AnalyzerAssemblies,
            (await workspace.CompilerCommandLineAsync("Withheld", "-p:FenceSafetyTransitive=true")).Analyzers);
    }

    [Fact]
    public async Task Library_that_keeps_the_package_private_hands_nothing_down()
    {
        workspace.WriteProject("PrivateLibrary", $"""
            <ItemGroup><PackageReference Include="FenceSafety.Analyzers" Version="{Workspace.Version}" PrivateAssets="all" /></ItemGroup>
            """);
        workspace.WriteProject("PrivateConsumer", """<ItemGroup><ProjectReference Include="../PrivateLibrary/PrivateLibrary.csproj" /></ItemGroup>""");

        var compiler = await workspace.CompilerCommandLineAsync("PrivateConsumer");

        Assert.Empty(compiler.Analyzers);
        Assert.False(compiler.HasAnnotations);
    }

    /// <summary>The library, packed into the same feed once.</summary>
    public sealed class Library(Workspace workspace) : IAsyncLifetime
    {
        internal CommandResult Pack { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            workspace.WriteProject("Library", "<PropertyGroup><Version>1.0.0</Version></PropertyGroup>" + Sources.Reference);
            workspace.WriteMistake("Library", "Library");
            Pack = (await workspace.DotNetAsync("pack", "Library", "-nologo", "--configuration", "Debug", "--output", workspace.Feed)).Succeeded();
        }

        public Task DisposeAsync() => Task.CompletedTask;
    }
}
