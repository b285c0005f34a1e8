using FenceSafety.Analyzers.Annotations;
using FenceSafety.Analyzers.Bodies;
using FenceSafety.CodeFixes.HoistAllocation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace FenceSafety.CodeFixes.ReleaseInFinally;

/// <summary>Which calls take and give back the same lock.</summary>
static class Pairs
{
    public static bool Takes(IInvocationOperation call) => LockCalls.Acquires(call) || LockCalls.Has(call.TargetMethod, Attributes.BeginsFenceCritical);

    public static bool GivesBack(IInvocationOperation call) =>
        LockApi.Recognize(call) is { IsAcquire: false } || LockCalls.Has(call.TargetMethod, Attributes.ReleasesLock, Attributes.EndsFenceCritical);

    /// <summary>The lock in the user's words, and how it is held.</summary>
    public static string KeyOf(IInvocationOperation call)
    {
        if (LockCalls.Has(call.TargetMethod, Attributes.BeginsFenceCritical, Attributes.EndsFenceCritical))
            return "region of " + call.TargetMethod.ContainingType.ToDisplayString();
        var mode = LockApi.Recognize(call)?.Mode;
        bool isReaderWriter = call.Instance?.Type?.Name == "ReaderWriterLockSlim";
        string how = isReaderWriter ? (mode?.Shared == true ? " shared" : mode?.Upgrade == true ? " upgradeable" : " exclusive") : Shared(call) ? " shared" : "";
        return NameOf(call) + string.Concat(Named(call).Select(static n => "." + n)) + how;
    }

    public static string NameOf(IInvocationOperation call)
    {
        string text = LockApi.Recognize(call) is { FromArgument: true } && call.Arguments.FirstOrDefault(static a => a.Parameter?.Ordinal == 0) is { } argument
            ? argument.Value.Syntax.ToString()
            : ((InvocationExpressionSyntax)call.Syntax).Expression is MemberAccessExpressionSyntax m ? m.Expression.ToString() : "this";
        return text.StartsWith("this.", StringComparison.Ordinal) ? text.Substring("this.".Length) : text;
    }

    static IEnumerable<string> Named(IInvocationOperation call) => Locks(call.TargetMethod)
        .SelectMany(static a => a.ConstructorArguments).Select(static c => c.Value).OfType<string>().OrderBy(static n => n, StringComparer.Ordinal);

    static bool Shared(IInvocationOperation call) => Locks(call.TargetMethod).Any(static a => a.NamedArguments.Any(static n => n is { Key: "Shared", Value.Value: true }));

    static IEnumerable<AttributeData> Locks(IMethodSymbol method) =>
        method.OriginalDefinition.GetAttributes().Where(static a => Attributes.NameOf(a) is Attributes.AcquiresLock or Attributes.ReleasesLock);

    /// <summary>The call that gives back what this one takes, where only one can be meant.</summary>
    public static string? Counterpart(IInvocationOperation call)
    {
        if (((InvocationExpressionSyntax)call.Syntax).Expression is var called && Opposite(call) is not { } opposite)
            return null;
        string before = called is MemberAccessExpressionSyntax m ? m.Expression + m.OperatorToken.Text : "";
        bool isArgument = LockApi.Recognize(call) is { FromArgument: true };
        return before + opposite + "(" + (isArgument ? NameOf(call) : "") + ");";
    }

    static string? Opposite(IInvocationOperation call)
    {
        string name = call.TargetMethod.Name;
        if (LockApi.Recognize(call) is { } api)
        {
            return (name, call.Instance?.Type?.Name) switch
            {
                _ when api.TakenParameter >= 0 || api.Waits => null,
                ("Enter", _) => "Exit",
                ("Wait" or "WaitAsync", _) => "Release",
                ("WaitOne", "Mutex") => "ReleaseMutex",
                ("WaitOne", _) => "Release",
                ("AcquireReaderLock", _) => "ReleaseReaderLock",
                ("AcquireWriterLock", _) => "ReleaseWriterLock",
                _ when name.StartsWith("Enter", StringComparison.Ordinal) && name.EndsWith("Lock", StringComparison.Ordinal) => "Exit" + name.Substring("Enter".Length),
                _ => null,
            };
        }
        if (!LockCalls.Has(call.TargetMethod, Attributes.AcquiresLock))
            return null;
        var releases = call.TargetMethod.ContainingType.GetMembers().OfType<IMethodSymbol>()
            .Where(m => m.Parameters.IsEmpty && LockCalls.Has(m, Attributes.ReleasesLock) && SameLocks(m, call.TargetMethod)).ToList();
        return releases.Count == 1 ? releases[0].Name : null;
    }

    static bool SameLocks(IMethodSymbol release, IMethodSymbol acquire) => Describe(release).SequenceEqual(Describe(acquire));

    static IEnumerable<string> Describe(IMethodSymbol method) => Locks(method).Select(static a =>
            string.Concat(a.ConstructorArguments.Select(static c => c.Value as string)) + "/" + a.NamedArguments.Any(static n => n is { Key: "Shared", Value.Value: true }))
        .OrderBy(static d => d, StringComparer.Ordinal);
}
