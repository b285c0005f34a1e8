using System.Collections.Concurrent;
using System.Threading.Channels;
using static FenceSafety.Analyzers.Tests.Framework.Table.Effect;

namespace FenceSafety.Analyzers.Tests.Framework.Table;

/// <summary>What threads share without blocking each other: atomics, events, tokens, concurrent collections, channels.</summary>
static class ThreadRows
{
    static readonly ManualResetEventSlim s_event = new();
    static readonly AutoResetEvent s_autoEvent = new(false);
    static readonly CountdownEvent s_countdown = new(1);
    static readonly CancellationTokenSource s_source = new();
    static readonly ThreadLocal<int> s_perThread = new();
    static readonly AsyncLocal<int> s_perFlow = new();
    static readonly ConcurrentDictionary<int, int> s_map = new() { [1] = 1 };
    static readonly ConcurrentQueue<int> s_queue = new();
    static readonly ConcurrentStack<int> s_stack = new();
    static readonly ConcurrentBag<int> s_bag = [];
    static readonly BlockingCollection<int> s_blocking = [];
    static readonly Channel<int> s_channel = Channel.CreateUnbounded<int>();
    static readonly object s_gate = new();
    static readonly string s_words = "some text";
    static object? s_slot;

    [FenceCritical, Row(Nothing, "M:System.Threading.Volatile.Read(System.Int32@)")]
    static void Volatile_Read() => Out.Int = Volatile.Read(ref Out.Int);

    [FenceCritical, Row(Nothing, "M:System.Threading.Volatile.Write(System.Boolean@,System.Boolean)")]
    static void Volatile_Write() => Volatile.Write(ref Out.Bool, true);

    [FenceCritical, Row(Nothing, "M:System.Threading.Interlocked.Increment(System.Int32@)")]
    static void Interlocked_Increment() => Interlocked.Increment(ref Out.Int);

    [FenceCritical, Row(Nothing, "M:System.Threading.Interlocked.CompareExchange(System.Object@,System.Object,System.Object)")]
    static void Interlocked_CompareExchange() => Out.Object = Interlocked.CompareExchange(ref s_slot, s_words, null);

    [FenceCritical, Row(Nothing, "M:System.Threading.Interlocked.Exchange(System.Int64@,System.Int64)")]
    static void Interlocked_Exchange() => Out.Long = Interlocked.Exchange(ref Out.Long, 4);

    [FenceCritical, Row(Nothing, "M:System.Threading.Interlocked.MemoryBarrier")]
    static void Interlocked_MemoryBarrier() => Interlocked.MemoryBarrier();

    [FenceCritical, Row(Nothing, "M:System.Threading.Thread.get_CurrentThread")]
    static void Thread_CurrentThread() => Out.Object = Thread.CurrentThread;

    [FenceCritical, Row(Nothing, "M:System.Environment.get_CurrentManagedThreadId")]
    static void Environment_CurrentManagedThreadId() => Out.Int = Environment.CurrentManagedThreadId;

    [FenceCritical, Row(Nothing, "M:System.Threading.Thread.Yield")]
    static void Thread_Yield() => Out.Bool = Thread.Yield();

    [FenceCritical, Row(Nothing, "M:System.Threading.Thread.SpinWait(System.Int32)")]
    static void Thread_SpinWait() => Thread.SpinWait(1);

    [FenceCritical, Row(Nothing, "M:System.Threading.Monitor.IsEntered(System.Object)")]
    static void Monitor_IsEntered() => Out.Bool = Monitor.IsEntered(s_gate);

    static void Reset() => s_event.Reset();

    [FenceCritical, Row(Nothing, "M:System.Threading.ManualResetEventSlim.Set", Before = nameof(Reset))]
    static void ManualResetEventSlim_Set() => s_event.Set();

    [FenceCritical, Row(Nothing, "M:System.Threading.ManualResetEventSlim.get_IsSet")]
    static void ManualResetEventSlim_IsSet() => Out.Bool = s_event.IsSet;

    [FenceCritical, Row(Nothing, "M:System.Threading.EventWaitHandle.Set")]
    static void EventWaitHandle_Set() => Out.Bool = s_autoEvent.Set();

    static void CountOne() => s_countdown.Reset(2);

    [FenceCritical, Row(Nothing, "M:System.Threading.CountdownEvent.Signal", Before = nameof(CountOne))]
    static void CountdownEvent_Signal() => Out.Bool = s_countdown.Signal();

    [FenceCritical, Row(Nothing, "M:System.Threading.CancellationTokenSource.get_Token")]
    static void CancellationTokenSource_Token() => Out.Bool = s_source.Token.CanBeCanceled;

    [FenceCritical, Row(Nothing, "M:System.Threading.CancellationToken.get_IsCancellationRequested")]
    static void CancellationToken_IsCancellationRequested() => Out.Bool = s_source.Token.IsCancellationRequested;

    [FenceCritical, Row(Nothing, "M:System.Threading.CancellationToken.ThrowIfCancellationRequested")]
    static void CancellationToken_ThrowIfCancellationRequested() => s_source.Token.ThrowIfCancellationRequested();

    [FenceCritical, Row(Allocates, "M:System.Threading.CancellationTokenSource.#ctor")]
    static void CancellationTokenSource_Constructor() => Out.Object = new CancellationTokenSource();

    [FenceCritical, Row(Unknown, "M:System.Threading.CancellationTokenSource.Cancel", NotMeasured = "runs what was registered")]
    static void CancellationTokenSource_Cancel() => s_source.Cancel();

    [FenceCritical, Row(Allocates | Unknown, "M:System.Threading.ThreadLocal`1.get_Value", NotMeasured = "may run the factory")]
    static void ThreadLocal_Value() => Out.Int = s_perThread.Value;

    [FenceCritical, Row(Nothing, "M:System.Threading.AsyncLocal`1.get_Value")]
    static void AsyncLocal_Value() => Out.Int = s_perFlow.Value;

    [FenceCritical, Row(Nothing, "M:System.Collections.Concurrent.ConcurrentDictionary`2.TryGetValue(`0,`1@)")]
    static void ConcurrentDictionary_TryGetValue() => Out.Bool = s_map.TryGetValue(1, out Out.Int);

    [FenceCritical, Row(Nothing, "M:System.Collections.Concurrent.ConcurrentDictionary`2.ContainsKey(`0)")]
    static void ConcurrentDictionary_ContainsKey() => Out.Bool = s_map.ContainsKey(1);

    [FenceCritical, Row(Nothing, "M:System.Collections.Concurrent.ConcurrentDictionary`2.TryRemove(`0,`1@)")]
    static void ConcurrentDictionary_TryRemove() => Out.Bool = s_map.TryRemove(9, out Out.Int);

    static void Remove9() => s_map.TryRemove(9, out _);

    [FenceCritical, Row(Allocates, "M:System.Collections.Concurrent.ConcurrentDictionary`2.TryAdd(`0,`1)", Before = nameof(Remove9))]
    static void ConcurrentDictionary_TryAdd() => Out.Bool = s_map.TryAdd(9, 9);

    static void Empty()
    {
        s_queue.Clear();
        s_stack.Clear();
        s_bag.Clear();
    }

    static void One()
    {
        s_queue.Enqueue(1);
        s_stack.Push(1);
        s_bag.Add(1);
        s_channel.Writer.TryWrite(1);
    }

    [FenceCritical, Row(Nothing, "M:System.Collections.Concurrent.ConcurrentQueue`1.TryDequeue(`0@)", Before = nameof(One))]
    static void ConcurrentQueue_TryDequeue() => Out.Bool = s_queue.TryDequeue(out Out.Int);

    [FenceCritical, Row(Nothing, "M:System.Collections.Concurrent.ConcurrentQueue`1.TryPeek(`0@)", Before = nameof(One))]
    static void ConcurrentQueue_TryPeek() => Out.Bool = s_queue.TryPeek(out Out.Int);

    [FenceCritical, Row(Nothing, "M:System.Collections.Concurrent.ConcurrentStack`1.TryPop(`0@)", Before = nameof(One))]
    static void ConcurrentStack_TryPop() => Out.Bool = s_stack.TryPop(out Out.Int);

    [FenceCritical, Row(Allocates, "M:System.Collections.Concurrent.ConcurrentStack`1.Push(`0)", Before = nameof(Empty))]
    static void ConcurrentStack_Push() => s_stack.Push(1);

    [FenceCritical, Row(Nothing, "M:System.Collections.Concurrent.ConcurrentBag`1.TryTake(`0@)", Before = nameof(One))]
    static void ConcurrentBag_TryTake() => Out.Bool = s_bag.TryTake(out Out.Int);

    [FenceCritical, Row(Nothing, "M:System.Collections.Concurrent.BlockingCollection`1.TryTake(`0@)")]
    static void BlockingCollection_TryTake() => Out.Bool = s_blocking.TryTake(out Out.Int);

    [FenceCritical, Row(Unknown, "M:System.Threading.Channels.ChannelReader`1.TryRead(`0@)",
        NotMeasured = "abstract: a reader of one's own may be behind it")]
    static void ChannelReader_TryRead() => Out.Bool = s_channel.Reader.TryRead(out Out.Int);

    [FenceCritical, Row(Allocates, "M:System.Threading.Channels.Channel.CreateUnbounded``1")]
    static void Channel_CreateUnbounded() => Out.Object = Channel.CreateUnbounded<int>();
}
