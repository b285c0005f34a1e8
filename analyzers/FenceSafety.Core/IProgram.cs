using System.Collections.Immutable;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Summaries.External;

namespace FenceSafety.Core;

/// <summary>The program as a front end shows it: facts are read when they are asked for, and not before.</summary>
public interface IProgram
{
    /// <summary>The facts of a body, or null if it has none that can be seen.</summary>
    MethodFacts? Facts(string method);

    /// <summary>What is declared of a member. Never null.</summary>
    MemberContract Contract(string method);

    /// <summary>What is declared of a delegate type, or of the delegate parameter that a value came from.</summary>
    MemberContract DelegateContract(string type);

    /// <summary>
    /// The implementations that a virtual call may reach. <paramref name="exactType"/>: the receiver is known to be exactly that;
    /// <paramref name="declaredIn"/>: the constructed type that the member is called through.
    /// </summary>
    Dispatch Resolve(string method, string receiverType, string? exactType, string declaredIn);

    /// <summary>The type arguments of a constructed type, as <c>!n=type</c>.</summary>
    ImmutableArray<string> TypeArguments(string type);

    /// <summary>The member that implements <paramref name="method"/> in a type argument; no method: the constructor.</summary>
    Dispatch ResolveConstrained(string? method, string type);

    /// <summary>The bodies that assign a field, if nothing else can; null if that cannot be known.</summary>
    IReadOnlyList<string>? FieldWriters(string field);

    /// <summary>Bodies whose text mentions this name, in the order of their files and positions.</summary>
    IEnumerable<string> BodiesMentioning(string name);

    /// <summary>Bodies to begin with: annotated ones, those with a region, and those that take locks.</summary>
    IEnumerable<string> Seeds { get; }

    /// <summary>What a summary says of a member of another assembly; null if there is none, or if its body can be seen.</summary>
    ExternalMember? External(string method);

    /// <summary>Bodies of other assemblies that make edges of the lock-order graph. Asked for only if something is read here.</summary>
    IReadOnlyList<ExternalBody> ExternalBodies { get; }

    /// <summary>Names by which bodies here call members of other assemblies that change or take their locks.</summary>
    IEnumerable<string> ExternalCallNames { get; }

    /// <summary>Members of other assemblies that call this one of a third, by their summaries.</summary>
    IEnumerable<ExternalMember> ExternalCallersOf(string method);
}
