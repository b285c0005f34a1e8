using FenceSafety.Analyzers.Program;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Summaries.External;
using Microsoft.CodeAnalysis;

namespace FenceSafety.Analyzers.Framework;

/// <summary>
/// What framework members do, from the summary file inside the analyzer, which is generated (docs/summaries.md). Opened when a chain first
/// needs it; lines are looked up in its bytes. A member without a line is unknown.
/// </summary>
sealed class FrameworkSummary
{
    const string Resource = "Framework.fencesum";

    readonly SummaryFile? _file;

    FrameworkSummary(SummaryFile? file) => _file = file;

    public static readonly FrameworkSummary Empty = new(null);

    public static FrameworkSummary Load()
    {
        using var stream = typeof(FrameworkSummary).Assembly.GetManifestResourceStream(Resource);
        if (stream is null)
            return Empty;
        byte[] bytes = new byte[stream.Length];
        for (int at = 0, read; at < bytes.Length && (read = stream.Read(bytes, at, bytes.Length - at)) > 0; at += read)
        {
        }
        return Open(bytes);
    }

    public static FrameworkSummary Open(byte[] bytes) => new(SummaryFile.OpenTrusted(bytes));

    /// <summary>Adds what is known of a framework member; a member that is not listed stays unknown.</summary>
    public MemberContract Apply(MemberContract contract, IMethodSymbol method)
    {
        if (_file is null || !ClassHierarchy.IsFramework(method.ContainingAssembly))
            return contract;
        // `default`: there is no constructor.
        if (method is { MethodKind: MethodKind.Constructor, IsImplicitlyDeclared: true, ContainingType.IsValueType: true })
            return contract with { Closed = true };
        if (method.OriginalDefinition.GetDocumentationCommentId() is not { } id || _file.Find(id, out _) is not { } member)
            return contract;
        var closed = ClosedMember.Of(member);
        return contract with
        {
            Closed = true,
            Managed = closed.Managed,
            BlockingWait = closed.Waits,
            CallsBack = closed.CallsBack,
            Invokes = closed.Invokes,
        };
    }
}
