using System.Collections.Immutable;
using FenceSafety.Core.Facts;
using FenceSafety.Summaries.Metadata;
using FenceSafety.Summaries.Program;

namespace FenceSafety.Summaries.Bodies;

/// <summary>What all calls of one member have in common: made for the first, for there are millions.</summary>
sealed class CallShape
{
    /// <summary>It may be one of the calls that stand for something else.</summary>
    public required bool MayBeSpecial { get; init; }

    /// <summary>It may be a lock API's.</summary>
    public required bool MayBeLock { get; init; }

    /// <summary>Attributes of ours may say something of it.</summary>
    public required bool MayBeAnnotated { get; init; }

    public required CallTarget.Exact Exact { get; init; }

    /// <summary>What the result is if the callee says nothing more.</summary>
    public required Value ResultType { get; init; }

    public required bool ResultIsDisposable { get; init; }

    public required bool IsDispose { get; init; }

    /// <summary>Hands out what is in its receiver.</summary>
    public required bool IsElement { get; init; }

    /// <summary>A member of a framework collection.</summary>
    public required bool IsCollection { get; init; }

    /// <summary>A hole of an interpolated string: the handler asks the value for its text.</summary>
    public required bool AsksText { get; init; }

    /// <summary>A view of its receiver's elements.</summary>
    public required bool IsView { get; init; }

    public required bool MayBeIterator { get; init; }

    /// <summary>See <see cref="CallOp.IsQuery"/>.</summary>
    public required bool IsQuery { get; init; }

    /// <summary>See <see cref="CallOp.Deferred"/>.</summary>
    public required ImmutableArray<int> Deferred { get; init; }

    /// <summary>A member of another assembly may enumerate these parameters.</summary>
    public required ImmutableArray<int> Enumerated { get; init; }

    /// <summary>A task that is complete when it is made.</summary>
    public required bool IsComplete { get; init; }

    public required bool IsInvoke { get; init; }

    /// <summary>What messages call an allocation by this constructor.</summary>
    public required string Creation { get; init; }

    public static CallShape Of(MethodUse method, BodySource source) => new()
    {
        MayBeSpecial = method.TypeName is "System.Type" or "System.Object" or "System.Enum" or "System.Activator" or "System.Collections.IEnumerator" or "System.Collections.Generic.IEnumerator`1" or "System.Collections.Generic.IAsyncEnumerator`1"
            || IsTask(method.TypeName),
        MayBeLock = method.TypeName.StartsWith("System.Threading.", StringComparison.Ordinal),
        MayBeAnnotated = method.Node?.Type.Assembly.MentionsAnnotations == true,
        Exact = new CallTarget.Exact(method.Id, method.EngineTypeArguments),
        ResultType = ResultOf(method, source.Declarations),
        ResultIsDisposable = !method.ReturnsVoid && method.ReturnType.Node is { IsDisposable: true, DocName: not "System.Threading.Tasks.Task" },
        IsDispose = method.Name is "Dispose" or "DisposeAsync" && method.Parameters.IsEmpty && !method.IsStatic,
        IsElement = HandsOutElements(method),
        IsCollection = IsOfCollection(method),
        AsksText = method is { Name: "AppendFormatted", TypeArguments.Length: 1 } && Names.IsFramework(method.Node?.Type.Assembly.Name ?? ""),
        IsView = method.Name is "get_Values" or "get_Keys" && method.TypeName.StartsWith("System.Collections.", StringComparison.Ordinal),
        MayBeIterator = MakesIterators(method, source),
        IsQuery = IsQueryOf(method),
        Deferred = IsQueryOf(method) ? Parameters(method, static p => p is NamedType named && IsDelegate(named)) : [],
        Enumerated = method.Node is { } callee && source.Declarations.IsSource(callee.Type) ? [] : Parameters(method, IsEnumerable),
        IsComplete = method.TypeName is "System.Threading.Tasks.Task" or "System.Threading.Tasks.ValueTask" && method.Name is "FromResult" or "get_CompletedTask",
        Creation = method.Name == ".ctor" ? "new " + Names.Of(method.Declaring) : "",
        IsInvoke = method.Name == "Invoke" && IsDelegate(method.Declaring),
    };

    public static bool IsTask(string type) =>
        type is "System.Threading.Tasks.Task" or "System.Threading.Tasks.Task`1" or "System.Threading.Tasks.ValueTask" or "System.Threading.Tasks.ValueTask`1";

    public static bool IsDelegate(NamedType type) =>
        type.Definition?.IsDelegate ?? type.Name.StartsWith("System.Action", StringComparison.Ordinal) || (type.Definition is null && type.Name.StartsWith("System.Func`", StringComparison.Ordinal));

    static Value ResultOf(MethodUse method, Declarations declarations) =>
        method.ReturnsVoid || (method.ReturnType is NamedType { Definition: { IsValueType: true, IsDisposable: false } } or NamedType { IsValueType: true, Definition: null })
            ? Value.None
            : declarations.Opaque(method.ReturnType.WithoutReference);

    /// <summary>Members of framework collections: an element has the lock class of its collection.</summary>
    static bool HandsOutElements(MethodUse method) => IsOfCollection(method) && (method.Signature.ReturnType.WithoutReference is TypeParameter { OfMethod: false } || method.Name == "GetEnumerator");

    static bool IsOfCollection(MethodUse method) => !method.IsStatic
        && (method.TypeName.StartsWith("System.Collections.", StringComparison.Ordinal) || method.TypeName is "System.Span`1" or "System.ReadOnlySpan`1" or "System.Memory`1" or "System.ArraySegment`1");

    /// <summary>An iterator, or a member that may be one: whoever reads the facts knows.</summary>
    static bool MakesIterators(MethodUse method, BodySource source)
    {
        if (method.Node is not { } node)
            return false;
        bool isSource = source.Declarations.IsSource(node.Type);
        if (isSource && source.Indexes(node.Type.Assembly).Machines.Of(node) is { } machine)
            return machine.Kind is StateMachine.Iterator or StateMachine.AsyncIterator;
        return IsEnumerable(method.ReturnType)
            && (isSource ? node.IsVirtual || node.Type.IsInterface : !Names.IsFramework(node.Type.Assembly.Name));
    }

    /// <summary>The interfaces of iterators.</summary>
    public static bool IsEnumerable(IlType type) => type is NamedType
    {
        Name: "System.Collections.IEnumerable" or "System.Collections.IEnumerator" or "System.Collections.Generic.IEnumerable`1" or "System.Collections.Generic.IEnumerator`1"
            or "System.Collections.Generic.IAsyncEnumerable`1" or "System.Collections.Generic.IAsyncEnumerator`1",
    };

    static bool IsQueryOf(MethodUse method) => method is { IsStatic: true, TypeName: "System.Linq.Enumerable" }
        && (IsEnumerable(method.ReturnType) || method.ReturnType is NamedType { Name: "System.Linq.IOrderedEnumerable`1" });

    static ImmutableArray<int> Parameters(MethodUse method, Func<IlType, bool> fits) => [.. Enumerable.Range(0, method.Parameters.Length).Where(i => fits(method.Parameters[i]))];
}
