namespace FenceSafety.Runtime.Memory;

/// <summary>The video memory does not hold what was asked for. Nothing was allocated.</summary>
public sealed class OutOfVideoMemoryException : Exception
{
    /// <summary>Creates the exception.</summary>
    public OutOfVideoMemoryException(string message)
        : base(message)
    {
    }
}
