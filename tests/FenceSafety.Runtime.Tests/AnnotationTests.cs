using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace FenceSafety.Runtime.Tests;

/// <summary>The runtime is checked by the analyzer with every rule as an error, and takes nothing out of that check.</summary>
public sealed partial class AnnotationTests
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Fact]
    public void Only_the_hardware_is_trusted()
    {
        var trusted = Members()
            .Where(member => member.GetCustomAttributesData().Any(data => data.AttributeType == typeof(AssumeFenceSafeAttribute)))
            .Select(member => member.DeclaringType ?? (Type)member);
        Assert.Equal([typeof(IGpuDevice)], trusted.Distinct());
    }

    [Fact]
    public void All_of_the_hardware_is_trusted() => Assert.All(
        typeof(IGpuDevice).GetMethods(), member => Assert.True(member.IsDefined(typeof(AssumeFenceSafeAttribute)), member.Name));

    [Fact]
    public void What_must_be_critical_is() => Assert.All(
        ["ExecuteMap", "UnmapPages", "ProtectPages"],
        name => Assert.True(typeof(Runtime.VirtualMemory.Vmm).GetMethod(name)!.IsDefined(typeof(FenceCriticalAttribute)), name));

    [Fact]
    public void Every_rule_is_an_error()
    {
        var errors = File.ReadLines(Path.Combine(Project(), ".globalconfig"))
            .Select(line => Severity().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value);
        Assert.Equal(Enumerable.Range(1, 16).Select(number => $"FENCE{number:000}"), errors.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Nothing_is_suppressed()
    {
        string[] files = [.. Directory.EnumerateFiles(Project(), "*", SearchOption.AllDirectories)
            .Where(path => Path.GetExtension(path) is ".cs" or ".csproj" or ".editorconfig" or ".txt")
            .Where(path => !Generated().IsMatch(Path.GetRelativePath(Project(), path)))];
        Assert.Contains(files, path => Path.GetFileName(path) == "IGpuDevice.cs");
        Assert.All(files, path => Assert.DoesNotMatch(Suppression(), File.ReadAllText(path)));
    }

    [Theory]
    [InlineData("#pragma warning disable FENCE011")]
    [InlineData("#pragma warning disable")]
    [InlineData("[SuppressMessage(\"FenceSafety\", \"FENCE001\")]")]
    [InlineData("<NoWarn>FENCE002</NoWarn>")]
    [InlineData("dotnet_diagnostic.FENCE008.severity = none")]
    public void A_suppression_would_be_found(string text) => Assert.Matches(Suppression(), text);

    private static IEnumerable<MemberInfo> Members() =>
        from type in typeof(IGpuDevice).Assembly.GetTypes()
        from member in type.GetMembers(Declared).Prepend(type)
        select member;

    private static string Project([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../runtime/FenceSafety.Runtime"));

    [GeneratedRegex(@"^dotnet_diagnostic\.(FENCE\d{3})\.severity = error$")]
    private static partial Regex Severity();

    [GeneratedRegex(@"^(bin|obj)[/\\]")]
    private static partial Regex Generated();

    [GeneratedRegex(
        @"#pragma\s+warning\s+disable(\s*$|.*FENCE)|SuppressMessage|NoWarn|FENCE\d+\.severity|fence_safety\.",
        RegexOptions.Multiline)]
    private static partial Regex Suppression();
}
