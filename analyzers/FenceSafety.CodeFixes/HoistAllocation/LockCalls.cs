using FenceSafety.Analyzers.Annotations;
using FenceSafety.Analyzers.Bodies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace FenceSafety.CodeFixes.HoistAllocation;

/// <summary>Calls that take or give a lock by what the framework or an attribute says of them.</summary>
static class LockCalls
{
    public static bool Acquires(IInvocationOperation call) =>
        LockApi.Recognize(call) is { IsAcquire: true } || Has(call.TargetMethod, Attributes.AcquiresLock);

    /// <summary>The code after the call may run, or not run, without the lock: it is a try, or can be cancelled.</summary>
    public static bool MayFail(IInvocationOperation call) =>
        LockApi.Recognize(call) is { ReturnsTaken: true } or { Mode.NonBlocking: true }
        || call.TargetMethod.Name.StartsWith("Try", StringComparison.Ordinal)
        || call.TargetMethod.GetAttributes().Any(static a => Attributes.NameOf(a) == Attributes.AcquiresLock && a.NamedArguments.Any(static n => n is { Key: "Try", Value.Value: true }))
        || call.Arguments.Any(static a => a.Value is { Type.Name: "CancellationToken" } and not IDefaultValueOperation and not IPropertyReferenceOperation { Property.Name: "None" });

    public static bool Releases(IInvocationOperation call) =>
        LockApi.Recognize(call) is { IsAcquire: false } || Has(call.TargetMethod, Attributes.ReleasesLock, Attributes.EndsFenceCritical)
        || (call.TargetMethod.Name == "Dispose" && call.Arguments.IsEmpty && call.Instance is ILocalReferenceOperation);

    public static bool IsReceiverTheLock(IInvocationOperation call) =>
        LockApi.Recognize(call) is { FromArgument: false }
        || (Has(call.TargetMethod, Attributes.AcquiresLock) && !NamedLocks(call.TargetMethod).Any());

    /// <summary>The locks that <c>[AcquiresLock("name")]</c> names.</summary>
    public static IEnumerable<ISymbol> NamedLocks(IMethodSymbol method) =>
        method.OriginalDefinition.GetAttributes().Where(static a => Attributes.NameOf(a) == Attributes.AcquiresLock)
            .SelectMany(static a => a.ConstructorArguments)
            .Select(static c => c.Kind == TypedConstantKind.Array ? c.Values.FirstOrDefault().Value : c.Value)
            .OfType<string>()
            .SelectMany(name => method.OriginalDefinition.ContainingType.GetMembers(name));

    public static bool Has(ISymbol symbol, params string[] attributes) =>
        symbol.OriginalDefinition.GetAttributes().Any(a => Attributes.NameOf(a) is { } name && attributes.Contains(name));
}
