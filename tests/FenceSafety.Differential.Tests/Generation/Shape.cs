namespace FenceSafety.Differential.Tests.Generation;

/// <summary>What a method is, and so how it is called.</summary>
internal enum Shape
{
    Static,
    LockParameter,
    Flags,
    DelegateParameter,
    Interface,
    Virtual,
    Generic,
    Property,
    Constructor,
    Operator,
    LocalFunction,
    Instance,
    Injected,
    RequiresLock,
    RequiresLockOnly,
    Thrower,
    TakeAndGive,
    DeclaredTakeAndGive,
    TryHelper,
    GuardHelper,
    DelegateField,
    Iterator,
    Retaker,
    Opaque,
    Async,
    Event,
    Recursive,
    Mutual,
    RefParameter,
    OutParameter,
    StaticAbstract,
    DefaultImplementation,
    Capturing,
    CapturingLambda,
    AsyncIterator,
    Partial,
    Extension,
    Handler,
    Indexer,
    Conversion,
    Deconstruction,
    Enumerator,
    Disposed,
    StaticConstructor,
    Created,
    Record,
    GenericType,
    Synchronized,
    Initializer,
    Query,
    Sequence,
}

/// <summary>A method of the program.</summary>
internal sealed record Method(int Index, Shape Shape)
{
    public string Name => "M" + Index;

    /// <summary>It is fence-critical by declaration, and so a boundary to its callers.</summary>
    public bool IsCritical { get; init; }

    /// <summary>An annotation file says so, and not the text.</summary>
    public bool IsFiled { get; init; }

    public string Feature => "call: " + Shape switch
    {
        Shape.LockParameter => "lock parameter",
        Shape.DelegateParameter => "delegate parameter",
        Shape.RequiresLock => "requires lock",
        Shape.RequiresLockOnly => "requires lock, nothing else",
        Shape.RefParameter => "ref parameter",
        Shape.OutParameter => "out parameter",
        Shape.StaticAbstract => "static abstract member",
        Shape.DefaultImplementation => "default interface method",
        Shape.Capturing => "capturing local function",
        Shape.CapturingLambda => "capturing lambda",
        Shape.Mutual => "mutual recursion",
        Shape.Recursive => "recursion",
        Shape.TakeAndGive => "take and give",
        Shape.DeclaredTakeAndGive => "declared take and give",
        Shape.TryHelper => "try helper",
        Shape.GuardHelper => "guard helper",
        Shape.DelegateField => "delegate field",
        Shape.LocalFunction => "local function",
        Shape.AsyncIterator => "async iterator",
        Shape.Partial => "partial member",
        Shape.Extension => "extension method",
        Shape.Handler => "interpolated string handler",
        Shape.Enumerator => "enumerator by pattern",
        Shape.Disposed => "Dispose of a struct",
        Shape.StaticConstructor => "static constructor",
        Shape.Created => "new of a type parameter",
        Shape.GenericType => "generic type",
        Shape.Synchronized => "synchronized method",
        Shape.Initializer => "collection initializer",
        Shape.Query => "query operator",
        Shape.Sequence => "query of the framework",
        _ => Shape.ToString().ToLowerInvariant(),
    };
}
