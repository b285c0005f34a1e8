namespace FenceSafety.Analyzers.Tests;

/// <summary>
/// The driver's vocabulary that test code and the examples in docs share: an allocator, a fence, a sleeping lock with a guard, a spin
/// lock, a signalling scope. The bodies do nothing: the attributes say what counts, and nothing in here is ever reported.
/// </summary>
static class Vocabulary
{
    /// <summary>Usings of every test file; in every project.</summary>
    public const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.Diagnostics;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using FenceSafety;
        global using Vocabulary;
        """;

    /// <summary>The types; in the project that references no other.</summary>
    public const string Types = """
        namespace Vocabulary;

        /// <summary>How an allocation may get its memory. Only Reclaim blocks.</summary>
        [Flags]
        public enum Gfp { None = 0, High = 1, Reclaim = 2, Io = 4, Kernel = Reclaim | Io }

        public static class Kmem
        {
            [MayAllocate]
            public static object Get() => null;

            [MayAllocate(FlagsParameter = "gfp", BlockingFlags = Gfp.Reclaim)]
            public static object Get(Gfp gfp) => null;
        }

        public sealed class Fence
        {
            public bool IsSignalled => true;

            [FenceCritical]
            public void Signal() { }

            [WaitsForFence]
            public void Wait() { }

            [BeginsFenceCritical]
            public static Signalling BeginSignalling() => default;

            [BeginsFenceCritical]
            public static bool Begin() => false;

            [EndsFenceCritical]
            public static void End(bool cookie) { }
        }

        public ref struct Signalling
        {
            public void Dispose() { }
        }

        [LockPrimitive(LockKind.Sleeping)]
        public sealed class KMutex
        {
            [AcquiresLock]
            public Held Lock() => new Held(this);

            [AcquiresLock(Try = true)]
            public bool TryLock(out Held held)
            {
                held = new Held(this);
                return true;
            }

            [ReleasesLock]
            internal void Unlock() { }

            public readonly ref struct Held
            {
                readonly KMutex _mutex;

                internal Held(KMutex mutex) { _mutex = mutex; }

                [ReleasesLock("_mutex")]
                public void Dispose() => _mutex?.Unlock();
            }
        }

        [LockPrimitive(LockKind.Spin)]
        public sealed class SpinGate
        {
            [AcquiresLock]
            public void Enter() { }

            [ReleasesLock]
            public void Leave() { }
        }

        public sealed class Node
        {
            public int Value;
        }
        """;
}
