using FenceSafety.Package.Tests.Harness;

namespace FenceSafety.Package.Tests;

/// <summary>A compiler older than Roslyn 4.14 passes over the analyzer's folder in silence; FENCE000 breaks it.</summary>
[Collection(PackagedCollection.Name)]
public sealed class CompilerVersionTests(Workspace workspace)
{
    [Theory]
    [InlineData("roslyn4.13")]
    [InlineData("roslyn4.8")]
    [InlineData("roslyn3.11")]
    [InlineData("unreadable")]
    public async Task Older_or_unknown_compiler_gets_a_warning_that_names_it(string version)
    {
        var build = await BuildAsync("OldCompiler", Sources.Reference, $"-p:CompilerApiVersion={version}");

        var warning = Assert.Single(build.Reports("FENCE000"));
        Assert.Contains("warning FENCE000: ", warning, StringComparison.Ordinal);
        Assert.Contains($"'{version}'", warning, StringComparison.Ordinal);
        Assert.Contains("Roslyn 4.14", warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("roslyn4.14")]
    [InlineData("roslyn5.0")]
    [InlineData("roslyn10.1")]
    public async Task Compiler_that_is_new_enough_gets_none(string version) =>
        (await BuildAsync("NewCompiler", Sources.Reference, $"-p:CompilerApiVersion={version}")).ReportsNothing();

    [Fact]
    public async Task Consumer_of_a_consumer_is_told_only_if_it_asked_for_the_analyzer()
    {
        workspace.WriteProject("OldCompilerLibrary", Sources.Reference);
        const string Reference = """<ItemGroup><ProjectReference Include="../OldCompilerLibrary/OldCompilerLibrary.csproj" /></ItemGroup>""";

        var silent = await BuildAsync("OldCompilerConsumer", Reference, "-p:CompilerApiVersion=roslyn4.13");
        var asked = await BuildAsync("OldCompilerConsumer", Reference, "-p:CompilerApiVersion=roslyn4.13", "-p:FenceSafetyTransitive=true");

        silent.ReportsNothing();
        Assert.Single(asked.Reports("FENCE000"));
    }

    private async Task<CommandResult> BuildAsync(string project, string reference, params string[] properties)
    {
        workspace.WriteProject(project, reference);
        (await workspace.DotNetAsync("restore", project)).Succeeded();

        // The targets say it; there is no need to compile anything.
        return (await workspace.DotNetAsync(
            [
                "msbuild", project, "-nologo", "-t:Compile", "-p:DesignTimeBuild=true", "-p:BuildProjectReferences=false",
                "-p:SkipCompilerExecution=true", "-p:ProvideCommandLineArgs=true", .. properties,
            ])).Succeeded();
    }
}
