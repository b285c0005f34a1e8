using System.Collections.Immutable;
using FenceSafety.Analyzers.Live;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.Analyzers.Program;

/// <summary>A member, or the header of a type, by place and syntax kind: no node is kept.</summary>
readonly record struct IndexedMember(TextSpan Span, int RawKind)
{
    public SyntaxNode? Find(SyntaxNode root)
    {
        if (Span.End > root.FullSpan.End)
            return null;
        SyntaxNode? node = root.FindNode(Span, getInnermostNodeForTie: true);
        while (node is not null && (node.RawKind != RawKind || node.Span != Span))
            node = node.Parent;
        return node;
    }
}

/// <summary>
/// Which names each member of a file mentions: nothing is bound. The words of the raw text say who may mention a name; only of those
/// members tokens are read, once, so that what this costs follows what is asked for. It says where to look; a name too many costs a
/// body that is read for nothing, a name too few would be a miss.
/// </summary>
sealed class IdentifierIndex
{
    /// <summary>Stands for <c>new(…)</c>, whose type is not named.</summary>
    public const string TargetTypedNew = "new()";

    public const string Lock = "lock";

    /// <summary>Half of a word's hash, then the member that it is in: sorted.</summary>
    readonly ulong[] _words;

    /// <summary>Members that may spell a name otherwise than it reads.</summary>
    readonly HashSet<int> _odd = new();

    /// <summary>The names of members of which tokens were read.</summary>
    readonly HashSet<string>?[] _names;

    public IdentifierIndex(SyntaxNode root, TextWords words, CancellationToken cancel)
    {
        var members = ImmutableArray.CreateBuilder<IndexedMember>();
        var all = new List<ulong>(words.Count);
        Visit(root, members, words, all, cancel);
        Members = members.ToImmutable();
        _names = new HashSet<string>[Members.Length];
        _words = all.ToArray();
        Array.Sort(_words);
    }

    /// <summary>Members in source order.</summary>
    public ImmutableArray<IndexedMember> Members { get; }

    /// <summary>Members that mention a name, in source order.</summary>
    /// <param name="name">The name.</param>
    /// <param name="key">Its <see cref="Key"/>.</param>
    /// <param name="tree">The file that this is the index of.</param>
    /// <param name="cancel">Ends it.</param>
    public IEnumerable<int> Mentioning(string name, ulong key, SyntaxTree tree, CancellationToken cancel)
    {
        foreach (int member in Candidates(name, key))
        {
            if (Names(member, tree, cancel).Contains(name))
                yield return member;
        }
    }

    /// <summary>Does this version mention a name in a member where the other one does not? Yes, if that is not known of the other.</summary>
    public bool Differs(IdentifierIndex old, int member, IEnumerable<string> names, SyntaxTree tree, CancellationToken cancel)
    {
        foreach (string name in names)
        {
            if (!old.MayMention(name, member) && !MayMention(name, member))
                continue;
            bool mentions = Names(member, tree, cancel).Contains(name);
            if (Volatile.Read(ref old._names[member]) is { } before ? before.Contains(name) != mentions : mentions || old.MayMention(name, member))
                return true;
        }
        return false;
    }

    /// <summary>A member that did not change mentions what it did: the next edit may be in it.</summary>
    public void Adopt(IdentifierIndex old, int member)
    {
        if (Volatile.Read(ref old._names[member]) is { } names)
            Volatile.Write(ref _names[member], names);
    }

    const ulong Half = 0xFFFFFFFF00000000;

    /// <summary>Half of a name's hash. The one name that is no word begins with one.</summary>
    public static ulong Key(string name) => TextHash.Of(name == TargetTypedNew ? "new" : name) & Half;

    int First(ulong key)
    {
        int at = Array.BinarySearch(_words, key);
        while (at > 0 && _words[at - 1] == key)
            at--;
        return at < 0 ? ~at : at;
    }

    bool MayMention(string name, int member) => Array.BinarySearch(_words, Key(name) | (uint)member) >= 0 || _odd.Contains(member);

    IEnumerable<int> Candidates(string name, ulong key)
    {
        int first = First(key);
        if (_odd.Count > 0)
            return Enumerable.Range(0, Members.Length).Where(m => MayMention(name, m));
        return first < _words.Length && (_words[first] & Half) == key ? Found(key, first) : Array.Empty<int>();
    }

    IEnumerable<int> Found(ulong key, int at)
    {
        int last = -1;
        for (; at < _words.Length && (_words[at] & Half) == key; at++)
        {
            int member = (int)(_words[at] & ~Half);
            if (member != last)
                yield return member;
            last = member;
        }
    }

    /// <summary>By tokens. Two who ask at once make the same set.</summary>
    HashSet<string> Names(int member, SyntaxTree tree, CancellationToken cancel)
    {
        if (Volatile.Read(ref _names[member]) is { } known)
            return known;
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var token in Members[member].Find(tree.GetRoot(cancel)) is { } node ? Tokens(node) : Enumerable.Empty<SyntaxToken>())
        {
            if (token.IsKind(SyntaxKind.IdentifierToken))
                names.Add(token.ValueText);
            else if (token.IsKind(SyntaxKind.LockKeyword))
                names.Add(Lock);
            else if (token.IsKind(SyntaxKind.NewKeyword) && token.Parent is ImplicitObjectCreationExpressionSyntax)
                names.Add(TargetTypedNew);
        }
        Volatile.Write(ref _names[member], names);
        return names;
    }

    void Visit(SyntaxNode root, ImmutableArray<IndexedMember>.Builder members, TextWords words, List<ulong> all, CancellationToken cancel)
    {
        var work = new Stack<SyntaxNode>();
        work.Push(root);
        while (work.Count > 0)
        {
            cancel.ThrowIfCancellationRequested();
            var node = work.Pop();
            // The header of a type (attributes, base list, primary constructor) is a member of its own.
            if (!IsContainer(node) || node is TypeDeclarationSyntax or CompilationUnitSyntax { AttributeLists.Count: > 0 })
                Add(node, members, words, all);
            if (!IsContainer(node))
                continue;
            foreach (var child in node.ChildNodes().Reverse())
            {
                if (child is MemberDeclarationSyntax or BaseNamespaceDeclarationSyntax or CompilationUnitSyntax)
                    work.Push(child);
            }
        }
    }

    /// <summary>Extension blocks (C# 14) are type declarations too.</summary>
    static bool IsContainer(SyntaxNode node) =>
        node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax;

    static IEnumerable<SyntaxToken> Tokens(SyntaxNode node) => node switch
    {
        TypeDeclarationSyntax type => Header(type),
        CompilationUnitSyntax unit => unit.AttributeLists.SelectMany(static l => l.DescendantTokens()),
        _ => Bases(node) is { } bases ? node.DescendantTokens().Concat(bases.DescendantTokens()) : node.DescendantTokens(),
    };

    /// <summary><c>: base(…)</c> calls a constructor of a type that only the header names.</summary>
    static BaseListSyntax? Bases(SyntaxNode node) =>
        node is ConstructorDeclarationSyntax { Initializer: not null, Parent: TypeDeclarationSyntax { BaseList: { } list } } ? list : null;

    static IEnumerable<SyntaxToken> Header(TypeDeclarationSyntax type)
    {
        foreach (var child in type.ChildNodesAndTokens())
        {
            if (child.IsToken)
                yield return child.AsToken();
            else if (child.AsNode() is not MemberDeclarationSyntax and { } node)
            {
                foreach (var token in node.DescendantTokens())
                    yield return token;
            }
        }
    }

    /// <summary>Where the names are that a member mentions; what is not its own between them does no harm.</summary>
    static IEnumerable<TextSpan> Stretches(SyntaxNode node)
    {
        switch (node)
        {
            case TypeDeclarationSyntax { Members: { Count: > 0 } inner }:
                yield return TextSpan.FromBounds(node.SpanStart, inner[0].SpanStart);
                // What a mistake leaves behind the members is a token of the type all the same.
                yield return TextSpan.FromBounds(inner[inner.Count - 1].Span.End, node.Span.End);
                break;
            case CompilationUnitSyntax { AttributeLists: var lists }:
                yield return TextSpan.FromBounds(lists[0].SpanStart, lists[lists.Count - 1].Span.End);
                break;
            default:
                yield return node.Span;
                break;
        }
        if (Bases(node) is { } bases)
            yield return bases.Span;
    }

    void Add(SyntaxNode node, ImmutableArray<IndexedMember>.Builder members, TextWords words, List<ulong> all)
    {
        uint index = (uint)members.Count;
        members.Add(new IndexedMember(node.Span, node.RawKind));
        foreach (var stretch in Stretches(node))
        {
            for (int w = words.First(stretch.Start), end = words.First(stretch.End); w < end; w++)
                all.Add((words[w] & Half) | index);
            if (words.IsOdd(stretch))
                _odd.Add((int)index);
        }
    }
}
