using FenceSafety.Package.Tests.Harness;

namespace FenceSafety.Package.Tests;

[Collection(PackagedCollection.Name)]
public sealed class AnnotationFileTests(Workspace workspace)
{
    [Fact]
    public async Task Annotation_files_below_the_project_reach_the_compiler_once()
    {
        workspace.WriteProject("Annotated", Sources.Reference + """<ItemGroup><AdditionalFiles Include="own/*.txt" /></ItemGroup>""");
        foreach (var file in new[] { "a.fence.txt", "sub/folder/b.fence.txt", "own/c.fence.txt", "own/other.txt", "notes.txt", "fence.txt" })
            workspace.Write($"Annotated/{file}", "# nothing\n");
        foreach (var file in new[] { "obj/d.fence.txt", "bin/e.fence.txt", "nested/obj/f.fence.txt", "nested/bin/g.fence.txt", ".hidden/h.fence.txt" })
            workspace.Write($"Annotated/{file}", "# built, or not the project's\n");

        var compiler = await workspace.CompilerCommandLineAsync("Annotated");
        var without = await workspace.CompilerCommandLineAsync("Annotated", "-p:FenceSafetyIncludeAnnotationFiles=false");

        string[] own = ["own/c.fence.txt", "own/other.txt"];
        Assert.Equal(["a.fence.txt", .. own, "sub/folder/b.fence.txt"], compiler.AdditionalFiles.Order(StringComparer.Ordinal));
        Assert.Equal(own, without.AdditionalFiles.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Summary_files_below_the_project_reach_the_compiler_unless_switched_off()
    {
        workspace.WriteProject("Summarised", Sources.Reference + """<ItemGroup><AdditionalFiles Include="own/*.fencesum" /></ItemGroup>""");
        foreach (var file in new[] { "Lib.fencesum", "sub/Other.fencesum", "own/Third.fencesum", "obj/Built.fencesum", "bin/Built.fencesum" })
            workspace.Write($"Summarised/{file}", "");

        var compiler = await workspace.CompilerCommandLineAsync("Summarised");
        var without = await workspace.CompilerCommandLineAsync("Summarised", "-p:FenceSafetyIncludeSummaryFiles=false");

        Assert.Equal(["Lib.fencesum", "own/Third.fencesum", "sub/Other.fencesum"], compiler.AdditionalFiles.Order(StringComparer.Ordinal));
        Assert.Equal(["own/Third.fencesum"], without.AdditionalFiles);
    }

    /// <summary>The compiler's inputs are compared by time, which says nothing about a file that has gone.</summary>
    [Fact]
    public async Task Compiler_runs_again_when_an_annotation_file_appears_or_disappears()
    {
        workspace.WriteProject("Incremental", Sources.Reference);
        workspace.Write("Incremental/Empty.cs", "");

        await BuildAsync();
        Assert.False(await CompilerRunsAsync());

        workspace.Write("Incremental/late.fence.txt", "# nothing\n");
        Assert.True(await CompilerRunsAsync());
        Assert.False(await CompilerRunsAsync());

        workspace.Delete("Incremental/late.fence.txt");
        Assert.True(await CompilerRunsAsync());

        async Task<CommandResult> BuildAsync() => (await workspace.BuildAsync("Incremental", "-v:normal")).Succeeded();

        async Task<bool> CompilerRunsAsync()
        {
            var output = (await BuildAsync()).Output;
            var skipped = output.Contains("Skipping target \"CoreCompile\" because all output files are up-to-date", StringComparison.Ordinal);
            Assert.NotEqual(skipped, output.Contains("/out:obj", StringComparison.Ordinal));
            return !skipped;
        }
    }
}
