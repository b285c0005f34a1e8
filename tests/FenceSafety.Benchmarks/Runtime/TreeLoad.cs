namespace FenceSafety.Benchmarks.Runtime;

/// <summary>The same number of operations on a balanced tree.</summary>
internal sealed class TreeLoad
{
    private readonly Random _random = new(7);
    private readonly SortedSet<ulong> _tree = [];
    private readonly ulong[] _elements;

    public TreeLoad(int count)
    {
        _elements = new ulong[count];
        for (int i = 0; i < count; i++)
            _elements[i] = Add();
    }

    public void Run(int operations)
    {
        for (int i = 0; i < operations / 2; i++)
        {
            ref ulong element = ref _elements[_random.Next(_elements.Length)];
            _tree.Remove(element);
            element = Add();
        }
    }

    private ulong Add()
    {
        ulong element = (ulong)_random.NextInt64();
        while (!_tree.Add(element))
            element = (ulong)_random.NextInt64();
        return element;
    }
}
