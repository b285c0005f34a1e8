namespace BrokenDriver.Memory;

/// <summary>A piece of host memory.</summary>
internal readonly record struct HostBlock(int Bytes);
