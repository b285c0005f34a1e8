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
    volatile ProgramMemo[] _memos = Array.Empty<ProgramMemo>();

    TreeFacts(IdentifierIndex index, TreeLayout layout)
    {
        Index = index;
        Layout = layout;
    }

    public IdentifierIndex Index { get; }

    public TreeLayout Layout { get; }

    /// <summary>Newest first.</summary>
    public IReadOnlyList<ProgramMemo> Memos => _memos;

    public static TreeFacts Of(SyntaxTree tree, CancellationToken cancel)
    {
        var words = new TextWords(tree.GetText(cancel));
        var root = tree.GetRoot(cancel);
        return new(new IdentifierIndex(root, words, cancel), TreeLayout.Of(root, words));
    }

    /// <summary>A newer memo of the same program takes the place of the older one.</summary>
    public void Remember(ProgramMemo memo)
    {
        lock (_gate)
            _memos = _memos.Where(m => !m.Stamp.IsSameProgram(memo.Stamp)).Prepend(memo).Take(MaxMemos).ToArray();
    }
}
