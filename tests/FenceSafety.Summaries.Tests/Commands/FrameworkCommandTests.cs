using FenceSafety.Summaries.Commands;

namespace FenceSafety.Summaries.Tests.Commands;

/// <summary>The framework command with folders that are no runtime, as somebody would give it by mistake.</summary>
public sealed class FrameworkCommandTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("fence-framework-command-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    (int Exit, string Output, string Error) Run(params string[] more)
    {
        string none = Path.Combine(_folder, "none.txt");
        File.WriteAllText(none, "# no line\n");
        var (output, error) = (new StringWriter(), new StringWriter());
        int exit = EntryPoint.Run(["framework", "--folder", _folder, "--overrides", none, .. more], output, error);
        return (exit, output.ToString(), error.ToString());
    }

    [Fact]
    public void A_folder_without_assemblies_is_no_framework()
    {
        string to = Path.Combine(_folder, "Out.fencesum");
        var (exit, _, error) = Run("--output", to);

        Assert.Equal(1, exit);
        Assert.Equal($"error: {_folder} has no managed assembly; --folder needs a folder with the implementation assemblies of a runtime", error.Trim());
        Assert.False(File.Exists(to));
    }

    [Fact]
    public void Assemblies_that_are_damaged_are_named_and_the_others_read()
    {
        byte[] good = Il.Compile("namespace N { public class C { public static object Make() => new object(); public static int One() => 1; } }");
        File.WriteAllBytes(Path.Combine(_folder, "Lib.dll"), good);
        File.WriteAllBytes(Path.Combine(_folder, "Cut.dll"), good[..(good.Length / 3)]);
        string lines = Path.Combine(_folder, "lines.txt");
        var (exit, output, error) = Run("--lines", lines);

        Assert.Equal(0, exit);
        Assert.StartsWith("1 assemblies, ", output, StringComparison.Ordinal);
        Assert.Contains("warning: " + Path.Combine(_folder, "Cut.dll"), error, StringComparison.Ordinal);
        Assert.DoesNotContain("Lib.dll", error, StringComparison.Ordinal);
        string[] written = File.ReadAllLines(lines);
        // The constructor of object is in no assembly here.
        Assert.Contains("M:N.C.Make; managed:object,unknown", written);
        Assert.Contains("M:N.C.One; safe", written);
    }
}
