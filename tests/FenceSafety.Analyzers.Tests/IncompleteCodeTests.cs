using FenceSafety.Testing;

namespace FenceSafety.Analyzers.Tests;

/// <summary>Code as it is typed: the analyzer never throws and always ends.</summary>
public class IncompleteCodeTests
{
    const string Code = """
        [assembly: LockOrder("vm", "ring")]

        interface IJob
        {
            [FenceCritical]
            void Run();
        }

        sealed class Bind<T> : IJob where T : class, new()
        {
            [LockClass("ring")] readonly object _gate = new();
            readonly KMutex _mutex = new();
            readonly Func<T> _make = static () => new T();

            [RequiresLock("_gate")]
            int Size { get => Kmem.Get() is null ? 0 : 1; set => _make(); }

            public void Run()
            {
                using var held = _mutex.Lock();
                lock (_gate)
                {
                    foreach (var n in new[] { 1, 2 })
                        Size += n switch { 1 => 2, _ => throw new ArgumentException($"{n}") };
                }
            }

            [MayAllocate(FlagsParameter = "gfp", BlockingFlags = Gfp.Reclaim)]
            async Task Prepare(Gfp gfp, Fence fence)
            {
                bool taken = false;
                try
                {
                    Monitor.Enter(_gate, ref taken);
                    await Task.Run(() => fence.Wait());
                }
                catch (Exception e) when (e is not null)
                {
                    Kmem.Get(gfp);
                }
                finally
                {
                    if (taken) Monitor.Exit(_gate);
                }

                using (Fence.BeginSignalling()) Run();
            }
        }
        """;

    static readonly (string, string)[] s_vocabulary = [("Usings.cs", Vocabulary.Usings), ("Vocabulary.cs", Vocabulary.Types)];

    [Fact]
    public async Task No_crash_on_any_prefix()
        => Assert.True(await IncompleteCode<FenceSafetyAnalyzer>.VerifyNoCrashOnEveryPrefixAsync(Code, s_vocabulary) > 300);

    [Fact]
    public async Task No_crash_when_any_token_is_missing()
        => Assert.True(await IncompleteCode<FenceSafetyAnalyzer>.VerifyNoCrashOnTokenDeletionAsync(Code, s_vocabulary) > 200);

    [Fact]
    public async Task Typing_gives_the_same_answers_as_starting_afresh()
    {
        var typing = new IncompleteCode<FenceSafetyAnalyzer> { CompareWithFreshInstance = true };
        typing.OtherSources.AddRange(s_vocabulary);
        Assert.True(await typing.VerifyPrefixesAsync(Code) > 300);
    }

    [Fact]
    public async Task No_crash_without_the_vocabulary()
        => Assert.True(await IncompleteCode<FenceSafetyAnalyzer>.VerifyNoCrashOnTokenDeletionAsync(Code) > 200);

    [Fact]
    public async Task No_crash_on_types_that_inherit_from_themselves()
    {
        const string Cyclic = """
            class A : B { [FenceCritical] public virtual void Run() => Run(); }

            class B : A { public override void Run() => base.Run(); }

            interface I : I { [FenceCritical] void Run(); }

            class C : I { void I.Run() => Kmem.Get(); }
            """;
        Assert.True(await IncompleteCode<FenceSafetyAnalyzer>.VerifyNoCrashOnEveryPrefixAsync(Cyclic, s_vocabulary) > 50);
    }
}
