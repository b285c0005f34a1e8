namespace FenceSafety.Testing;

/// <summary>An assertion of the harness does not hold. The message says which one, and what was seen instead.</summary>
public sealed class VerificationException : Exception
{
    /// <summary>Creates the failure.</summary>
    public VerificationException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the failure with the exception that caused it.</summary>
    public VerificationException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
