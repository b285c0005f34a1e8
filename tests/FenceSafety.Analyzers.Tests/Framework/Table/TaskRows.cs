using static FenceSafety.Analyzers.Tests.Framework.Table.Effect;

namespace FenceSafety.Analyzers.Tests.Framework.Table;

/// <summary>Tasks that are made, completed and asked, but not waited for; delegates.</summary>
static class TaskRows
{
    static readonly Task s_task = Task.CompletedTask;
    static readonly ValueTask<int> s_valueTask = new(1);
    static readonly Action s_action = static () => { };
    static TaskCompletionSource<int> s_source = new();

    static void NewSource() => s_source = new TaskCompletionSource<int>();

    [FenceCritical, Row(Nothing, "M:System.Threading.Tasks.Task.get_CompletedTask")]
    static void Task_CompletedTask() => Out.Object = Task.CompletedTask;

    [FenceCritical, Row(Nothing, "M:System.Threading.Tasks.Task.get_IsCompleted")]
    static void Task_IsCompleted() => Out.Bool = s_task.IsCompleted;

    [FenceCritical, Row(Nothing, "M:System.Threading.Tasks.Task.get_Status")]
    static void Task_Status() => Out.Int = (int)s_task.Status;

    [FenceCritical, Row(Nothing, "M:System.Threading.Tasks.ValueTask`1.get_IsCompletedSuccessfully")]
    static void ValueTask_IsCompletedSuccessfully() => Out.Bool = s_valueTask.IsCompletedSuccessfully;

    [FenceCritical, Row(Allocates, "M:System.Threading.Tasks.Task.FromResult``1(``0)")]
    static void Task_FromResult() => Out.Object = Task.FromResult(12345);

    [FenceCritical, Row(Nothing, "M:System.Threading.Tasks.ValueTask.FromResult``1(``0)")]
    static void ValueTask_FromResult() => Out.Bool = ValueTask.FromResult(12345).IsCompleted;

    [FenceCritical, Row(Allocates, "M:System.Threading.Tasks.Task.Delay(System.Int32)")]
    static void Task_Delay() => Out.Object = Task.Delay(1);

    [FenceCritical, Row(Allocates, "M:System.Threading.Tasks.Task.Run(System.Action)")]
    static void Task_Run() => Out.Object = Task.Run(s_action);

    [FenceCritical, Row(Allocates, "M:System.Threading.Tasks.Task.WhenAll(System.Threading.Tasks.Task[])")]
    static void Task_WhenAll() => Out.Object = Task.WhenAll(s_tasks);

    static readonly Task[] s_tasks = [new TaskCompletionSource().Task, new TaskCompletionSource().Task];

    [FenceCritical, Row(Allocates, "M:System.Threading.Tasks.TaskCompletionSource.#ctor")]
    static void TaskCompletionSource_Constructor() => Out.Object = new TaskCompletionSource();

    [FenceCritical, Row(Unknown, "M:System.Threading.Tasks.TaskCompletionSource`1.TrySetResult(`0)",
        NotMeasured = "runs continuations", Before = nameof(NewSource))]
    static void TaskCompletionSource_TrySetResult() => Out.Bool = s_source.TrySetResult(1);

    [FenceCritical, Row(Allocates, "M:System.Threading.ThreadPool.QueueUserWorkItem(System.Threading.WaitCallback)",
        NotMeasured = "the pool's own queues grow")]
    static void ThreadPool_QueueUserWorkItem() => Out.Bool = ThreadPool.QueueUserWorkItem(static _ => { });

    [FenceCritical, Row(Nothing, "M:System.Delegate.get_Target")]
    static void Delegate_Target() => Out.Object = s_action.Target;

    [FenceCritical, Row(Allocates, "M:System.Delegate.Combine(System.Delegate,System.Delegate)", Kind = "delegate")]
    static void Delegate_Combine() => Out.Object = Delegate.Combine(s_action, s_action);

    [FenceCritical, Row(Allocates, "M:System.MulticastDelegate.GetInvocationList", Kind = "array")]
    static void Delegate_GetInvocationList() => Out.Object = s_action.GetInvocationList();

    [FenceCritical, Row(Unknown, "M:System.Lazy`1.get_Value", NotMeasured = "may run the factory")]
    static void Lazy_Value() => Out.Int = s_lazy.Value;

    static readonly Lazy<int> s_lazy = new(static () => 1);

    [FenceCritical, Row(Nothing, "M:System.ArgumentNullException.ThrowIfNull(System.Object,System.String)")]
    static void ArgumentNullException_ThrowIfNull() => ArgumentNullException.ThrowIfNull(s_task);

    [FenceCritical, Row(Nothing, "M:System.ArgumentOutOfRangeException.ThrowIfNegative``1(``0,System.String)")]
    static void ArgumentOutOfRangeException_ThrowIfNegative() => ArgumentOutOfRangeException.ThrowIfNegative(Out.Int & 1);

    [FenceCritical, Row(Nothing, "M:System.Object.GetType")]
    static void Object_GetType() => Out.Object = s_task.GetType();

    [FenceCritical, Row(Nothing, "M:System.Object.ReferenceEquals(System.Object,System.Object)")]
    static void Object_ReferenceEquals() => Out.Bool = ReferenceEquals(s_task, s_action);

    [FenceCritical, Row(Nothing, "M:System.WeakReference`1.TryGetTarget(`0@)")]
    static void WeakReference_TryGetTarget() => Out.Bool = s_weak.TryGetTarget(out _);

    static readonly WeakReference<Action> s_weak = new(s_action);

    [FenceCritical, Row(Allocates | Unknown, "M:System.Activator.CreateInstance``1")]
    static void Activator_CreateInstance() => Out.Object = Activator.CreateInstance<System.Text.StringBuilder>();
}
