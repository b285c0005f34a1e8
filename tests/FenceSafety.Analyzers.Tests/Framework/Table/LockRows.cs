using static FenceSafety.Analyzers.Tests.Framework.Table.Effect;

namespace FenceSafety.Analyzers.Tests.Framework.Table;

/// <summary>The known lock APIs. Each row has a lock of its own, under which memory is allocated elsewhere.</summary>
static class LockRows
{
    static readonly object s_monitor = new();
    static readonly object s_monitorTaken = new();
    static readonly Lock s_lock = new();
    static readonly Lock s_scope = new();
    static readonly Mutex s_mutex = new();
    static readonly Semaphore s_semaphore = new(1, 1);
    static readonly SemaphoreSlim s_slim = new(1, 1);
    static readonly ReaderWriterLockSlim s_read = new();
    static readonly ReaderWriterLockSlim s_write = new();
    static readonly ReaderWriterLockSlim s_upgradeable = new();
    static readonly ReaderWriterLock s_oldRead = new();
    static readonly object s_tried = new();
    static readonly Lock s_triedLock = new();
    static SpinLock s_spin = new(false);

    [FenceCritical, Row(Locks, "M:System.Threading.Monitor.Enter(System.Object)")]
    static void Monitor_Enter()
    {
        Monitor.Enter(s_monitor);
        Monitor.Exit(s_monitor);
    }

    [FenceCritical, Row(Locks, "M:System.Threading.Monitor.Enter(System.Object,System.Boolean@)")]
    static void Monitor_EnterTaken()
    {
        bool taken = false;
        Monitor.Enter(s_monitorTaken, ref taken);
        if (taken)
            Monitor.Exit(s_monitorTaken);
    }

    [FenceCritical, Row(Nothing, "M:System.Threading.Monitor.TryEnter(System.Object)")]
    static void Monitor_TryEnter()
    {
        if (Monitor.TryEnter(s_tried))
            Monitor.Exit(s_tried);
    }

    [FenceCritical, Row(Locks, "M:System.Threading.Lock.Enter")]
    static void Lock_Enter()
    {
        s_lock.Enter();
        s_lock.Exit();
    }

    [FenceCritical, Row(Locks, "M:System.Threading.Lock.EnterScope")]
    static void Lock_EnterScope()
    {
        using (s_scope.EnterScope())
            Out.Int++;
    }

    [FenceCritical, Row(Nothing, "M:System.Threading.Lock.TryEnter")]
    static void Lock_TryEnter()
    {
        if (s_triedLock.TryEnter())
            s_triedLock.Exit();
    }

    [FenceCritical, Row(Locks, "M:System.Threading.WaitHandle.WaitOne")]
    static void Mutex_WaitOne()
    {
        s_mutex.WaitOne();
        s_mutex.ReleaseMutex();
    }

    [FenceCritical, Row(Locks, "M:System.Threading.WaitHandle.WaitOne")]
    static void Semaphore_WaitOne()
    {
        s_semaphore.WaitOne();
        s_semaphore.Release();
    }

    [FenceCritical, Row(Locks, "M:System.Threading.SemaphoreSlim.Wait")]
    static void SemaphoreSlim_Wait()
    {
        s_slim.Wait();
        s_slim.Release();
    }

    [FenceCritical, Row(Locks, "M:System.Threading.ReaderWriterLockSlim.EnterReadLock")]
    static void ReaderWriterLockSlim_EnterReadLock()
    {
        s_read.EnterReadLock();
        s_read.ExitReadLock();
    }

    [FenceCritical, Row(Locks, "M:System.Threading.ReaderWriterLockSlim.EnterWriteLock")]
    static void ReaderWriterLockSlim_EnterWriteLock()
    {
        s_write.EnterWriteLock();
        s_write.ExitWriteLock();
    }

    [FenceCritical, Row(Locks, "M:System.Threading.ReaderWriterLockSlim.EnterUpgradeableReadLock")]
    static void ReaderWriterLockSlim_EnterUpgradeableReadLock()
    {
        s_upgradeable.EnterUpgradeableReadLock();
        s_upgradeable.ExitUpgradeableReadLock();
    }

    [FenceCritical, Row(Locks, "M:System.Threading.ReaderWriterLock.AcquireReaderLock(System.Int32)",
        NotMeasured = "keeps a record for each thread, made at its first acquisition")]
    static void ReaderWriterLock_AcquireReaderLock()
    {
        s_oldRead.AcquireReaderLock(-1);
        s_oldRead.ReleaseReaderLock();
    }

    [FenceCritical, Row(Locks, "M:System.Threading.SpinLock.Enter(System.Boolean@)")]
    static void SpinLock_Enter()
    {
        bool taken = false;
        s_spin.Enter(ref taken);
        if (taken)
            s_spin.Exit();
    }

    static void TaintMonitors()
    {
        lock (s_monitor)
            Heap.Allocate();
        lock (s_monitorTaken)
            Heap.Allocate();
    }

    static void TaintLocks()
    {
        lock (s_lock)
            Heap.Allocate();
        lock (s_scope)
            Heap.Allocate();
    }

    static void TaintSemaphores()
    {
        s_slim.Wait();
        Heap.Allocate();
        s_slim.Release();
        s_semaphore.WaitOne();
        Heap.Allocate();
        s_semaphore.Release();
        s_mutex.WaitOne();
        Heap.Allocate();
        s_mutex.ReleaseMutex();
    }

    static void TaintReaderWriterLocks()
    {
        s_read.EnterReadLock();
        Heap.Allocate();
        s_read.ExitReadLock();
        s_write.EnterWriteLock();
        Heap.Allocate();
        s_write.ExitWriteLock();
        s_upgradeable.EnterUpgradeableReadLock();
        Heap.Allocate();
        s_upgradeable.ExitUpgradeableReadLock();
        s_oldRead.AcquireReaderLock(-1);
        Heap.Allocate();
        s_oldRead.ReleaseReaderLock();
    }

    static void TaintSpinLock()
    {
        bool taken = false;
        s_spin.Enter(ref taken);
        Heap.Allocate();
        if (taken)
            s_spin.Exit();
    }
}
