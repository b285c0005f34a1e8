namespace BrokenDriver.Binding;

/// <summary>Virtual pages that show a buffer object, or nothing if <see cref="BufferObject"/> is 0.</summary>
internal readonly record struct VaRange(uint FirstPage, uint Pages, int BufferObject)
{
    public uint End => FirstPage + Pages;

    public bool Overlaps(VaRange other) => FirstPage < other.End && other.FirstPage < End;
}
