namespace FenceSafety.Lowering.Tests;

/// <summary>What the runtime counts for a construct, and how the analyzer's answer may differ.</summary>
public enum Measured
{
    Allocates,
    Sometimes,
    Nothing,
    Elided,
    Once,
    Cached,
    Room,
    AtOnce,
}

/// <summary>A row of Lowering.table.</summary>
/// <param name="Kinds">The kinds of FENCE011 that are reported, sorted; empty for none.</param>
public sealed record LoweringRow(string Name, IReadOnlyList<string> Kinds, Measured Measured, string Statements, string Members)
{
    public static IReadOnlyList<LoweringRow> Read()
    {
        var rows = new List<LoweringRow>();
        foreach (string block in ("\n" + Resource("Lowering.table")).Split("\n= ").Skip(1))
        {
            string[] lines = block.Split('\n');
            string[] head = lines[0].Split(" | ");
            if (head.Length != 3)
                throw new InvalidDataException($"'= {lines[0]}' is not '= name | kinds, or - | what is measured'.");
            if (!Enum.TryParse(head[2].Replace(" ", "", StringComparison.Ordinal), ignoreCase: true, out Measured measured))
                throw new InvalidDataException($"'{head[2]}' of '{head[0]}' is none of {string.Join(", ", Enum.GetNames<Measured>())}.");
            var code = lines.Skip(1).Where(line => !line.StartsWith('#')).ToLookup(line => line.StartsWith("+ ", StringComparison.Ordinal));
            rows.Add(new LoweringRow(
                head[0],
                head[1] == "-" ? [] : [.. head[1].Split(", ").Order(StringComparer.Ordinal)],
                measured,
                string.Join('\n', code[false]),
                string.Join('\n', code[true].Select(line => line[2..]))));
        }

        return rows;
    }

    public static string Resource(string name)
    {
        using var stream = typeof(LoweringRow).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The resource {name} is missing.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
