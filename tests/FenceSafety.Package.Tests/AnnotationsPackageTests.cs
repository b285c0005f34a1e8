using FenceSafety.Package.Tests.Harness;

namespace FenceSafety.Package.Tests;

[Collection(PackagedCollection.Name)]
public sealed class AnnotationsPackageTests(Workspace workspace)
{
    /// <summary>The attributes are usable wherever they mean something, and the compiler refuses them elsewhere.</summary>
    [Fact]
    public async Task Annotations_alone_go_on_every_target_and_bring_no_analyzer()
    {
        workspace.WriteProject("AnnotatedLibrary", $"""
            <PropertyGroup><TreatWarningsAsErrors>true</TreatWarningsAsErrors></PropertyGroup>
            <ItemGroup><PackageReference Include="FenceSafety.Annotations" Version="{Workspace.Version}" /></ItemGroup>
            """);
        workspace.WriteMistake("AnnotatedLibrary", "Annotated");
        workspace.Write("AnnotatedLibrary/EveryTarget.cs", EveryTarget);

        (await workspace.BuildAsync("AnnotatedLibrary")).Succeeded().ReportsNothing();
        var compiler = await workspace.CompilerCommandLineAsync("AnnotatedLibrary");

        Assert.Empty(compiler.Analyzers);
        Assert.True(compiler.HasAnnotations);
    }

    [Fact]
    public async Task Both_packages_together_give_one_set_of_attributes()
    {
        workspace.WriteProject("Both", $"""
            <ItemGroup><PackageReference Include="FenceSafety.Annotations" Version="{Workspace.Version}" /></ItemGroup>
            """ + Sources.Reference);
        workspace.Write("Both/Code.cs", "public class C { [FenceSafety.FenceCritical] public void M() { } }");

        (await workspace.BuildAsync("Both")).Succeeded().ReportsNothing();

        Assert.Equal(Sources.AnalyzerAssemblies, (await workspace.CompilerCommandLineAsync("Both")).Analyzers);
    }

    private const string EveryTarget = """
        using FenceSafety;

        [assembly: LockOrder("vm", "buddy")]
        [assembly: LockOrder("buddy", "pramin", "ring")]

        namespace Annotated;

        [FenceCritical] public delegate void CriticalStep();
        [MayAllocate(FlagsParameter = "flags", BlockingFlags = Flags.Reclaim)] public delegate void AllocatingStep(Flags flags);
        [WaitsForFence] public delegate void WaitingStep();
        [RunsInReclaim] public delegate void ReclaimStep();
        [RunsAtomic] public delegate void AtomicStep();

        [Flags] public enum Flags { Atomic = 1, Reclaim = 2 }

        [FenceCritical] public interface ICritical { void Go(); }
        [MayAllocate] public interface IAllocating { void Go(); }
        [RunsInReclaim] public interface IShrinker { long Scan(); }
        [RunsAtomic] public interface IHandler { void OnInterrupt(); }
        [AssumeFenceSafe("only for the test")] public interface ISafe;
        [LockPrimitive(LockKind.Sleeping), LockClass("gate"), FenceSafeLock] public interface IGate;
        [MustConsume] public interface IToken;
        [RefCounted(Acquire = "TryGet", Release = "Put")] public interface ICounted { bool TryGet(); void Put(); }

        [FenceCritical] public struct CriticalStruct;
        [MayAllocate] public struct AllocatingStruct;
        [AssumeFenceSafe("only for the test")] public struct SafeStruct;
        [LockPrimitive(LockKind.Spin, Recursive = true), LockClass("spin", Subclass = 1), FenceSafeLock] public struct SpinGate;
        [MustConsume] public struct TokenStruct;
        [RefCounted] public struct CountedStruct;

        [FenceCritical] public class CriticalClass;
        [MayAllocate] public class AllocatingClass;
        [AssumeFenceSafe("only for the test")] public class SafeClass;
        [LockPrimitive(LockKind.Sleeping), LockClass("mutex"), FenceSafeLock]
        public class Mutex
        {
            [AcquiresLock] public void Enter() { }
            [AcquiresLock(Try = true, Shared = true)] public bool TryEnter() => true;
            [ReleasesLock] public void Exit() { }
            [ReleasesLock(Shared = true)] public void ExitShared() { }
        }

        [MustConsume]
        public class Token
        {
            [Consumes] public void Execute() { }
        }

        [RefCounted(Acquire = nameof(TryGet), Release = nameof(Put))]
        public class Counted
        {
            public bool TryGet() => true;
            public void Put() { }
        }

        public sealed class Everything
        {
            [LockClass("field"), FenceSafeLock] private readonly object _gate = new();

            [LockClass("property"), FenceSafeLock] public object Gate => _gate;

            [FenceCritical, AcquiresLock("_gate"), ReleasesLock("_gate"), AcquiresLock("gate"), ReleasesLock("gate")]
            public Everything([LockClass("argument")] object gate) => _ = gate;

            [MayAllocate] public Everything(int size) => _ = size;
            [AssumeFenceSafe("only for the test")] public Everything() { }

            [FenceCritical] public int Critical => 1;
            [MayAllocate] public int Allocating => 1;
            [AssumeFenceSafe("only for the test")] public int Safe => 1;

            public int Accessors
            {
                [FenceCritical] get => 1;
                [MayAllocate, WaitsForFence] set => _ = value;
            }

            [BeginsFenceCritical] public void Begin() { }
            [EndsFenceCritical] public void End() { }
            [WaitsForFence] public void Wait() { }
            [RunsInReclaim] public void Shrink() { }
            [RunsAtomic] public void Handle() { }
            [AssumeFenceSafe("only for the test")] public void Trusted() { }
            [RequiresLock("_gate"), RequiresLock(nameof(Gate))] public void Locked() { }
            [Snapshot] public ulong Read() => 0;
            [return: Snapshot] public ulong ReadAgain() => 0;
            public void Install([RequiresStable] ulong any, [RequiresStable("_gate")] ulong one, [Consumes] Token token) { }
            public void Each([FenceCritical] Action critical, [MayAllocate] Action allocating) { }
            public void Register([RunsInReclaim] Action reclaim, [RunsAtomic] Action atomic) { }

            public void Local()
            {
                [FenceCritical] static void Critical() { }
                [MayAllocate] static void Allocating() { }
                Critical();
                Allocating();
                Action lambda = [FenceCritical] () => { };
                lambda();
            }
        }
        """;
}
