using FenceSafety.Package.Tests.Harness;

namespace FenceSafety.Package.Tests;

[Collection(PackagedCollection.Name)]
public sealed class CentralPackageManagementTests(Workspace workspace)
{
    [Fact]
    public async Task Reference_with_a_central_version_counts_as_direct()
    {
        WriteCentralVersions("Central", "");

        // IDs are not case-sensitive.
        workspace.WriteProject("Central/Direct", """<ItemGroup><PackageReference Include="fencesafety.analyzers" /></ItemGroup>""");

        var compiler = await workspace.CompilerCommandLineAsync("Central/Direct");

        Assert.Equal(Sources.AnalyzerAssemblies, compiler.Analyzers);
        Assert.True(compiler.HasAnnotations);
    }

    [Fact]
    public async Task Version_pinned_for_transitive_packages_does_not_count_as_direct()
    {
        WriteCentralVersions(
            "Pinned",
            "<PropertyGroup><CentralPackageTransitivePinningEnabled>true</CentralPackageTransitivePinningEnabled></PropertyGroup>");
        workspace.WriteProject("Pinned/Direct", """<ItemGroup><PackageReference Include="FenceSafety.Analyzers" /></ItemGroup>""");
        workspace.WriteProject("Pinned/Consumer", """<ItemGroup><ProjectReference Include="../Direct/Direct.csproj" /></ItemGroup>""");

        var compiler = await workspace.CompilerCommandLineAsync("Pinned/Consumer");

        Assert.Empty(compiler.Analyzers);
        Assert.True(compiler.HasAnnotations);
    }

    /// <summary>NuGet lets a global reference have everything but lib/: the attributes then come from the other package.</summary>
    [Fact]
    public async Task Global_reference_counts_as_direct_and_leaves_the_attributes_to_the_other_package()
    {
        WriteCentralVersions(
            "Global",
            $"""<ItemGroup><GlobalPackageReference Include="FenceSafety.Analyzers" Version="{Workspace.Version}" /></ItemGroup>""",
            pinAnalyzers: false);
        workspace.WriteProject("Global/Bare", "");
        workspace.WriteProject("Global/Annotated", """<ItemGroup><PackageReference Include="FenceSafety.Annotations" /></ItemGroup>""");

        var bare = await workspace.CompilerCommandLineAsync("Global/Bare");
        var annotated = await workspace.CompilerCommandLineAsync("Global/Annotated");

        Assert.Equal(Sources.AnalyzerAssemblies, bare.Analyzers);
        Assert.Equal(6, bare.VisibleProperties.Length);
        Assert.False(bare.HasAnnotations);
        Assert.Equal(Sources.AnalyzerAssemblies, annotated.Analyzers);
        Assert.True(annotated.HasAnnotations);
    }

    private void WriteCentralVersions(string folder, string more, bool pinAnalyzers = true) =>
        workspace.Write($"{folder}/Directory.Packages.props", $"""
            <Project>
              <PropertyGroup><ManagePackageVersionsCentrally>true</ManagePackageVersionsCentrally></PropertyGroup>
              <ItemGroup>
                <PackageVersion Include="FenceSafety.Annotations" Version="{Workspace.Version}" />
                <PackageVersion Include="FenceSafety.Analyzers" Version="{Workspace.Version}" Condition="{(pinAnalyzers ? "true" : "false")}" />
              </ItemGroup>
              {more}
            </Project>
            """);
}
