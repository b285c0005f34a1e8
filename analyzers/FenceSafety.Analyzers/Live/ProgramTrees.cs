using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using FenceSafety.Analyzers.Program;
using Microsoft.CodeAnalysis;

namespace FenceSafety.Analyzers.Live;

/// <summary>The files of a program with what is kept of each: those of the compilation in its order, then those of projects it references.</summary>
sealed class ProgramTrees
{
    readonly Dictionary<SyntaxTree, int> _order = new();

    public ProgramTrees(Compilation compilation, ModelCache models, ConditionalWeakTable<SyntaxTree, TreeFacts> cache, WorkCounts counts, CancellationToken cancel)
    {
        var facts = ImmutableArray.CreateBuilder<TreeFacts>();
        Trees = compilation.SyntaxTrees.Concat(models.Referenced).ToImmutableArray();
        foreach (var tree in Trees)
        {
            cancel.ThrowIfCancellationRequested();
            // Nobody else's facts are waited for: two that are made at once are equal, and one of them is kept.
            if (!cache.TryGetValue(tree, out var known))
            {
                counts.Index();
                var made = TreeFacts.Of(tree, cancel);
                known = cache.GetValue(tree, _ => made);
            }
            _order.Add(tree, facts.Count);
            facts.Add(known);
        }
        Facts = facts.ToImmutable();
    }

    public ImmutableArray<SyntaxTree> Trees { get; }

    public ImmutableArray<TreeFacts> Facts { get; }

    public int IndexOf(SyntaxTree tree) => _order.TryGetValue(tree, out int i) ? i : -1;
}
