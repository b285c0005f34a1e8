using System.Collections.Immutable;

namespace FenceSafety.Core.Summaries.External;

/// <summary>Everything that a summary file says of one assembly.</summary>
/// <param name="Name">The simple name.</param>
/// <param name="Mvid">The module's version id: it changes with every build that changes anything.</param>
/// <param name="Source">What it was made from, for people: such as a version.</param>
public sealed record ExternalAssembly(
    string Name, Guid Mvid, string Source, ImmutableArray<ExternalMember> Members, ImmutableArray<ExternalBody> Bodies);
