namespace DeviceMemory.Model;

/// <summary>Lets another thread run to its end at a place where it could run by chance, so that the worst case happens every time.</summary>
internal sealed class Race
{
    private Action? _other;

    /// <summary>What happens at the next place that is not under a lock.</summary>
    public void Arrange(Action other) => _other = other;

    public void Window()
    {
        if (Interlocked.Exchange(ref _other, null) is not { } other)
            return;
        var thread = new Thread(() => other());
        thread.Start();
        thread.Join();
    }
}
