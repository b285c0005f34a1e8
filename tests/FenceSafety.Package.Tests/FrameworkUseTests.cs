using FenceSafety.Package.Tests.Harness;

namespace FenceSafety.Package.Tests;

/// <summary>Fresh projects as the SDK's templates make them, with critical code that uses more than thirty members of the framework.</summary>
[Collection(PackagedCollection.Name)]
public sealed class FrameworkUseTests(Workspace workspace)
{
    [Fact]
    public async Task A_console_project_has_nothing_to_verify_by_hand() =>
        (await BuildAsync("console", "FreshConsole", "Console/CompletionQueue.cs")).ReportsNothing();

    [Fact]
    public async Task A_web_project_has_what_anybody_may_implement_to_verify_by_hand()
    {
        string[] reports = (await BuildAsync("web", "FreshWeb", "Web/JobTable.cs")).Reports("FENCE008");

        Assert.Equal(2, reports.Length);
        Assert.Contains("HttpContext.RequestAborted", reports[0], StringComparison.Ordinal);
        Assert.Contains("ILogger.IsEnabled", reports[1], StringComparison.Ordinal);
    }

    private async Task<CommandResult> BuildAsync(string template, string name, string source)
    {
        (await workspace.DotNetAsync("new", template, "--output", name, "--no-restore")).Succeeded();
        string file = Path.Combine(name, name + ".csproj");
        string project = await File.ReadAllTextAsync(workspace.PathOf(file));
        workspace.Write(file, project.Replace("</Project>", Sources.Reference + "</Project>", StringComparison.Ordinal));
        string code = Repository.PathOf("tests", "FenceSafety.Package.Tests", "Projects", source);
        workspace.Write(Path.Combine(name, Path.GetFileName(source)), await File.ReadAllTextAsync(code));

        // A build prints warnings, and no suggestions.
        workspace.Write(Path.Combine(name, ".globalconfig"), "is_global = true\ndotnet_diagnostic.FENCE008.severity = warning\n");
        return (await workspace.BuildAsync(name)).Succeeded();
    }
}
