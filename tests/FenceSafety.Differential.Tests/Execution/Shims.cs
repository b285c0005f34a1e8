namespace FenceSafety.Differential.Tests.Execution;

/// <summary>
/// The locks that executed programs take instead of those of the framework and the runtime: a type of the compilation's own source goes
/// before one of a reference, also for what the compiler makes of <c>lock</c>, so that the very text that is analysed can be run. None of
/// them blocks: one thread executes, and what would have happened to another is lockdep's business.
/// </summary>
internal static class Shims
{
    public const string Source = """
        #pragma warning disable CS0436
        global using Probe = FenceSafety.Differential.Tests.Execution.Probe;

        namespace System.Threading
        {
            public static class Monitor
            {
                public static void Enter(object l) => Probe.Acquire(l, recursive: true);
                public static void Enter(object l, ref bool taken) { Probe.Acquire(l, recursive: true); taken = true; }
                public static bool TryEnter(object l) => Probe.TryAcquire(l, recursive: true);
                public static void TryEnter(object l, ref bool taken) { taken = Probe.TryAcquire(l, recursive: true); }
                public static bool TryEnter(object l, int timeout) { Probe.Acquire(l, recursive: true); return true; }
                public static void Exit(object l) => Probe.Release(l);
                public static bool Wait(object l) { Probe.Release(l); Probe.BlockingWait(); Probe.Acquire(l, recursive: true); return true; }
            }

            public sealed class Mutex
            {
                public bool WaitOne() { Probe.Acquire(this, recursive: true); return true; }
                public bool WaitOne(int timeout) => Probe.TryAcquire(this, recursive: true);
                public void ReleaseMutex() => Probe.Release(this);
            }

            public sealed class Semaphore(int count, int max)
            {
                public bool WaitOne() { Probe.Acquire(this); return true; }
                public int Release() { Probe.Release(this); return count + max; }
            }

            public sealed class ReaderWriterLock
            {
                public void AcquireReaderLock(int timeout) => Probe.Acquire(this, shared: true, recursive: true);
                public void ReleaseReaderLock() => Probe.Release(this);
                public void AcquireWriterLock(int timeout) => Probe.Acquire(this, recursive: true);
                public void ReleaseWriterLock() => Probe.Release(this);
            }

            public sealed class Lock
            {
                public void Enter() => Probe.Acquire(this, recursive: true);
                public bool TryEnter() => Probe.TryAcquire(this, recursive: true);
                public void Exit() => Probe.Release(this);
                public Scope EnterScope() { Probe.Acquire(this, recursive: true); return new Scope(this); }

                public readonly ref struct Scope(Lock l)
                {
                    readonly Lock _l = l;
                    public void Dispose() => Probe.Release(_l);
                }
            }

            public sealed class ReaderWriterLockSlim
            {
                public void EnterReadLock() => Probe.Acquire(this, shared: true);
                public bool TryEnterReadLock(int timeout) => Probe.TryAcquire(this, shared: true);
                public void ExitReadLock() => Probe.Release(this);
                public void EnterUpgradeableReadLock() => Probe.Acquire(this, upgradeable: true);
                public void ExitUpgradeableReadLock() => Probe.Release(this);
                public void EnterWriteLock() => Probe.Acquire(this);
                public void ExitWriteLock() => Probe.Release(this);
            }

            public sealed class SemaphoreSlim(int count, int max)
            {
                public void Wait() => Probe.Acquire(this);
                public System.Threading.Tasks.Task WaitAsync() { Probe.Acquire(this); return System.Threading.Tasks.Task.CompletedTask; }
                public bool Wait(int timeout) => Probe.TryAcquire(this);
                public int Release() { Probe.Release(this); return count + max; }
            }

            /// <summary>A class here, so that it has an identity.</summary>
            public sealed class SpinLock(bool track)
            {
                public bool IsThreadOwnerTrackingEnabled => track;
                public void Enter(ref bool taken) { Probe.Acquire(this, spin: true); taken = true; }
                public void TryEnter(ref bool taken) { taken = Probe.TryAcquire(this, spin: true); }
                public void Exit() => Probe.Release(this);
                public void Exit(bool barrier) => Probe.Release(this);
            }

            public sealed class ManualResetEventSlim(bool set)
            {
                public bool IsSet => set;
                public void Wait() => Probe.BlockingWait();
            }
        }

        namespace FenceSafety.Runtime.Locking
        {
            public sealed class SleepingMutex(string name)
            {
                public string Name => name;
                public Guard Lock() { Probe.Acquire(this); return new Guard(this); }
                public bool TryLock(out Guard guard)
                {
                    bool taken = Probe.TryAcquire(this);
                    guard = taken ? new Guard(this) : default;
                    return taken;
                }

                public readonly ref struct Guard(SleepingMutex m) : System.IDisposable
                {
                    readonly SleepingMutex _m = m;
                    public void Dispose() { if (_m is not null) { Probe.Release(_m); } }
                }
            }

            public sealed class RawSpinLock(string name)
            {
                public string Name => name;
                public Guard Lock() { Probe.Acquire(this, spin: true); return new Guard(this); }
                public bool TryLock(out Guard guard)
                {
                    bool taken = Probe.TryAcquire(this, spin: true);
                    guard = taken ? new Guard(this) : default;
                    return taken;
                }

                public readonly ref struct Guard(RawSpinLock m) : System.IDisposable
                {
                    readonly RawSpinLock _m = m;
                    public void Dispose() { if (_m is not null) { Probe.Release(_m); } }
                }
            }

            public sealed class RwSemaphore(string name)
            {
                public string Name => name;
                public ReadGuard ReadLock() { Probe.Acquire(this, shared: true); return new ReadGuard(this); }
                public WriteGuard WriteLock() { Probe.Acquire(this); return new WriteGuard(this); }

                public readonly ref struct ReadGuard(RwSemaphore m) : System.IDisposable
                {
                    readonly RwSemaphore _m = m;
                    public void Dispose() { if (_m is not null) { Probe.Release(_m); } }
                }

                public readonly ref struct WriteGuard(RwSemaphore m) : System.IDisposable
                {
                    readonly RwSemaphore _m = m;
                    public void Dispose() { if (_m is not null) { Probe.Release(_m); } }
                }
            }
        }
        """;
}
