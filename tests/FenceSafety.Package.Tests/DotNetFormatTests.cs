using FenceSafety.Package.Tests.Harness;

namespace FenceSafety.Package.Tests;

/// <summary>The code fixes in the package are found and applied by the command line, which loads them as an IDE does.</summary>
[Collection(PackagedCollection.Name)]
public sealed class DotNetFormatTests(Workspace workspace)
{
    private const string Allocation = "var page = new Page(PageAllocator.Allocate());";

    [Fact]
    public async Task Format_hoists_an_allocation_out_of_a_lock()
    {
        workspace.WriteProject("Format", Sources.Reference);
        workspace.Write("Format/Table.cs", $$"""
            using FenceSafety;

            namespace Format;

            public readonly record struct Page(int Number);

            public sealed class Table
            {
                private readonly object _gate = new();
                private Page _first;

                public void Add()
                {
                    lock (_gate)
                    {
                        {{Allocation}}
                        _first = page;
                    }
                }

                [FenceCritical]
                public Page Run()
                {
                    lock (_gate)
                        return _first;
                }
            }

            public static class PageAllocator
            {
                [MayAllocate]
                public static int Allocate() => 0;
            }

            """);

        var before = (await workspace.BuildAsync("Format")).Succeeded();
        Assert.Contains("Table.cs(16,", Assert.Single(before.Reports("FENCE004")), StringComparison.Ordinal);

        (await workspace.DotNetAsync("format", "analyzers", "Format/Format.csproj", "--diagnostics", "FENCE004", "--severity", "warn", "--no-restore"))
            .Succeeded();

        var code = await File.ReadAllTextAsync(workspace.PathOf("Format/Table.cs"));
        var body = code[code.IndexOf("Add()", StringComparison.Ordinal)..];
        Assert.InRange(
            body.IndexOf(Allocation, StringComparison.Ordinal),
            0,
            body.IndexOf("lock (_gate)", StringComparison.Ordinal));
        (await workspace.BuildAsync("Format")).Succeeded().ReportsNothing();
    }

    /// <summary>To vouch for code, or to declare it otherwise, is for a person: no batch does it.</summary>
    [Fact]
    public async Task Format_silences_nothing()
    {
        const string Silent = """
            using System.Runtime.InteropServices;
            using FenceSafety;

            namespace Silent;

            public sealed class Doorbell
            {
                [DllImport("gpu")]
                private static extern void Ring();

                [FenceCritical]
                public void Run() => Ring();
            }

            public static class PageAllocator
            {
                public static object Page() => Allocate();

                [MayAllocate]
                public static object Allocate() => new();
            }

            """;
        workspace.WriteProject("Silent", Sources.Reference);
        workspace.Write("Silent/Doorbell.cs", Silent);
        workspace.Write("Silent/.editorconfig", "[*.cs]\ndotnet_diagnostic.FENCE008.severity = warning\ndotnet_diagnostic.FENCE012.severity = warning\n");

        var before = (await workspace.BuildAsync("Silent")).Succeeded();
        Assert.Single(before.Reports("FENCE008"));
        Assert.Single(before.Reports("FENCE012"));

        var format = (await workspace.DotNetAsync(
            "format", "analyzers", "Silent/Silent.csproj", "--diagnostics", "FENCE008", "FENCE012", "--severity", "info", "--no-restore", "--verbosity", "detailed"))
            .Succeeded();

        // It found the fixes, and may not use them.
        Assert.Contains("Unable to fix FENCE008. Code fix AssumeFenceSafeCodeFixProvider doesn't support Fix All", format.Output, StringComparison.Ordinal);
        Assert.Contains("Unable to fix FENCE012. Code fix MayAllocateCodeFixProvider doesn't support Fix All", format.Output, StringComparison.Ordinal);
        Assert.Equal(Silent, await File.ReadAllTextAsync(workspace.PathOf("Silent/Doorbell.cs")));
    }
}
