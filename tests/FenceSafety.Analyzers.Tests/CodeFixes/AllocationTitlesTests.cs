using System.Collections.Immutable;
using FenceSafety.CodeFixes.CachedDelegate;
using FenceSafety.CodeFixes.HoistAllocation;
using FenceSafety.CodeFixes.LiftAllocation;
using FenceSafety.CodeFixes.NonBlockingFlags;
using FenceSafety.CodeFixes.PreparedState;
using FenceSafety.CodeFixes.RetryAllocation;
using FenceSafety.CodeFixes.StackAllocation;
using FenceSafety.CodeFixes.WithinCapacity;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace FenceSafety.Analyzers.Tests.CodeFixes;

/// <summary>Titles say what will change, in the user's names.</summary>
public class AllocationTitlesTests
{
    public static TheoryData<CodeFixProvider, string, string> Titles => new()
    {
        { new HoistAllocationCodeFixProvider(), "void M() { using (Fence.BeginSignalling()) { _page = Kmem.Get(); } }", "Move 'Kmem.Get' before 'Fence.BeginSignalling'" },
        {
            new RetryAllocationCodeFixProvider(), "void M()\n{\nlock (_gate)\n{\n_page ??= Kmem.Get();\n}\n}",
            "Release '_gate', allocate in 'Kmem.Get', take the lock again and look again"
        },
        {
            new LiftAllocationCodeFixProvider(), "void M() => Run(); [FenceCritical] void Run() => _page = Kmem.Get();",
            "Let the callers of 'C.Run' allocate 'Kmem.Get' and pass 'page'"
        },
        {
            new LiftAllocationCodeFixProvider(), "[FenceCritical] void Run() => Refill(); void Refill() => _page = Kmem.Get();",
            "Let the callers of 'C.Refill' and 'C.Run' allocate 'Kmem.Get' and pass 'page' (nothing calls it yet)"
        },
        {
            new LiftAllocationCodeFixProvider(), "public class D { object _page; [FenceCritical] public D() => _page = Kmem.Get(); static D Make() => new(); }",
            "Let the callers of 'new D' allocate 'Kmem.Get' and pass 'page'"
        },
        {
            new PreparedStateCodeFixProvider(), "void M() => Run(); [FenceCritical] void Run() => Use(Kmem.Get(), Kmem.Get()); void Use(object a, object b) { }",
            "Let the callers of 'C.Run' prepare 'A' and 'B' in a struct 'RunPrepared'"
        },
        { new NonBlockingFlagsCodeFixProvider(), "[FenceCritical] void Run() => Kmem.Get(Gfp.Kernel);", "Pass 'Gfp.Io': 'Kmem.Get' fails instead of waiting for memory" },
        { new StackAllocationCodeFixProvider(), "[FenceCritical] int Run() { var a = new byte[64]; return a[0]; }", "Put 64 × byte on the stack" },
        {
            new CachedDelegateCodeFixProvider(), "Action _done;\nvoid OnDone() { }\n[FenceCritical] void Run() => _done = OnDone;",
            "Make the delegate in the constructor and keep it in '_onDone'"
        },
        {
            new WithinCapacityCodeFixProvider(), "readonly List<int> _pages = new(8);\n[FenceCritical] void Run() => _pages.Add(1);\n",
            "Append to '_pages' within its capacity, and throw where it would grow"
        },
    };

    [Theory]
    [MemberData(nameof(Titles), DisableDiscoveryEnumeration = true)]
    public async Task The_title_says_what_will_change(CodeFixProvider provider, string member, string title)
    {
        using var workspace = new AdhocWorkspace();
        var document = workspace.CurrentSolution.AddProject("Test", "Test", LanguageNames.CSharp)
            .WithMetadataReferences(((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(p => MetadataReference.CreateFromFile(p)))
            .WithCompilationOptions(new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary))
            .AddDocument("Usings.cs", Vocabulary.Usings).Project
            .AddDocument("Vocabulary.cs", Vocabulary.Types).Project
            .AddDocument("Test.cs", Hoist.Class(member));
        var compilation = (await document.Project.GetCompilationAsync())!.WithAnalyzers(ImmutableArray.Create<DiagnosticAnalyzer>(new FenceSafetyAnalyzer()));
        var titles = new List<string>();
        foreach (var report in (await compilation.GetAnalyzerDiagnosticsAsync()).Where(d => provider.FixableDiagnosticIds.Contains(d.Id)))
            await provider.RegisterCodeFixesAsync(new CodeFixContext(document, report, (action, _) => titles.Add(action.Title), default));
        Assert.Equal(title, Assert.Single(titles.Distinct()));
    }
}
