using FenceSafety.Core;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Findings;
using FenceSafety.Core.Summaries.External;

namespace FenceSafety.Differential.Tests.Power;

/// <summary>A mistake that the analyzer could have, made between its front end and its engine, or around the engine.</summary>
internal sealed record Defect(string Name)
{
    /// <summary>Drops an op of a body.</summary>
    public Func<Op, SourcePlaces, bool>? Drops { get; init; }

    /// <summary>Changes an op of a body.</summary>
    public Func<Op, Op>? Maps { get; init; }

    /// <summary>Changes a body.</summary>
    public Func<MethodFacts, MethodFacts>? Body { get; init; }

    public Func<MemberContract, MemberContract>? Contract { get; init; }

    /// <summary>Changes what a virtual call of a member reaches.</summary>
    public Func<string, Dispatch, Dispatch>? Dispatch { get; init; }

    /// <summary>Who assigns a field is not known.</summary>
    public bool ForgetsWriters { get; init; }

    /// <summary>Changes what the summary of a library says of a member.</summary>
    public Func<ExternalMember, ExternalMember>? External { get; init; }

    /// <summary>What the summary of a library says of edges of the lock-order graph is not read.</summary>
    public bool ForgetsExternalEdges { get; init; }

    /// <summary>Only an application with a library can show it.</summary>
    public bool IsAcrossAssemblies { get; init; }

    /// <summary>Annotation files are not read.</summary>
    public bool ForgetsAnnotations { get; init; }

    public Func<EngineOptions, EngineOptions>? Options { get; init; }

    /// <summary>Drops findings.</summary>
    public Func<Finding, bool>? Keeps { get; init; }

    public override string ToString() => Name;
}
