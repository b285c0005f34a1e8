using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace FenceSafety.Analyzers.Program;

/// <summary>One semantic model for each tree of the compilation and of the projects that it references as source.</summary>
sealed class ModelCache
{
    readonly Dictionary<SyntaxTree, SemanticModel?> _models = new();
    readonly Dictionary<SyntaxTree, Compilation> _owners = new();

    /// <param name="asked">The model of the tree that is asked for: the compiler may have bound bodies in it already.</param>
    public ModelCache(Compilation compilation, SemanticModel? asked = null)
    {
        if (asked is not null)
            _models.Add(asked.SyntaxTree, asked);
        var seen = new HashSet<Compilation>();
        var work = new Queue<Compilation>();
        work.Enqueue(compilation);
        while (work.Count > 0)
        {
            var next = work.Dequeue();
            if (!seen.Add(next) || next.Language != LanguageNames.CSharp)
                continue;
            foreach (var tree in next.SyntaxTrees)
            {
                if (!_owners.ContainsKey(tree))
                    _owners.Add(tree, next);
            }
            foreach (var reference in next.References.OfType<CompilationReference>())
                work.Enqueue(reference.Compilation);
        }
        Referenced = _owners.Where(o => o.Value != compilation).Select(static o => o.Key).OrderBy(static t => t.FilePath, StringComparer.Ordinal).ToImmutableArray();
    }

    /// <summary>Trees of referenced projects.</summary>
    public ImmutableArray<SyntaxTree> Referenced { get; }

    public SemanticModel? Get(SyntaxTree tree)
    {
        if (!_models.TryGetValue(tree, out var model))
            _models.Add(tree, model = _owners.TryGetValue(tree, out var owner) ? Model(owner, tree) : null);
        return model;
    }

    // RS1030: the analysis is interprocedural, so it reads bodies of other trees. One model for each tree and one GetOperation for
    // each body that a chain leads into; measured affordable because the walk begins at few places.
#pragma warning disable RS1030
    static SemanticModel Model(Compilation compilation, SyntaxTree tree) => compilation.GetSemanticModel(tree);
#pragma warning restore RS1030
}
