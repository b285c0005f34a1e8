namespace FenceSafety.Package.Tests.Harness;

/// <summary>The code blocks of the repository's README.</summary>
internal sealed class Readme
{
    private readonly List<(string Before, string[] Lines)> _blocks = [];

    public static Readme Load()
    {
        var readme = new Readme();
        var before = "";
        List<string>? block = null;
        foreach (var line in File.ReadLines(Repository.PathOf("README.md")))
        {
            var fence = line.StartsWith("```", StringComparison.Ordinal);
            if (fence && block is null)
            {
                block = [];
            }
            else if (fence)
            {
                readme._blocks.Add((before, [.. block!]));
                block = null;
            }
            else if (block is not null)
            {
                block.Add(line);
            }
            else
            {
                before = line;
            }
        }

        return readme;
    }

    /// <summary>The block whose first line is a comment with this file name, that line included.</summary>
    public string Source(string fileName) =>
        string.Join('\n', Assert.Single(_blocks, block => block.Lines.FirstOrDefault() == $"// {fileName}").Lines) + "\n";

    /// <summary>The lines of the block below this HTML comment.</summary>
    public string[] Output(string comment) => Assert.Single(_blocks, block => block.Before == $"<!-- {comment} -->").Lines;
}
