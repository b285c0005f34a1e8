using System.IO.Compression;
using System.Reflection;
using System.Xml.Linq;
using FenceSafety.Package.Tests.Harness;

namespace FenceSafety.Package.Tests;

[Collection(PackagedCollection.Name)]
public sealed class AnnotationDocumentationTests(Workspace workspace)
{
    [Fact]
    public void Every_public_member_is_described_and_every_attribute_has_one_example()
    {
        using var package = ZipFile.OpenRead(Path.Combine(workspace.Feed, $"FenceSafety.Annotations.{Workspace.Version}.nupkg"));
        var assembly = Assembly.Load(Read(package, "lib/netstandard2.0/FenceSafety.Annotations.dll"));
        using var content = new MemoryStream(Read(package, "lib/netstandard2.0/FenceSafety.Annotations.xml"));
        var documented = XDocument.Load(content).Descendants("member").ToDictionary(member => member.Attribute("name")!.Value);

        var attributes = assembly.GetExportedTypes().Where(type => type.IsSubclassOf(typeof(Attribute))).ToList();
        Assert.Equal(20, attributes.Count);
        foreach (var attribute in attributes)
        {
            Assert.Equal("FenceSafety", attribute.Namespace);
            Assert.True(attribute.IsSealed, $"{attribute.Name} is not sealed.");
            Assert.True(attribute.IsDefined(typeof(AttributeUsageAttribute)), $"{attribute.Name} does not say where it may stand.");
            var example = Assert.Single(documented[$"T:{attribute.FullName}"].Elements("example"));
            Assert.Contains(attribute.Name[..^"Attribute".Length], example.Value, StringComparison.Ordinal);
            AssertDescribed($"T:{attribute.FullName}");
            foreach (var property in attribute.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
                AssertDescribed($"P:{attribute.FullName}.{property.Name}");
        }

        void AssertDescribed(string id) => Assert.False(
            string.IsNullOrWhiteSpace(documented.GetValueOrDefault(id)?.Element("summary")?.Value),
            $"{id} has no summary.");
    }

    private static byte[] Read(ZipArchive package, string name)
    {
        using var stream = package.GetEntry(name)!.Open();
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
