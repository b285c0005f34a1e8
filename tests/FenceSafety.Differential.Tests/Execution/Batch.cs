using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using FenceSafety.Differential.Tests.Checking;
using FenceSafety.Differential.Tests.Generation;
using FenceSafety.Runtime.Locking;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.Differential.Tests.Execution;

/// <summary>What the executions of one program showed.</summary>
/// <param name="NeverHeld">Where only ever was released what the body did not hold.</param>
/// <param name="Lines">The lines that were reached.</param>
/// <param name="NeverMet">Where a lock that the callee requires was never held.</param>
internal sealed record Executed(
    GeneratedProgram Program, IReadOnlyList<TraceEvent> Trace, IReadOnlyCollection<Frame> NeverHeld, IReadOnlyCollection<Frame> NeverMet,
    IReadOnlySet<int> Lines, ImmutableArray<LockdepReport> Lockdep);

/// <summary>What all runs of a program share.</summary>
/// <param name="Opaque">
/// Lines with a call that cannot be seen through, or of a delegate parameter or field, that run a query or make an object of a type parameter: that such a call leaves a lock held is reported
/// where it is left, and not followed further.
/// </param>
/// <param name="Cold">Lines that always end in a throw, where these do not count.</param>
/// <param name="Bodies">The line of each body, by its number.</param>
internal sealed record ProgramFacts(LockNames Names, LockdepMirror Lockdep, HashSet<int> Opaque, HashSet<int> Cold, IReadOnlyList<int> Bodies)
{
    public Dictionary<int, MethodData> Methods { get; } = [];

    public Dictionary<string, TraceEvent> Trace { get; } = new(StringComparer.Ordinal);

    public HashSet<int> Lines { get; } = [];

    /// <summary>Lines that released a lock: was it the body's own?</summary>
    public HashSet<(Frame At, bool IsHeld)> Releases { get; } = [];

    /// <summary>Lines that called a member which requires a lock: was it held?</summary>
    public HashSet<(Frame At, bool IsHeld)> Requirements { get; } = [];

    /// <summary>Where what was asked for was never so.</summary>
    public static IReadOnlyCollection<Frame> Never(HashSet<(Frame At, bool IsHeld)> seen)
    {
        var held = seen.Where(r => r.IsHeld).Select(r => r.At.Line).ToHashSet();
        return [.. seen.Select(r => r.At).Where(at => !held.Contains(at.Line)).Distinct()];
    }
}

/// <summary>Programs that are compiled together, each in a namespace of its own: once to be analysed, once to be run.</summary>
internal sealed class Batch
{
    private static readonly CSharpParseOptions s_parse = new(LanguageVersion.CSharp13);
    private static readonly ImmutableArray<MetadataReference> s_framework = Framework();

    /// <summary>One program in so many is also analysed as two assemblies.</summary>
    private const int SplitEvery = 2;

    public static readonly MetadataReference Runtime = MetadataReference.CreateFromFile(typeof(SleepingMutex).Assembly.Location);

    /// <summary>The assembly that annotation files speak of.</summary>
    public static readonly byte[] Old = EmitOld(Vocabulary.Old);

    /// <summary>The same with attributes instead.</summary>
    public static readonly byte[] OldAttributed = EmitOld(Vocabulary.OldAttributed);

    public static readonly MetadataReference OldReference = MetadataReference.CreateFromImage(Old);

    public Batch(int index, int programs, ulong seed)
    {
        Programs = [.. Enumerable.Range(0, programs).Select(i =>
            ProgramGenerator.Generate($"P{index * programs + i}", seed + (ulong)(index * programs + i) * 7919, split: i % SplitEvery == 0))];
        Mode = Mode.Of(index);
        Analysed = Compile("Analysed", [("Vocabulary.cs", Vocabulary.Analysed), .. Programs.Select(p => (p.File, p.Analysed))], Mode, Runtime, OldReference);
        Annotations = [AnnotationFile("old.fence.txt", Vocabulary.Annotations), .. Programs.Where(p => p.Annotations.Count > 0)
            .Select(p => AnnotationFile(p.Name + ".fence.txt", string.Join('\n', p.Annotations)))];
    }

    /// <summary>How it is analysed.</summary>
    public Mode Mode { get; }

    /// <summary>The annotation files of all programs, and that of the assembly that nobody can edit.</summary>
    public ImmutableArray<AdditionalText> Annotations { get; }

    public static AdditionalText AnnotationFile(string name, string text) => new TextFile(name, text);

    /// <summary>The IL of what is analysed, with attributes where that has annotation files.</summary>
    public byte[] EmitAttributed() => Emit(Compile(
        "Analysed", [("Vocabulary.cs", Vocabulary.Analysed), .. Programs.Select(p => (p.File, p.Attributed))], Mode, Runtime,
        MetadataReference.CreateFromImage(OldAttributed)));

    private static byte[] EmitOld(string text) => Emit(Compile("Old", [("Old.cs", text)], Mode.Default));

    public IReadOnlyList<GeneratedProgram> Programs { get; }

    public CSharpCompilation Analysed { get; }

    /// <summary>Runs each program on so many streams of decisions.</summary>
    public List<Executed> Execute(int runs)
    {
        CSharpCompilation compilation = Compile(
            "Executed", [("Vocabulary.cs", Vocabulary.Executed), ("Old.cs", Vocabulary.OldExecuted), ("Shims.cs", Shims.Source), .. Programs.Select(p => (p.File, p.Executed))],
            Mode, MetadataReference.CreateFromFile(typeof(Probe).Assembly.Location));
        return Run(new MemoryStream(Emit(compilation)), runs);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private List<Executed> Run(Stream code, int runs)
    {
        var context = new AssemblyLoadContext("programs", isCollectible: true);
        try
        {
            Assembly assembly = context.LoadFromStream(code);
            return [.. Programs.Select(program => Run(program, assembly, runs))];
        }
        finally
        {
            context.Unload();
        }
    }

    private Executed Run(GeneratedProgram program, Assembly assembly, int runs)
    {
        var facts = new ProgramFacts(new LockNames(assembly, program.Name), new LockdepMirror(program.Name),
            [.. program.LinesWith("opaque call"), .. program.LinesWith("invoked parameter"), .. program.LinesWith("delegate in a field"), .. program.LinesWith(ProgramGenerator.Enumerated), .. program.LinesWith(ProgramGenerator.MadeByParameter)],
            Mode.ThrowPathsCount ? [] : program.LinesWith(ProgramGenerator.ThrowPath), program.Bodies);
        Type type = assembly.GetType(program.Name + ".Entries", throwOnError: true)!;
        Action[] entries = [.. program.Entries.Select(entry => type.GetMethod(entry)!.CreateDelegate<Action>())];
        facts.Lockdep.Attach();
        try
        {
            for (int i = 0; i < runs; i++)
            {
                foreach (Action entry in entries)
                {
                    var run = new ProgramRun((ulong)i * 104729 + 17, facts);
                    Probe.Run = run;
                    entry();
                    Probe.Run = null;
                    run.EntryEnds();
                }
            }
        }
        finally
        {
            Probe.Run = null;
            LockdepMirror.Detach();
        }

        return new Executed(
            program, [.. facts.Trace.Values], ProgramFacts.Never(facts.Releases), ProgramFacts.Never(facts.Requirements), facts.Lines,
            facts.Lockdep.Reports);
    }

    /// <summary>Compiles; that it has errors is a fault of the generator.</summary>
    public static CSharpCompilation Compile(string name, IEnumerable<(string File, string Text)> files, Mode mode, params MetadataReference[] more)
    {
        // The words of the vocabulary are not those of the assembly that nobody can edit.
        var trees = files.Concat(name == "Old" ? [] : [("Usings.cs", Vocabulary.Usings)])
            .Select(file => CSharpSyntaxTree.ParseText(SourceText.From(file.Item2, System.Text.Encoding.UTF8), s_parse, file.Item1));
        var references = s_framework.Add(MetadataReference.CreateFromFile(typeof(FenceCriticalAttribute).Assembly.Location)).AddRange(more);
        var options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Debug, concurrentBuild: false, deterministic: true,
            specificDiagnosticOptions: [new("CS0436", ReportDiagnostic.Suppress), new("FENCE012", mode.ChecksVisible ? ReportDiagnostic.Warn : ReportDiagnostic.Suppress)]);
        var compilation = CSharpCompilation.Create(name, trees, references, options);
        var errors = compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error).ToList();
        Assert.True(errors.Count == 0, string.Join('\n', errors.Take(8)));
        return compilation;
    }

    public static byte[] Emit(CSharpCompilation compilation)
    {
        using MemoryStream code = new();
        EmitResult emitted = compilation.Emit(code);
        Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Take(5)));
        return code.ToArray();
    }

    private static ImmutableArray<MetadataReference> Framework()
    {
        string folder = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        return [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetDirectoryName(path) == folder)
            .Select(path => MetadataReference.CreateFromFile(path))];
    }

    private sealed class TextFile(string path, string text) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text, System.Text.Encoding.UTF8);
    }
}
