using BrokenDriver.Fences;

namespace BrokenDriver.Binding;

/// <summary>What userspace wants to be mapped, and the fences that must have signalled before.</summary>
internal sealed record VmBindRequest(VaRange Range, bool Writable, params DmaFence[] InFences);
