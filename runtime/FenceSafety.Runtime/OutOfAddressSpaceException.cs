namespace FenceSafety.Runtime;

/// <summary>No free range of virtual addresses is large enough. Nothing was reserved.</summary>
public sealed class OutOfAddressSpaceException : Exception
{
    /// <summary>Creates the exception.</summary>
    public OutOfAddressSpaceException(string message)
        : base(message)
    {
    }
}
