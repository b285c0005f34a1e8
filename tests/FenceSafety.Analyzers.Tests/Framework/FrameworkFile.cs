using System.Globalization;
using System.Reflection;
using FenceSafety.Core.Summaries.External;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FenceSafety.Analyzers.Tests.Framework;

/// <summary>The framework summary as the analyzer embeds it, and the reference assemblies that it speaks of.</summary>
static class FrameworkFile
{
    static readonly Lazy<CSharpCompilation> LazyReferences =
        new(() => CSharpCompilation.Create("references", references: ReferenceAssemblies()));

    static readonly Lazy<SummaryFile> LazyFile = new(() => SummaryFile.Open(Bytes()));

    public static CSharpCompilation References => LazyReferences.Value;

    /// <summary>Opened with all checks, as a file of a stranger is.</summary>
    public static SummaryFile File => LazyFile.Value;

    public static byte[] Bytes()
    {
        using var stream = Assembly.Load("FenceSafety.Analyzers").GetManifestResourceStream("Framework.fencesum");
        Assert.True(stream is not null, "FenceSafety.Analyzers embeds no resource 'Framework.fencesum'.");
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>The effects of a member as reviewed lines spell them; null: no line, unknown.</summary>
    public static string? Find(string id)
    {
        if (File.Find(id, out string? problem) is not { } member)
        {
            Assert.Null(problem);
            return null;
        }
        var closed = ClosedMember.Of(member);
        if (closed.Waits)
            return "waits";
        var words = new List<string>();
        if (closed.Managed is not null)
            words.Add(closed.Managed == "growth" ? "growth" : "managed:" + closed.Managed);
        words.AddRange(closed.Invokes.Select(i => "invokes:" + i.ToString(CultureInfo.InvariantCulture)));
        if (closed.CallsBack)
            words.Add("unknown");
        return words.Count == 0 ? "safe" : string.Join(',', words);
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
