using System.Collections.Immutable;
using System.Globalization;
using FenceSafety.Analyzers.Program;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Summaries.External;
using Microsoft.CodeAnalysis;

namespace FenceSafety.Analyzers.Framework;

/// <summary>
/// What framework members do, from the summary file inside the analyzer: <c>id; effects; reason</c> a line. A member's own line
/// comes first, then its property's, then its type's. Read once, when a chain first needs it.
/// </summary>
sealed class FrameworkSummary
{
    const string Resource = "Framework.fencesum";

    readonly Dictionary<string, string> _effects;
    readonly SummaryFile? _file;

    FrameworkSummary(Dictionary<string, string> effects, SummaryFile? file = null)
    {
        _effects = effects;
        _file = file;
    }

    public static readonly FrameworkSummary Empty = new(new Dictionary<string, string>());

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

    /// <summary>A summary file, of which lines are looked up in its bytes; or the table of the first release.</summary>
    public static FrameworkSummary Open(byte[] bytes)
    {
        const string Magic = "fencesum 2 ";
        bool isFile = bytes.Length > Magic.Length && Magic.Select(static (c, i) => (c, i)).All(p => bytes[p.i] == p.c);
        return isFile ? new FrameworkSummary(Empty._effects, SummaryFile.OpenTrusted(bytes)) : Parse(new StreamReader(new MemoryStream(bytes)));
    }

    public static FrameworkSummary Parse(TextReader reader)
    {
        var effects = new Dictionary<string, string>(StringComparer.Ordinal);
        for (string? line = reader.ReadLine(); line is not null; line = reader.ReadLine())
        {
            int first = line.IndexOf("; ", StringComparison.Ordinal);
            if (first <= 0 || line[0] == '#')
                continue;
            int second = line.IndexOf("; ", first + 2, StringComparison.Ordinal);
            if (second > 0)
                effects[line.Substring(0, first)] = line.Substring(first + 2, second - first - 2);
        }
        return new FrameworkSummary(effects);
    }

    /// <summary>Adds what is known of a framework member; a member that is not listed stays unknown.</summary>
    public MemberContract Apply(MemberContract contract, IMethodSymbol method)
    {
        if (_file is not null)
            return FromFile(contract, method);
        if (Find(method) is not { } effects)
            return contract;
        var invokes = ImmutableArray<int>.Empty;
        bool callsBack = false;
        foreach (string effect in effects.Split(','))
        {
            string e = effect.Trim();
            int colon = e.IndexOf(':');
            string argument = colon < 0 ? "" : e.Substring(colon + 1);
            switch (colon < 0 ? e : e.Substring(0, colon))
            {
                case "safe":
                    contract = contract with { Closed = true };
                    break;
                case "managed":
                    contract = contract with { Closed = true, Managed = argument };
                    break;
                case "growth":
                    contract = contract with { Closed = true, Managed = "growth" };
                    break;
                case "waits":
                    contract = contract with { Closed = true, BlockingWait = true };
                    break;
                case "invokes" when int.TryParse(argument, NumberStyles.None, CultureInfo.InvariantCulture, out int i):
                    contract = contract with { Closed = true };
                    invokes = invokes.Add(i);
                    break;
                case "unknown":
                    callsBack = true;
                    break;
            }
        }
        return contract with { Invokes = invokes, Closed = contract.Closed || callsBack, CallsBack = callsBack };
    }

    MemberContract FromFile(MemberContract contract, IMethodSymbol method)
    {
        if (!ClassHierarchy.IsFramework(method.ContainingAssembly))
            return contract;
        var ids = new ISymbol?[] { method, method.AssociatedSymbol, method.ContainingType }.Select(static s => s?.OriginalDefinition.GetDocumentationCommentId()).OfType<string>();
        if (ids.Select(id => _file!.Find(id, out _)).FirstOrDefault(static m => m is not null) is not { } member)
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

    string? Find(IMethodSymbol method)
    {
        if (method.OriginalDefinition.GetDocumentationCommentId() is { } id && _effects.TryGetValue(id, out string? effects))
            return effects;
        if (method.AssociatedSymbol?.OriginalDefinition.GetDocumentationCommentId() is { } owner && _effects.TryGetValue(owner, out effects))
            return effects;
        return method.ContainingType?.OriginalDefinition.GetDocumentationCommentId() is { } type && _effects.TryGetValue(type, out effects)
            ? effects
            : null;
    }
}
