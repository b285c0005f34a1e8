using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;
using FenceSafety.Package.Tests.Harness;

namespace FenceSafety.Package.Tests;

[Collection(PackagedCollection.Name)]
public sealed class PackageContentTests(Workspace workspace)
{
    private const string AnalyzerFolder = "analyzers/dotnet/roslyn4.14/cs/";

    private static readonly Version RoslynVersion = new(4, 14, 0, 0);

    [Fact]
    public void Analyzers_package_has_exactly_these_files() => Assert.Equal(
        [
            "FenceSafety.Analyzers.nuspec",
            "LICENSE",
            "README.md",
            AnalyzerFolder + "FenceSafety.Analyzers.dll",
            AnalyzerFolder + "FenceSafety.CodeFixes.dll",
            AnalyzerFolder + "FenceSafety.Core.dll",
            "buildTransitive/FenceSafety.Analyzers.targets",
            "buildTransitive/modes/critical-only.globalconfig",
            "buildTransitive/modes/default.globalconfig",
            "buildTransitive/modes/realtime.globalconfig",
            "buildTransitive/modes/strict.globalconfig",
            "lib/netstandard2.0/FenceSafety.Annotations.dll",
            "lib/netstandard2.0/FenceSafety.Annotations.xml",
        ],
        Files("FenceSafety.Analyzers"));

    [Fact]
    public void Annotations_package_has_exactly_these_files() => Assert.Equal(
        [
            "FenceSafety.Annotations.nuspec",
            "LICENSE",
            "README.md",
            "lib/netstandard2.0/FenceSafety.Annotations.dll",
            "lib/netstandard2.0/FenceSafety.Annotations.xml",
        ],
        Files("FenceSafety.Annotations"));

    [Theory]
    [InlineData("FenceSafety.Analyzers")]
    [InlineData("FenceSafety.Annotations")]
    public void Package_depends_on_nothing_and_is_no_development_dependency(string id)
    {
        using var package = Open(id);
        using var stream = package.GetEntry($"{id}.nuspec")!.Open();
        var elements = XDocument.Load(stream).Descendants().ToLookup(element => element.Name.LocalName);

        Assert.Equal(id, Assert.Single(elements["id"]).Value);
        Assert.Equal(Workspace.Version, Assert.Single(elements["version"]).Value);
        Assert.Equal("MIT", Assert.Single(elements["license"]).Value);
        Assert.Equal("README.md", Assert.Single(elements["readme"]).Value);
        Assert.Empty(elements["dependency"]);

        // It would hide lib/, and with it the attributes, from the user (CS0246).
        Assert.Empty(elements["developmentDependency"]);
    }

    /// <summary>Anything else would have to be in the package, and what the compiler has in another version is a load failure.</summary>
    [Fact]
    public void Analyzer_assemblies_refer_to_each_other_and_to_what_the_oldest_compiler_has()
    {
        using var package = Open("FenceSafety.Analyzers");
        var assemblies = package.Entries.Where(entry => entry.FullName.StartsWith(AnalyzerFolder, StringComparison.Ordinal)).ToList();
        Assert.Equal(3, assemblies.Count);
        foreach (var assembly in assemblies)
        {
            foreach (var (name, version) in References(assembly))
            {
                // Roslyn 4.14 for netstandard2.0 comes with System.Memory.
                var known = name is "netstandard" or "System.Memory" or "System.Collections.Immutable" or "System.Composition.AttributedModel"
                    || name.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal)
                    || assemblies.Any(other => other.Name == name + ".dll");
                Assert.True(known, $"{assembly.Name} needs {name}, which is neither in the package nor in the compiler.");
                if (name.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal))
                    Assert.Equal(RoslynVersion, version);

                // The command-line compiler has no workspaces: only the code fixes, which it never runs, may use them.
                if (name.EndsWith(".Workspaces", StringComparison.Ordinal))
                    Assert.Equal("FenceSafety.CodeFixes.dll", assembly.Name);
            }
        }
    }

    private static List<(string Name, Version Version)> References(ZipArchiveEntry assembly)
    {
        using var content = new MemoryStream();
        using (var stream = assembly.Open())
            stream.CopyTo(content);
        content.Position = 0;
        using var file = new PEReader(content);
        var metadata = file.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(metadata.GetAssemblyReference).Select(reference => (metadata.GetString(reference.Name), reference.Version))];
    }

    private string[] Files(string id)
    {
        using var package = Open(id);
        return
        [
            .. package.Entries.Select(entry => entry.FullName)
                .Where(name => name is not ("_rels/.rels" or "[Content_Types].xml") && !name.EndsWith(".psmdcp", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
        ];
    }

    private ZipArchive Open(string id) => ZipFile.OpenRead(Path.Combine(workspace.Feed, $"{id}.{Workspace.Version}.nupkg"));
}
