namespace BrokenDriver.Hardware;

/// <summary>Access to video memory for as long as the PRAMIN lock is held.</summary>
internal ref struct PraminWindow
{
    private readonly Pramin _pramin;
    private Lock.Scope _scope;

    internal PraminWindow(Pramin pramin, Lock.Scope scope)
    {
        _pramin = pramin;
        _scope = scope;
    }

    public readonly ulong Read64(ulong address) => _pramin.Read64(address);

    public readonly void Write64(ulong address, ulong value) => _pramin.Write64(address, value);

    public void Dispose() => _scope.Dispose();
}
