namespace FenceSafety.Differential.Tests.Generation;

/// <summary>What programs are written in. The bodies do nothing that matters: what counts is declared, or a lock of the framework.</summary>
internal static class Vocabulary
{
    public const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using FenceSafety;
        global using FenceSafety.Runtime.Locking;
        global using Words;
        """;

    /// <summary>As the analyzer sees it.</summary>
    public static string Analysed { get; } = Types(
        new Dictionary<string, string>
        {
            ["alloc"] = "",
            ["allocIf"] = "",
            ["wait"] = "",
            ["begin"] = "",
            ["end"] = "",
            ["flip"] = "s_bit",
            ["loop"] = "s_number",
            ["index"] = "s_number",
            ["spinLock"] = "",
            ["spinUnlock"] = "",
            ["created"] = "",
            ["consumed"] = "",
            ["found"] = "",
            ["get"] = "D.Flip()",
            ["put"] = "",
            ["read"] = "D.Index()",
            ["stable"] = "",
            ["convert"] = "",
            ["fails"] = "s_bit",
            ["later"] = "return s_task;",
            ["mutexLock"] = "",
            ["mutexTry"] = "s_isFree",
            ["mutexUnlock"] = "",
        });

    /// <summary>As it is executed.</summary>
    public static string Executed { get; } = Types(
        new Dictionary<string, string>
        {
            ["alloc"] = "Probe.Allocation();",
            ["allocIf"] = "if ((flags & AllocFlags.Reclaim) != 0) { Probe.Allocation(); }",
            ["wait"] = "Probe.FenceWait();",
            ["begin"] = "Probe.BeginRegion();",
            ["end"] = "Probe.EndRegion();",
            ["flip"] = "Probe.Flip()",
            ["loop"] = "Probe.Number(3)",
            ["index"] = "Probe.Number(2)",
            ["spinLock"] = "Probe.Acquire(this, spin: true);",
            ["spinUnlock"] = "Probe.Release(this);",
            ["created"] = "Probe.Created(this);",
            ["consumed"] = "Probe.Consumed(this);",
            ["found"] = "Probe.Found(bo);",
            ["get"] = "Probe.TakeReference(this)",
            ["put"] = "Probe.PutReference(this);",
            ["read"] = "Probe.Snapshot()",
            ["stable"] = "Probe.Stable(value);",
            ["convert"] = "Probe.Converted();",
            ["fails"] = "Probe.Flip()",
            ["later"] = "Probe.BlockingWait(); return Task.CompletedTask;",
            ["mutexLock"] = "Probe.Acquire(this);",
            ["mutexTry"] = "Probe.TryAcquire(this)",
            ["mutexUnlock"] = "Probe.Release(this);",
        });

    /// <summary>An assembly that nobody can edit: what it does is said in <see cref="Annotations"/>.</summary>
    public static string Old { get; } = OldTypes(hasAttributes: false, "", "", "");

    /// <summary>The same, if it said so itself.</summary>
    public static string OldAttributed { get; } = OldTypes(hasAttributes: true, "", "", "");

    public static string OldExecuted { get; } = OldTypes(
        hasAttributes: true, "Probe.Allocation();", "Probe.FenceWait();", "Probe.Acquire(this);", "Probe.Release(this);");

    public const string Annotations = """
        # Of an assembly that nobody can edit.
        M:Old.Pool.Refill; MayAllocate
        M:Old.Pool.Fill(System.Int32); MayAllocate; FlagsParameter = "flags", BlockingFlags = 1
        M:Old.Signal.Await; WaitsForFence
        M:Old.Trusted.Poke; AssumeFenceSafe; "reviewed"
        T:Old.Latch; LockPrimitive; LockKind.Sleeping
        M:Old.Latch.Take; AcquiresLock
        M:Old.Latch.Give; ReleasesLock
        ? M:Older.Pool.Refill; MayAllocate
        """;

    private static string OldTypes(bool hasAttributes, string alloc, string wait, string take, string give = "")
    {
        string Attribute(string text) => hasAttributes ? $"[FenceSafety.{text}] " : "";
        return $$"""
            namespace Old;

            public static class Pool
            {
                {{Attribute("MayAllocate")}}public static void Refill() { {{alloc}} }

                {{Attribute("MayAllocate(FlagsParameter = \"flags\", BlockingFlags = 1)")}}public static void Fill(int flags) { if ((flags & 1) != 0) { {{alloc}} } }
            }

            public static class Signal
            {
                {{Attribute("WaitsForFence")}}public static void Await() { {{wait}} }
            }

            public static class Trusted
            {
                {{Attribute("AssumeFenceSafe(\"reviewed\")")}}public static void Poke() { }
            }

            {{Attribute("LockPrimitive(FenceSafety.LockKind.Sleeping)")}}
            public sealed class Latch
            {
                {{Attribute("AcquiresLock")}}public void Take() { {{take}} }

                {{Attribute("ReleasesLock")}}public void Give() { {{give}} }
            }
            """;
    }

    private static string Types(Dictionary<string, string> body) => $$"""
        namespace Words;

        [Flags]
        public enum AllocFlags { None = 0, High = 1, Reclaim = 2, Io = 4, Kernel = Reclaim | Io }

        public static class Kmem
        {
            [MayAllocate]
            public static void Get() { {{body["alloc"]}} }

            [MayAllocate(FlagsParameter = "flags", BlockingFlags = AllocFlags.Reclaim)]
            public static void Get(AllocFlags flags) { {{body["allocIf"]}} }
        }

        public static class Fence
        {
            [WaitsForFence]
            public static void Wait() { {{body["wait"]}} }

            [BeginsFenceCritical]
            public static Signalling BeginSignalling() { {{body["begin"]}} return default; }

            [BeginsFenceCritical]
            public static bool Begin() { {{body["begin"]}} return false; }

            [EndsFenceCritical]
            public static void End(bool cookie) { {{body["end"]}} }
        }

        public ref struct Signalling
        {
            public void Dispose() { {{body["end"]}} }
        }

        /// <summary>Decisions: what the analyzer cannot know.</summary>
        public static class D
        {
            static bool s_bit;
            static int s_number;
            static Task s_task = Task.Delay(0);

            public static bool Flip() => {{body["flip"]}};
            public static int Loop() => {{body["loop"]}};
            public static int Index() => {{body["index"]}};
            public static void Use(int number) { s_number = number; }
            public static void Keep(object value) { s_bit = value is null; }
            public static Task Later() { {{body["later"]}} }
            public static void MayThrow() { if ({{body["fails"]}}) { throw new Oops(); } }
        }

        [FenceCritical]
        public delegate void CriticalAction();

        public static class Run
        {
            public static void Critical(CriticalAction action) { {{body["convert"]}} action(); }
        }

        [LockPrimitive(LockKind.Spin)]
        public sealed class KSpin
        {
            [AcquiresLock]
            public void Enter() { {{body["spinLock"]}} }

            [ReleasesLock]
            public void Leave() { {{body["spinUnlock"]}} }
        }

        [LockPrimitive(LockKind.Sleeping)]
        public sealed class KMutex
        {
            static bool s_isFree;

            [AcquiresLock]
            public Token Take() { {{body["mutexLock"]}} return new Token(this); }

            [AcquiresLock(Try = true)]
            public Token TryTake() => {{body["mutexTry"]}} ? new Token(this) : null;

            [ReleasesLock]
            public void Give() { {{body["mutexUnlock"]}} }

            public static void Open() => s_isFree = true;
        }

        public sealed class Token(KMutex mutex) : IDisposable
        {
            public void Dispose() { mutex.Give(); }
        }

        [MustConsume]
        public sealed class Ticket
        {
            public Ticket() { {{body["created"]}} }

            [Consumes]
            public void Done() { {{body["consumed"]}} }
        }

        [RefCounted(Acquire = "TryGet", Release = "Put")]
        public sealed class Bo
        {
            public readonly object Lock = new();

            public bool TryGet() => {{body["get"]}};

            public void Put() { {{body["put"]}} }
        }

        public sealed class BoTable
        {
            readonly Bo _bo = new();

            public Bo Head { get { var bo = _bo; {{body["found"]}} return bo; } }
        }

        public sealed class Pte
        {
            [Snapshot]
            public int Read() => {{body["read"]}};

            public void Install([RequiresStable] int value) { {{body["stable"]}} }
        }

        public sealed class Oops : Exception;
        """;
}
