namespace FenceSafety.Runtime;

/// <summary>The hardware did not do what it was told. What the driver owned before the call, it owns after it.</summary>
public class GpuException : Exception
{
    /// <summary>Creates the exception.</summary>
    public GpuException(string message)
        : base(message)
    {
    }
}

/// <summary>A register did not reach the expected state in time.</summary>
public sealed class GpuTimeoutException : GpuException
{
    /// <summary>Creates the exception.</summary>
    public GpuTimeoutException(string message)
        : base(message)
    {
    }
}

/// <summary>An access to a register or through the PRAMIN aperture failed.</summary>
public sealed class GpuAccessException : GpuException
{
    /// <summary>Creates the exception.</summary>
    public GpuAccessException(string message)
        : base(message)
    {
    }
}
