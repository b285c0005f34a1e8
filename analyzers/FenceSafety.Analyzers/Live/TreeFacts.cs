using FenceSafety.Analyzers.Program;
using Microsoft.CodeAnalysis;

namespace FenceSafety.Analyzers.Live;

/// <summary>
/// What is kept of one file as long as its syntax tree lives: no symbol, operation, node or compilation. Through
/// <see cref="Memos"/> a file that did not change leads to what is known of those that did.
/// </summary>
sealed class TreeFacts
{
    /// <summary>Programs that the file is part of at the same time: target frameworks, projects that link it.</summary>
    const int MaxMemos = 4;

    readonly object _gate = new();
    volatile MemoSlot[] _slots = Array.Empty<MemoSlot>();

    TreeFacts(IdentifierIndex index, TreeLayout layout)
    {
        Index = index;
        Layout = layout;
    }

    public IdentifierIndex Index { get; }

    public TreeLayout Layout { get; }

    /// <summary>Newest program first.</summary>
    public IEnumerable<ProgramMemo> Memos => _slots.Select(static s => s.Memo);

    /// <summary>Where the memo of a program is, seen from this file, or null.</summary>
    public MemoSlot? Slot(ProgramStamp program)
    {
        foreach (var slot in _slots)
        {
            if (slot.Memo.Stamp.IsSameProgram(program))
                return slot;
        }
        return null;
    }

    public static TreeFacts Of(SyntaxTree tree, CancellationToken cancel)
    {
        var words = new TextWords(tree.GetText(cancel));
        var root = tree.GetRoot(cancel);
        return new(new IdentifierIndex(root, words, cancel), TreeLayout.Of(root, words));
    }

    /// <summary>From now on the file leads there.</summary>
    public void Remember(MemoSlot slot)
    {
        lock (_gate)
        {
            if (!_slots.Contains(slot))
                _slots = _slots.Where(s => !s.Memo.Stamp.IsSameProgram(slot.Memo.Stamp)).Prepend(slot).Take(MaxMemos).ToArray();
        }
    }
}

/// <summary>The latest memo of one program, shared by its files: a newer one takes the place of the older one.</summary>
sealed class MemoSlot(ProgramMemo memo)
{
    volatile ProgramMemo _memo = memo;

    public ProgramMemo Memo
    {
        get => _memo;
        set => _memo = value;
    }
}
