namespace FenceSafety.Runtime.Memory;

/// <summary>There is no free video memory that satisfies a request. The allocator is as it was before the call.</summary>
public sealed class OutOfVideoMemoryException : Exception
{
    /// <summary>Makes the exception with a general message.</summary>
    public OutOfVideoMemoryException()
        : base("There is not enough free video memory.")
    {
    }

    /// <summary>Makes the exception with a message.</summary>
    /// <param name="message">What was asked for, and what was there.</param>
    public OutOfVideoMemoryException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with a message and a cause.</summary>
    /// <param name="message">What was asked for, and what was there.</param>
    /// <param name="innerException">The cause.</param>
    public OutOfVideoMemoryException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
