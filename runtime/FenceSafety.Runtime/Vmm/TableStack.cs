namespace FenceSafety.Runtime.VirtualMemory;

/// <summary>Tables linked through themselves: passing them on costs no memory, and all of them at once no time.</summary>
internal sealed class TableStack
{
    private PageTable? _first;
    private PageTable? _last;

    internal int Count { get; private set; }

    internal void Push(PageTable table)
    {
        table.Next = _first;
        _first = table;
        _last ??= table;
        Count++;
    }

    internal PageTable? Pop()
    {
        PageTable? table = _first;
        if (table is null)
            return null;
        _first = table.Next;
        table.Next = null;
        if (_first is null)
            _last = null;
        Count--;
        return table;
    }

    internal void MoveTo(TableStack other)
    {
        if (_first is null)
            return;
        _last!.Next = other._first;
        other._first = _first;
        other._last ??= _last;
        other.Count += Count;
        _first = _last = null;
        Count = 0;
    }
}
