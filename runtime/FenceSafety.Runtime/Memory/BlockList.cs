namespace FenceSafety.Runtime.Memory;

/// <summary>Allocated blocks, linked through their own metadata in the order of their allocation.</summary>
internal struct BlockList
{
    public int Head;
    public int Tail;
    public int Count;
    public ulong Bytes;

    public void Append(BlockTable table, int node, ulong bytes)
    {
        table[node].Left = 0;
        if (Head == 0)
        {
            Head = node;
        }
        else
        {
            table[Tail].Left = node;
        }

        Tail = node;
        Count++;
        Bytes += bytes;
    }
}
