namespace FenceSafety.Summaries.Metadata;

/// <summary>A file that cannot be summarised; the message names the file, what is wrong and what would be right.</summary>
sealed class BadAssemblyException(string file, string cause) : Exception(file + ": " + cause)
{
    public string Cause { get; } = cause;

    /// <summary>It is native code, and no managed assembly that is damaged.</summary>
    public bool IsNative { get; init; }
}
