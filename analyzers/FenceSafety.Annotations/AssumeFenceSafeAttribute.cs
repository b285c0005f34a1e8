namespace FenceSafety;

/// <summary>
/// A person vouches that the code makes no blocking or managed allocation, waits for nothing and takes no lock, whatever it looks
/// like. The analyzer trusts it and does not look inside.
/// </summary>
/// <remarks>
/// On a type it covers the members and the static initialisation. FENCE010 asks for a reason that is not blank, and says so when
/// the attribute stands on what is proved to have no effect anyway.
/// </remarks>
/// <example>
/// <code>
/// [AssumeFenceSafe("Kick only writes a doorbell register; reviewed with the hardware manual, section 4.2.")]
/// public extern void Kick(int channel);
/// </code>
/// </example>
[AttributeUsage(
    AttributeTargets.Method | AttributeTargets.Constructor | AttributeTargets.Property
        | AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface)]
public sealed class AssumeFenceSafeAttribute : Attribute
{
    /// <summary>Vouches for the code.</summary>
    /// <param name="justification">Why it is safe, for the next reader. Must not be blank.</param>
    public AssumeFenceSafeAttribute(string justification) => Justification = justification;

    /// <summary>Why the code is safe.</summary>
    public string Justification { get; }
}
