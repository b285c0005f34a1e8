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
}
