using System.Collections.Concurrent;
using static FenceSafety.Analyzers.Tests.Framework.Table.Effect;

namespace FenceSafety.Analyzers.Tests.Framework.Table;

/// <summary>Unbounded waits. They are not run: they might not end, and what they allocate does not count.</summary>
static class WaitRows
{
    const string Waiting = "an unbounded wait";

    static readonly Task s_task = Task.CompletedTask;
    static readonly Task<int> s_value = Task.FromResult(1);
    static readonly ValueTask<int> s_valueTask = new(1);
    static readonly Task[] s_tasks = [s_task];
    static readonly Thread s_thread = new(static () => { });
    static readonly ManualResetEventSlim s_event = new(true);
    static readonly ManualResetEvent s_handle = new(true);
    static readonly CountdownEvent s_countdown = new(1);
    static readonly Barrier s_barrier = new(1);
    static readonly BlockingCollection<int> s_blocking = [];
    static readonly object s_gate = new();

    [FenceCritical, Row(Waits, "M:System.Threading.Tasks.Task.Wait", NotMeasured = Waiting)]
    static void Task_Wait() => s_task.Wait();

    [FenceCritical, Row(Waits, "M:System.Threading.Tasks.Task.WaitAll(System.Threading.Tasks.Task[])", NotMeasured = Waiting)]
    static void Task_WaitAll() => Task.WaitAll(s_tasks);

    [FenceCritical, Row(Waits, "M:System.Threading.Tasks.Task.WaitAny(System.Threading.Tasks.Task[])", NotMeasured = Waiting)]
    static void Task_WaitAny() => Out.Int = Task.WaitAny(s_tasks);

    [FenceCritical, Row(Waits, "M:System.Threading.Tasks.Task`1.get_Result", NotMeasured = Waiting)]
    static void Task_Result() => Out.Int = s_value.Result;

    [FenceCritical, Row(Waits, "M:System.Threading.Tasks.ValueTask`1.get_Result", NotMeasured = Waiting)]
    static void ValueTask_Result() => Out.Int = s_valueTask.Result;

    [FenceCritical, Row(Waits, "M:System.Runtime.CompilerServices.TaskAwaiter.GetResult", NotMeasured = Waiting)]
    static void TaskAwaiter_GetResult() => s_task.GetAwaiter().GetResult();

    [FenceCritical, Row(Waits, "M:System.Runtime.CompilerServices.TaskAwaiter`1.GetResult", NotMeasured = Waiting)]
    static void TaskAwaiterOfT_GetResult() => Out.Int = s_value.GetAwaiter().GetResult();

    [FenceCritical, Row(Waits, "M:System.Threading.Thread.Join", NotMeasured = Waiting)]
    static void Thread_Join() => s_thread.Join();

    [FenceCritical, Row(Waits, "M:System.Threading.Thread.Sleep(System.Int32)", NotMeasured = Waiting)]
    static void Thread_Sleep() => Thread.Sleep(1);

    [FenceCritical, Row(Waits, "M:System.Threading.WaitHandle.WaitOne", NotMeasured = Waiting)]
    static void WaitHandle_WaitOne() => s_handle.WaitOne();

    [FenceCritical, Row(Waits, "M:System.Threading.WaitHandle.WaitAny(System.Threading.WaitHandle[])", NotMeasured = Waiting)]
    static void WaitHandle_WaitAny() => Out.Int = WaitHandle.WaitAny(s_handles);

    static readonly WaitHandle[] s_handles = [s_handle];

    [FenceCritical, Row(Waits, "M:System.Threading.ManualResetEventSlim.Wait", NotMeasured = Waiting)]
    static void ManualResetEventSlim_Wait() => s_event.Wait();

    [FenceCritical, Row(Waits, "M:System.Threading.CountdownEvent.Wait", NotMeasured = Waiting)]
    static void CountdownEvent_Wait() => s_countdown.Wait();

    [FenceCritical, Row(Waits, "M:System.Threading.Barrier.SignalAndWait", NotMeasured = Waiting)]
    static void Barrier_SignalAndWait() => s_barrier.SignalAndWait();

    [FenceCritical, Row(Waits, "M:System.Threading.SpinWait.SpinUntil(System.Func{System.Boolean})", NotMeasured = Waiting)]
    static void SpinWait_SpinUntil() => SpinWait.SpinUntil(static () => true);

    [FenceCritical, Row(Waits, "M:System.Collections.Concurrent.BlockingCollection`1.Take", NotMeasured = Waiting)]
    static void BlockingCollection_Take() => Out.Int = s_blocking.Take();

    [FenceCritical, Row(Waits, "M:System.Threading.Monitor.Wait(System.Object)", NotMeasured = Waiting), RequiresLock(nameof(s_gate))]
    static void Monitor_Wait() => Monitor.Wait(s_gate);

    [FenceCritical, Row(Nothing, "M:System.Threading.Monitor.PulseAll(System.Object)",
        NotMeasured = "called with the lock held"), RequiresLock(nameof(s_gate))]
    static void Monitor_PulseAll() => Monitor.PulseAll(s_gate);
}
