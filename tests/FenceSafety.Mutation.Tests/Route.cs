namespace FenceSafety.Mutation.Tests;

/// <summary>How the critical section comes to the mistake.</summary>
public enum Route
{
    Directly,
    ThroughThreeCalls,
    ThroughAnInterface,
}
