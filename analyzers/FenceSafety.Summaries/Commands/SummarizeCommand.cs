using FenceSafety.Core.Summaries.External;
using FenceSafety.Summaries.Metadata;
using FenceSafety.Summaries.Program;

namespace FenceSafety.Summaries.Commands;

/// <summary>One assembly to one summary file.</summary>
static class SummarizeCommand
{
    /// <summary>Bytes of stack: the metadata reader recurses on nested signatures.</summary>
    const int Stack = 256 << 20;

    /// <summary>Seconds: an assembly that takes longer is too large for one summary; measured: hundreds of kilobytes of IL take minutes.</summary>
    public const double DefaultTimeout = 600;

    public static int Run(string assembly, string to, IReadOnlyList<string> references, TimeSpan timeout, TimeProvider clock, TextWriter output, TextWriter error)
    {
        int exit = 1;
        var thread = new Thread(() => exit = Guarded(assembly, to, references, timeout, clock, output, error), Stack);
        thread.Start();
        thread.Join();
        return exit;
    }

    static int Guarded(string assembly, string to, IReadOnlyList<string> references, TimeSpan timeout, TimeProvider clock, TextWriter output, TextWriter error)
    {
        try
        {
            return Summarize(assembly, to, references, timeout, clock, output, error);
        }
        catch (BadAssemblyException e)
        {
            error.WriteLine("error: " + e.Message);
        }
        catch (OperationCanceledException)
        {
            error.WriteLine(FormattableString.Invariant($"error: {assembly}: is too large to be summarised within {timeout.TotalSeconds} seconds (--timeout); no summary is written, its members stay unknown"));
        }
        catch (Exception e) when (e is BadImageFormatException or InvalidOperationException or ArgumentException or IndexOutOfRangeException or OverflowException
            or InvalidCastException or KeyNotFoundException or NullReferenceException)
        {
            error.WriteLine($"error: {assembly}: its metadata is damaged or made to confuse readers ({e.GetType().Name}: {e.Message}); no summary is written, its members stay unknown");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"error: {to}: cannot be written: {e.Message}");
        }
        return 1;
    }

    static int Summarize(string path, string to, IReadOnlyList<string> references, TimeSpan timeout, TimeProvider clock, TextWriter output, TextWriter error)
    {
        using var world = new World();
        foreach (string reference in references)
        {
            if (!File.Exists(reference))
                throw new BadAssemblyException(reference, "does not exist; --reference needs an assembly file");
            world.AddPath(reference);
        }
        if (!File.Exists(path))
            throw new BadAssemblyException(path, "does not exist; an assembly file (.dll or .exe) is needed");
        string own = Path.GetDirectoryName(Path.GetFullPath(path))!;
        world.AddFolder(own);
        world.Neighbours = new Neighbours(own);
        foreach (string folder in Runtime.Folders)
            world.AddFolder(folder);
        using var assembly = world.Add(ManagedAssembly.Open(path, world));
        if (assembly.IsReference)
            throw new BadAssemblyException(path, "is a reference assembly and has no bodies; summarise the implementation, which the build copies beside the application");
        if (assembly.IsMixed)
            error.WriteLine($"warning: {path}: contains native code; members that are native stay unknown");

        using var limit = new CancellationTokenSource(timeout, clock);
        var program = new IlProgram(world, assembly, FrameworkContracts.Shipped());
        var made = ExternalSummaryBuilder.Build(
            program, assembly.Name, assembly.Mvid, "il", program.VisibleMembers, limit.Token);
        limit.Token.ThrowIfCancellationRequested();
        byte[] bytes = SummaryWriter.Write(made);
        foreach (var (body, cause) in program.Damaged)
            error.WriteLine($"warning: {path}: {body} cannot be read ({cause}); it stays unknown");
        foreach (string missing in world.Missing.Except(["System.Private.CoreLib"]))
            error.WriteLine($"warning: {path}: the assembly {missing} is not at hand (--reference names one); types of it are known by their names alone");
        foreach (string found in world.Neighbours.Found)
            error.WriteLine($"note: {path}: {Path.GetFileNameWithoutExtension(found)} is taken from {found}");
        foreach (string damaged in world.Damaged)
            error.WriteLine("warning: " + damaged);
        Write(to, bytes);
        output.WriteLine($"{to}: {made.Members.Length} members, {made.Bodies.Length} bodies with edges, {bytes.Length} bytes");
        return 0;
    }

    /// <summary>Whole or not at all.</summary>
    static void Write(string to, byte[] bytes)
    {
        string temporary = to + ".tmp";
        File.WriteAllBytes(temporary, bytes);
        File.Move(temporary, to, overwrite: true);
    }
}

/// <summary>The implementation assemblies of the runtime that this program runs on.</summary>
static class Runtime
{
    public static IReadOnlyList<string> Folders
    {
        get
        {
            string core = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
            string? shared = Path.GetDirectoryName(Path.GetDirectoryName(core));
            string web = Path.Combine(shared ?? "", "Microsoft.AspNetCore.App", Path.GetFileName(core));
            return Directory.Exists(web) ? [core, web] : [core];
        }
    }
}
