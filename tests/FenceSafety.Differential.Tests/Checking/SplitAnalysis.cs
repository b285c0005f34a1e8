using System.Collections.Immutable;
using System.Text;
using FenceSafety.Core.Summaries.External;
using FenceSafety.Differential.Tests.Execution;
using FenceSafety.Differential.Tests.Generation;
using FenceSafety.Differential.Tests.Power;
using FenceSafety.Runtime.Locking;
using FenceSafety.Summaries.Metadata;
using FenceSafety.Summaries.Program;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.Differential.Tests.Checking;

/// <summary>
/// Programs as an application and a library. The library is analysed by itself; the application sees of it only the metadata and the
/// summary that was made of its IL.
/// </summary>
internal sealed class SplitAnalysis
{
    private readonly List<Report> _ofLibrary;

    public SplitAnalysis(IReadOnlyList<GeneratedProgram> programs, Mode mode, string name)
    {
        var split = programs.Where(p => p.Split is not null).ToList();
        CSharpCompilation library = Batch.Compile(
            name, [("Vocabulary.cs", Vocabulary.Analysed), .. split.Select(p => (p.File, p.Split!.Library))], mode, Batch.Runtime, Batch.OldReference);
        byte[] image = Batch.Emit(library);
        CSharpCompilation app = Batch.Compile("App", split.Select(p => (p.File, p.Split!.App)), mode, Batch.Runtime, Batch.OldReference, MetadataReference.CreateFromImage(image));
        AdditionalText annotations = Batch.AnnotationFile("old.fence.txt", Vocabulary.Annotations);
        ImmutableArray<AdditionalText> files = [annotations, new SummaryText(name + ".fencesum", Summarize(image, name))];
        _ofLibrary = Comparison.Analyze(library, mode, [annotations]);
        Reports = _ofLibrary.Concat(Comparison.Analyze(app, mode, files)).ToLookup(r => r.File);
        App = new FrontEnd(app, mode, files);
    }

    /// <summary>What is reported of the library and of the application, by file.</summary>
    public ILookup<string, Report> Reports { get; }

    /// <summary>The front end of the application, for the power check.</summary>
    public FrontEnd App { get; }

    /// <summary>What would be reported if the analyzer had this defect when it looks at the application.</summary>
    public ILookup<string, Report> With(Defect? defect) => _ofLibrary.Concat(App.Run(defect)).ToLookup(r => r.File);

    /// <summary>What the command <c>summarize</c> writes.</summary>
    public static byte[] Summarize(byte[] image, string name)
    {
        using var world = new World();
        IlProgram program = Read(world, image, Batch.Old, name, out ManagedAssembly assembly);
        byte[] summary = SummaryWriter.Write(
            ExternalSummaryBuilder.Build(program, assembly.Name, assembly.Mvid, "il", program.VisibleMembers, CancellationToken.None));
        Assert.Empty(program.Damaged);
        return summary;
    }

    /// <summary>An assembly as the front end for IL sees it.</summary>
    public static IlProgram Read(World world, byte[] image, byte[] old, string name, out ManagedAssembly assembly)
    {
        world.Add(ManagedAssembly.Open("Old.dll", old, world));
        world.AddFolder(Path.GetDirectoryName(typeof(object).Assembly.Location)!);
        world.AddPath(typeof(FenceCriticalAttribute).Assembly.Location);
        world.AddPath(typeof(SleepingMutex).Assembly.Location);
        assembly = world.Add(ManagedAssembly.Open(name + ".dll", image, world));
        return new IlProgram(world, assembly, FrameworkContracts.Shipped());
    }

    private sealed class SummaryText(string path, byte[] content) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(Encoding.UTF8.GetString(content), Encoding.UTF8);
    }
}
