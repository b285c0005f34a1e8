using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FenceSafety.Analyzers.Tests.Framework;

/// <summary>One line of the framework summary.</summary>
/// <param name="Number">Line number, counted from 1.</param>
sealed record FrameworkLine(int Number, string Id, string[] Effects, string Reason);

/// <summary>The framework summary as the analyzer embeds it, and a strict reader that names every mistake in it.</summary>
static class FrameworkFile
{
    public const string Header = "fencesum 1 framework net10.0";

    static readonly HashSet<string> Kinds =
        ["object", "array", "string", "boxing", "closure", "delegate", "enumerator", "iterator", "task", "linq", "collection", "other"];

    static readonly Lazy<CSharpCompilation> LazyReferences =
        new(() => CSharpCompilation.Create("references", references: ReferenceAssemblies()));

    public static CSharpCompilation References => LazyReferences.Value;

    public static string Text()
    {
        using var stream = Assembly.Load("FenceSafety.Analyzers").GetManifestResourceStream("Framework.fencesum");
        Assert.True(stream is not null, "FenceSafety.Analyzers embeds no resource 'Framework.fencesum'.");
        return new StreamReader(stream).ReadToEnd();
    }

    /// <summary>The lines of <paramref name="text"/>; what is wrong with it goes to <paramref name="problems"/>.</summary>
    public static List<FrameworkLine> Read(string text, List<string> problems)
    {
        var lines = new List<FrameworkLine>();
        string[] all = text.Split('\n');
        if (all[0] != Header)
            problems.Add($"1: the first line is not '{Header}'");
        if (text.Contains('\r') || !text.EndsWith('\n'))
            problems.Add("lines end in LF, the last one too");
        for (int i = 1; i < all.Length; i++)
        {
            if (all[i].Length == 0 || all[i][0] == '#')
                continue;
            string[] fields = all[i].Split("; ");
            if (fields.Length != 3 || fields.Any(string.IsNullOrWhiteSpace) || all[i] != all[i].Trim())
                problems.Add($"{i + 1}: not 'id; effects; reason': {all[i]}");
            else
                lines.Add(new FrameworkLine(i + 1, fields[0], fields[1].Split(','), fields[2]));
        }
        foreach (var line in lines)
            CheckEffects(line, problems);
        return lines;
    }

    /// <summary>The symbol of a line, if the id is exactly that of a visible definition in the .NET 10 reference assemblies.</summary>
    public static ISymbol? Resolve(FrameworkLine line)
    {
        var symbol = DocumentationCommentId.GetFirstSymbolForDeclarationId(line.Id, References);
        return symbol is IMethodSymbol or IPropertySymbol or INamedTypeSymbol
            && symbol.GetDocumentationCommentId() == line.Id
            && symbol.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal
            ? symbol
            : null;
    }

    /// <summary>The effects that count for a member: its own line, else its property's, else its type's; else null.</summary>
    public static string? Find(IReadOnlyDictionary<string, string> effects, IMethodSymbol method) =>
        new ISymbol?[] { method, method.AssociatedSymbol, method.ContainingType }
            .Select(s => s?.OriginalDefinition.GetDocumentationCommentId())
            .Where(id => id is not null)
            .Select(id => effects.GetValueOrDefault(id!))
            .FirstOrDefault(e => e is not null);

    static void CheckEffects(FrameworkLine line, List<string> problems)
    {
        string joined = string.Join(',', line.Effects);
        foreach (string effect in line.Effects)
        {
            string argument = effect[(effect.IndexOf(':') + 1)..];
            bool known = effect is "safe" or "growth" or "waits" or "unknown"
                || (effect.StartsWith("managed:", StringComparison.Ordinal) && Kinds.Contains(argument))
                || (effect.StartsWith("invokes:", StringComparison.Ordinal) && int.TryParse(argument, out int i) && i >= 0);
            if (!known)
                problems.Add($"{line.Number}: no such effect: '{effect}'");
        }
        if (line.Effects.Length > 1 && line.Effects.Any(e => e is "safe" or "waits"))
            problems.Add($"{line.Number}: 'safe' and 'waits' stand alone: {joined}");
        if (line.Effects.Distinct().Count() != line.Effects.Length
            || line.Effects.Count(e => e == "growth" || e.StartsWith("managed:", StringComparison.Ordinal)) > 1)
            problems.Add($"{line.Number}: an effect twice: {joined}");
    }

    /// <summary>The targeting packs that come with the SDK, beside the runtime that runs the test.</summary>
    static IEnumerable<MetadataReference> ReferenceAssemblies()
    {
        string root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", ".."));
        return new[] { "Microsoft.NETCore.App.Ref", "Microsoft.AspNetCore.App.Ref" }.SelectMany(name => Pack(Path.Combine(root, "packs", name)));
    }

    static IEnumerable<MetadataReference> Pack(string packs)
    {
        string? pack = Directory.Exists(packs)
            ? Directory.GetDirectories(packs, "10.*").Order(StringComparer.Ordinal).LastOrDefault()
            : null;
        Assert.True(pack is not null, $"No targeting pack of .NET 10 in '{packs}': install the .NET 10 SDK, which brings it.");
        return Directory.GetFiles(Path.Combine(pack, "ref", "net10.0"), "*.dll").Select(f => MetadataReference.CreateFromFile(f));
    }
}
