using FenceSafety.Analyzers.Program;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Summaries.External;
using Microsoft.CodeAnalysis;

namespace FenceSafety.Analyzers.Framework;

/// <summary>
/// What framework members do, from the summary file inside the analyzer, which is generated (docs/summaries.md). Opened when a chain first
/// needs it; lines are looked up where they lie. A member without a line is unknown.
/// </summary>
sealed class FrameworkSummary
{
    const string Resource = "Framework.fencesum";

    readonly SummaryStream? _file;

    FrameworkSummary(SummaryStream? file) => _file = file;

    public static readonly FrameworkSummary Empty = new(null);

    public static FrameworkSummary Load()
    {
        // Kept open: the resource is mapped into memory, and read where it lies.
        var stream = typeof(FrameworkSummary).Assembly.GetManifestResourceStream(Resource);
        return stream is null ? Empty : new FrameworkSummary(SummaryStream.Open(stream));
    }

    public static FrameworkSummary Open(byte[] bytes) => new(SummaryStream.Open(new MemoryStream(bytes)));

    /// <summary>Adds what is known of a framework member; a member that is not listed stays unknown.</summary>
    public MemberContract Apply(MemberContract contract, IMethodSymbol method)
    {
        if (_file is null || !ClassHierarchy.IsFramework(method.ContainingAssembly))
            return contract;
        // `default`: there is no constructor.
        if (method is { MethodKind: MethodKind.Constructor, IsImplicitlyDeclared: true, ContainingType.IsValueType: true })
            return contract with { Closed = true };
        if (method.OriginalDefinition.GetDocumentationCommentId() is not { } id || _file.Find(id) is not { } member)
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
