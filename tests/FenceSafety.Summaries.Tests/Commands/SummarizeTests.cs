using System.Text;
using FenceSafety.Core.Summaries.External;
using FenceSafety.Summaries.Commands;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace FenceSafety.Summaries.Tests.Commands;

/// <summary>The command line: what it writes, and what it says of input that it cannot use.</summary>
public sealed class SummarizeTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("fence-summaries-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    const string Pool = """
        public class Pool
        {
            public readonly object Gate = new();
            public void Refill() { lock (Gate) Heap.Get(); }
            public static void Call(Action a) => a();
            public bool TryTake() => Monitor.TryEnter(Gate);
        }
        """ + Il.Allocator;

    string File(string name, byte[] bytes)
    {
        string path = Path.Combine(_folder, name);
        System.IO.File.WriteAllBytes(path, bytes);
        return path;
    }

    (int Exit, string Output, string Error) Run(params string[] args)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        int exit = EntryPoint.Run(args, output, error);
        return (exit, output.ToString(), error.ToString());
    }

    (int Exit, string Error, byte[]? Written) Summarize(string path)
    {
        string to = Path.Combine(_folder, "out.fencesum");
        System.IO.File.Delete(to);
        var (exit, _, error) = Run("summarize", path, "--output", to);
        return (exit, error, System.IO.File.Exists(to) ? System.IO.File.ReadAllBytes(to) : null);
    }

    [Fact]
    public void A_summary_says_what_callers_see()
    {
        var (exit, error, written) = Summarize(File("Lib.dll", Il.Compile(Pool)));
        Assert.Equal((0, ""), (exit, error));
        var summary = SummaryFile.Open(written!);
        Assert.Equal("Lib", summary.Name);
        Assert.NotNull(summary.Find("M:Pool.Refill", out _));
        Assert.Null(summary.Find("M:Heap.Get", out _));
        Assert.True(summary.Find("M:Pool.TryTake~System.Boolean", out _)!.Signature.ChangesLocks);
        Assert.Contains(summary.Find("M:Pool.Call(System.Action)", out _)!.Summary.Reaches, static r => r.Sink is FenceSafety.Core.Summaries.Sink.Invoke);
        Assert.Contains(summary.Bodies(out string? problem), static b => b.Id == "M:Pool.Refill" && b.Edges.Any(static e => e.From?.Name == "Pool.Gate"));
        Assert.Null(problem);
    }

    [Fact]
    public void Equal_input_gives_equal_bytes()
    {
        string path = File("Lib.dll", Il.Compile(Pool));
        Assert.Equal(Summarize(path).Written, Summarize(path).Written);
        // The same source once more is the same assembly.
        Assert.Equal(Summarize(path).Written, Summarize(File("Lib.dll", Il.Compile(Pool))).Written);
    }

    [Fact]
    public void Unoptimised_code_means_the_same()
    {
        string[] Lines(OptimizationLevel level) => [.. Encoding.UTF8.GetString(Summarize(File("Lib.dll", Il.Compile(Pool, level))).Written!).Split('\n').Skip(1)
            .Where(static l => l.StartsWith("M:Pool.Call", StringComparison.Ordinal) || l.StartsWith("M:Pool.TryTake", StringComparison.Ordinal))];
        Assert.Equal(Lines(OptimizationLevel.Release), Lines(OptimizationLevel.Debug));
        Assert.Equal(2, Lines(OptimizationLevel.Debug).Length);
    }

    [Fact]
    public void A_file_that_is_not_there() => Refused(Path.Combine(_folder, "Nowhere.dll"), "does not exist");

    [Fact]
    public void An_empty_file() => Refused(File("Empty.dll", []), "is empty");

    [Fact]
    public void A_text() => Refused(File("Text.dll", "no assembly at all"u8.ToArray()), "is no managed assembly");

    [Fact]
    public void A_native_library()
    {
        // A PE image whose CLI header is gone is a native one.
        byte[] image = Il.Compile(Pool);
        int pe = BitConverter.ToInt32(image, 0x3c);
        bool wide = BitConverter.ToUInt16(image, pe + 24) == 0x20b;
        Array.Clear(image, pe + 24 + (wide ? 112 : 96) + 14 * 8, 8);
        Refused(File("Native.dll", image), "native image without managed metadata");
    }

    [Fact]
    public void A_module_without_a_manifest()
    {
        var compilation = CSharpCompilation.Create("M", [CSharpSyntaxTree.ParseText("class C { }")],
            [MetadataReference.CreateFromFile(typeof(object).Assembly.Location)], new CSharpCompilationOptions(OutputKind.NetModule));
        var image = new MemoryStream();
        Assert.True(compilation.Emit(image).Success);
        Refused(File("M.netmodule", image.ToArray()), "without an assembly manifest");
    }

    [Fact]
    public void A_reference_assembly_has_no_bodies()
    {
        var image = new MemoryStream();
        Assert.True(Il.Compilation("public class C { public void M() { } }").Emit(image, options: new EmitOptions(metadataOnly: true, includePrivateMembers: false)).Success);
        Refused(File("Ref.dll", image.ToArray()), "is a reference assembly");
    }

    void Refused(string path, string cause)
    {
        var (exit, error, written) = Summarize(path);
        Assert.Equal(1, exit);
        Assert.Null(written);
        Assert.Contains(Path.GetFileName(path), error, StringComparison.Ordinal);
        Assert.Contains(cause, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mixed_mode_assembly_is_summarised_but_for_its_native_members()
    {
        // What is not marked as IL alone has native code; none of the methods of this one are native.
        byte[] image = Il.Compile(Pool);
        var headers = new System.Reflection.PortableExecutable.PEHeaders(new MemoryStream(image));
        image[headers.CorHeaderStartOffset + 16] &= 0xfe;
        var (exit, error, written) = Summarize(File("Mixed.dll", image));
        Assert.Equal(0, exit);
        Assert.Contains("Mixed.dll: contains native code; members that are native stay unknown", error, StringComparison.Ordinal);
        Assert.NotNull(SummaryFile.Open(written!).Find("M:Pool.Refill", out _));
    }

    [Fact]
    public void A_native_method_stays_unknown()
    {
        var (exit, _, written) = Summarize(File("Lib.dll", Il.Compile(
            "public static class C { [System.Runtime.InteropServices.DllImport(\"x\")] public static extern void Native(); public static void Call() => Native(); }")));
        Assert.Equal(0, exit);
        var summary = SummaryFile.Open(written!);
        Assert.Null(summary.Find("M:C.Native", out _));
        Assert.Contains(summary.Find("M:C.Call", out _)!.Summary.Reaches, static r => r.Sink is FenceSafety.Core.Summaries.Sink.Call or FenceSafety.Core.Summaries.Sink.Effect);
    }

    [Fact]
    public void A_visible_types_initialiser_is_written()
    {
        var (exit, _, written) = Summarize(File("Lib.dll", Il.Compile(
            "public static class Seen { public static readonly object First = Make(); static object Make() { Heap.Get(); return null; } } static class Hidden { public static readonly object First = Seen.First; }" + Il.Allocator)));
        Assert.Equal(0, exit);
        var file = SummaryFile.Open(written!);
        Assert.Contains(file.Find("T:Seen.#cctor", out _)!.Summary.Reaches, static r => r.Sink is FenceSafety.Core.Summaries.Sink.Effect { Kind: FenceSafety.Core.Facts.EffectKind.BlockingAllocation });
        Assert.Null(file.Find("T:Hidden.#cctor", out _));
    }

    const string Initialised = "public static class Once { static Once() { Heap.Get(); } public static void Go() { } } public static class Plain { public static int A = Heap.Number(); public static void Go() { } }";

    const string Number = " public static class Heap { [MayAllocate] public static void Get() { } [MayAllocate] public static int Number() => 1; }";

    [Fact]
    public void A_static_constructor_is_told_from_initialisers_of_fields()
    {
        var (exit, _, written) = Summarize(File("Lib.dll", Il.Compile(Initialised + Number)));
        Assert.Equal(0, exit);
        var file = SummaryFile.Open(written!);
        Assert.True(file.Find("T:Once.#cctor", out _)!.RunsAtCalls);
        Assert.False(file.Find("T:Plain.#cctor", out _)!.RunsAtCalls);
    }

    /// <summary>Whoever reads the summary knows what the other library's initialiser does.</summary>
    [Fact]
    public void A_call_keeps_the_static_constructor_of_another_library()
    {
        byte[] lib = Il.Compile(Initialised + Number);
        string path = File("Low.dll", Il.Compile(
            "public static class Mid { public static void Once() => global::Once.Go(); public static void Plain() => global::Plain.Go(); }", name: "Low", more: MetadataReference.CreateFromImage(lib)));
        string to = Path.Combine(_folder, "out.fencesum");
        Assert.Equal(0, Run("summarize", path, "--output", to, "--reference", File("Lib.dll", lib)).Exit);
        var file = SummaryFile.Open(System.IO.File.ReadAllBytes(to));
        Assert.Contains(file.Find("M:Mid.Once", out _)!.Summary.Reaches, static r => r.Sink is FenceSafety.Core.Summaries.Sink.Call { Method: "T:Once.#cctor" });
        Assert.DoesNotContain(file.Find("M:Mid.Plain", out _)!.Summary.Reaches, static r => r.Sink is FenceSafety.Core.Summaries.Sink.Call { Method: "T:Plain.#cctor" });
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("soon")]
    [InlineData("NaN")]
    [InlineData("100000")]
    public void A_timeout_that_is_no_time_is_refused(string timeout)
    {
        var (exit, _, error) = Run("summarize", File("Lib.dll", Il.Compile(Pool)), "--output", Path.Combine(_folder, "x.fencesum"), "--timeout", timeout);
        Assert.Equal(2, exit);
        Assert.Contains("--timeout", error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_assembly_that_takes_too_long_has_no_summary()
    {
        string to = Path.Combine(_folder, "x.fencesum"), path = File("Lib.dll", Il.Compile(Pool));
        string[] args = ["summarize", path, "--output", to, "--timeout", "30"];
        var error = new StringWriter();
        Assert.Equal(1, EntryPoint.Run(args, TextWriter.Null, error, new TimeIsUp()));
        Assert.Contains("Lib.dll: is too large to be summarised within 30 seconds (--timeout); no summary is written, its members stay unknown", error.ToString(), StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(to));
        Assert.Equal(0, Run(args).Exit);
    }

    /// <summary>A clock by which every time limit is over at once: the test does not race with the command.</summary>
    sealed class TimeIsUp : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            callback(state);
            return System.CreateTimer(static _ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    [Fact]
    public void A_truncated_assembly_never_crashes()
    {
        byte[] image = Il.Compile(Pool);
        for (int length = 1; length < image.Length; length += 97)
        {
            var (exit, error, written) = Summarize(File("Cut.dll", image[..length]));
            Assert.True(exit == 0 ? written is not null : exit == 1 && written is null && error.Contains("Cut.dll", StringComparison.Ordinal), $"{length}: {exit} {error}");
        }
    }

    [Fact]
    public void A_damaged_assembly_never_crashes()
    {
        byte[] image = Il.Compile(Pool);
        var random = new Random(20261121);
        for (int i = 0; i < 150; i++)
        {
            byte[] damaged = [.. image];
            for (int n = random.Next(1, 12); n > 0; n--)
                damaged[random.Next(0x200, damaged.Length)] = (byte)random.Next(256);
            var (exit, error, written) = Summarize(File("Damaged.dll", damaged));
            Assert.True(exit == 0 ? written is not null : exit == 1 && written is null && error.Length > 0, $"{i}: {exit} {error}");
        }
    }

    [Fact]
    public void A_body_that_is_no_IL_is_unknown_and_the_rest_is_not()
    {
        // 0x24 is no instruction; the body of Bad is ldc.i4 0x12345678, pop, ret.
        byte[] image = Il.Compile("public class C { public void Bad() { int x = 0x12345678; GC.KeepAlive(x); } public void Good() => Heap.Get(); }" + Il.Allocator);
        int at = image.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x20, 0x78, 0x56, 0x34, 0x12]);
        Assert.True(at > 0);
        image[at] = 0x24;
        var (exit, error, written) = Summarize(File("Odd.dll", image));
        Assert.Equal(0, exit);
        Assert.Contains("M:C.Bad cannot be read", error, StringComparison.Ordinal);
        var summary = SummaryFile.Open(written!);
        Assert.Null(summary.Find("M:C.Bad", out _));
        Assert.NotNull(summary.Find("M:C.Good", out _));
    }

    [Fact]
    public void A_token_that_leads_nowhere_is_unknown()
    {
        byte[] image = Il.Compile("public class C { public void Bad() { int x = 0x12345678; GC.KeepAlive(x); } }");
        int at = image.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x20, 0x78, 0x56, 0x34, 0x12]);
        // box, 5 bytes further on: another row of the table.
        Assert.Equal(0x8c, image[at + 5]);
        image[at + 7] = 0x77;
        var (exit, error, written) = Summarize(File("Token.dll", image));
        Assert.Equal(0, exit);
        Assert.Contains("M:C.Bad cannot be read", error, StringComparison.Ordinal);
        Assert.Null(SummaryFile.Open(written!).Find("M:C.Bad", out _));
    }

    [Fact]
    public void A_dependency_that_is_missing_is_named_and_its_members_stay_calls()
    {
        var other = MetadataReference.CreateFromImage(Il.Compile("public class Other { public static void Do() { } }", name: "Other"));
        var (exit, error, written) = Summarize(File("Lib.dll", Il.Compile("public class C { public void Run() => Other.Do(); }", more: other)));
        Assert.Equal(0, exit);
        Assert.Contains("the assembly Other is not at hand", error, StringComparison.Ordinal);
        Assert.Contains(SummaryFile.Open(written!).Find("M:C.Run", out _)!.Summary.Reaches, static r => r is { Sink: FenceSafety.Core.Summaries.Sink.Call { Method: "M:Other.Do" }, Chain.Sink: "Other.Do" });
    }

    const string Gates = """
        [LockPrimitive(LockKind.Sleeping)]
        public sealed class Gate { [AcquiresLock] public void Take() { } [ReleasesLock] public void Give() { } }
        """;

    /// <summary>The lock type is declared in a reference that stands in another folder: its attributes make the edge.</summary>
    [Fact]
    public void A_reference_is_found_in_the_folder_beside()
    {
        var (exit, error, bodies) = SummarizeBesideGates();
        Assert.Equal(0, exit);
        Assert.Contains("Gates is taken from ", error, StringComparison.Ordinal);
        Assert.Contains("M:Pool.Refill", bodies);
    }

    [Fact]
    public void Of_two_different_references_beside_none_is_taken()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "old"));
        File(Path.Combine("old", "Gates.dll"), Il.Compile(Gates + " public class More { }", name: "Gates"));
        var (exit, error, bodies) = SummarizeBesideGates();
        Assert.Equal(0, exit);
        Assert.Contains("the assembly Gates is not at hand", error, StringComparison.Ordinal);
        Assert.Empty(bodies);
    }

    (int Exit, string Error, IEnumerable<string> Bodies) SummarizeBesideGates()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "gates"));
        Directory.CreateDirectory(Path.Combine(_folder, "lib"));
        byte[] gates = Il.Compile(Gates, name: "Gates");
        File(Path.Combine("gates", "Gates.dll"), gates);
        byte[] lib = Il.Compile(
            "public class Pool { readonly Gate _gate = new(); public void Refill() { _gate.Take(); Heap.Get(); _gate.Give(); } }" + Il.Allocator,
            more: MetadataReference.CreateFromImage(gates));
        string to = Path.Combine(_folder, "Lib.fencesum");
        var (exit, _, error) = Run("summarize", File(Path.Combine("lib", "Lib.dll"), lib), "--output", to);
        return (exit, error, SummaryFile.Open(System.IO.File.ReadAllBytes(to)).Bodies(out _).Select(static b => b.Id));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(2, "summarize")]
    [InlineData(2, "summarize", "x.dll")]
    [InlineData(2, "summarize", "x.dll", "--output", "y", "--nonsense")]
    [InlineData(1, "summarize", "x.dll", "--output", "y", "--reference", "nowhere.dll")]
    [InlineData(0, "--help")]
    [InlineData(0, "summarize", "--help")]
    public void Exit_codes(int expected, params string[] args) => Assert.Equal(expected, Run(args).Exit);

    [Fact]
    public void An_output_that_cannot_be_written()
    {
        var (exit, _, error) = Run("summarize", File("Lib.dll", Il.Compile(Pool)), "--output", Path.Combine(_folder, "none", "x.fencesum"));
        Assert.Equal(1, exit);
        Assert.Contains("cannot be written", error, StringComparison.Ordinal);
    }
}
