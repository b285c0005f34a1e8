namespace FenceSafety.Analyzers.Tests.Documentation;

/// <summary>An example of the documentation: a line whose comment is an ID has that diagnostic, and no other line has any.</summary>
static class Example
{
    /// <summary>The IDs by line, from one.</summary>
    public static IEnumerable<(int Line, string Id)> Expected(string code)
        => code.Split('\n')
            .Select((text, index) => (Line: index + 1, Comment: text.LastIndexOf("// FENCE", StringComparison.Ordinal), Text: text))
            .Where(line => line.Comment >= 0)
            .Select(line => (line.Line, line.Text[(line.Comment + 3)..].Trim()));
}
