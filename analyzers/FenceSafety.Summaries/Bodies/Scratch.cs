using FenceSafety.Core.Facts;

namespace FenceSafety.Summaries.Bodies;

/// <summary>What reading a body needs and nobody keeps: taken again for the next body on the same thread.</summary>
sealed class Scratch
{
    [ThreadStatic]
    static Scratch? t_free;

    public List<Instruction> Instructions { get; } = [];
    public List<Op> Ops { get; } = [];
    public List<Entry> Stack { get; } = [];
    public List<PathBuilder.Draft> Drafts { get; } = [];

    /// <summary>The arguments of a call by their number, of small numbers: they are looked at while the call is read.</summary>
    public Entry[]?[] Arguments { get; } = new Entry[]?[16];

    /// <summary>One that nobody has: a body may be read while another one is.</summary>
    public static Scratch Take()
    {
        var taken = t_free ?? new Scratch();
        t_free = null;
        return taken;
    }

    public void GiveBack()
    {
        Instructions.Clear();
        Ops.Clear();
        Stack.Clear();
        t_free = this;
    }
}
