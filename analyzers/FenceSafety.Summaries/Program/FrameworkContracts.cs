using FenceSafety.Core.Facts;
using FenceSafety.Core.Summaries.External;

namespace FenceSafety.Summaries.Program;

/// <summary>What the shipped framework summary says; a member without a line is unknown.</summary>
sealed class FrameworkContracts
{
    readonly SummaryFile? _file;

    FrameworkContracts(SummaryFile? file) => _file = file;

    /// <summary>Nothing is known of the framework: for whoever makes its summary.</summary>
    public static readonly FrameworkContracts None = new(null);

    public static FrameworkContracts Shipped() => new(SummaryFile.OpenTrusted(Bytes()));

    public static byte[] Bytes()
    {
        using var stream = typeof(FrameworkContracts).Assembly.GetManifestResourceStream("Framework.fencesum")
            ?? throw new InvalidOperationException("the framework's summary is missing in this program");
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Adds what is known of a framework member.</summary>
    public MemberContract Apply(MemberContract contract, string id)
    {
        if (_file?.Find(id, out _) is not { } member)
            return contract;
        var closed = ClosedMember.Of(member);
        return contract with { Closed = true, Managed = closed.Managed, BlockingWait = closed.Waits, CallsBack = closed.CallsBack, Invokes = closed.Invokes };
    }
}
