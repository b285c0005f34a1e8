using System.Collections.Immutable;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Flow;
using FenceSafety.Core.Summaries;
using FenceSafety.Core.Summaries.External;

namespace FenceSafety.Core.Graph;

/// <summary>Lock classes that critical code of other assemblies takes, and those that its code in reclaim does.</summary>
public sealed record ExternalRoots(ImmutableSortedSet<string> Fence, ImmutableSortedSet<string> Reclaim)
{
    public static readonly ExternalRoots None = new(
        ImmutableSortedSet<string>.Empty.WithComparer(StringComparer.Ordinal), ImmutableSortedSet<string>.Empty.WithComparer(StringComparer.Ordinal));
}

/// <summary>Edges made in other assemblies join the graph.</summary>
public sealed partial class EdgeCollector
{
    /// <summary>The edges of other assemblies, and what their roots take.</summary>
    public (ImmutableArray<LockEdge> Edges, ExternalRoots Roots) External(CancellationToken cancel)
    {
        var roots = ExternalRoots.None;
        _edges.Clear();
        foreach (var (body, stub) in _summaries.ExternalBodies)
        {
            cancel.ThrowIfCancellationRequested();
            foreach (var edge in body.Edges)
            {
                foreach (var reach in _summaries.Reader.Resolve(stub, edge.Reach).SelectMany(r => _summaries.Reader.Close(stub, r)))
                {
                    if (edge.From is not null)
                    {
                        Join(body, edge, stub, reach);
                        continue;
                    }
                    var taken = Taken(edge, stub, reach).Select(static c => c.Name);
                    roots = new ExternalRoots(
                        edge.Critical ? roots.Fence.Union(taken) : roots.Fence, edge.InReclaim ? roots.Reclaim.Union(taken) : roots.Reclaim);
                }
            }
        }
        return (_edges.ToImmutableArray(), roots);
    }

    IEnumerable<LockClass> Taken(ExternalEdge edge, SolvedBody stub, Reach reach)
    {
        if (reach.Sink is not Sink.Acquire acquire)
            return Enumerable.Empty<LockClass>();
        return edge.To is not null ? new[] { edge.To } : _namer.Classes(acquire.Lock, stub, out _);
    }

    void Join(ExternalBody body, ExternalEdge edge, SolvedBody stub, Reach reach)
    {
        var held = new HeldLock(edge.Site, RefSet.Empty, edge.Mode, SourceSpan.None, "");
        var joined = new LockEdge(edge.From!, held, Ref.Unknown, reach, body.Id, edge.Site)
        {
            Critical = edge.Critical,
            InReclaim = edge.InReclaim,
            Gates = edge.Gates,
            Display = body.Display,
        };
        if (reach.Sink is Sink.Effect)
        {
            if (!reach.Cover.Contains(joined.From.Name))
                Keep(joined);
            return;
        }
        foreach (var to in Taken(edge, stub, reach))
        {
            // One class twice is the business of who compiles that assembly.
            if (to.Name != joined.From.Name)
                Keep(joined with { To = to });
        }
    }

    /// <summary>A chain of another assembly, from the call on that leads there.</summary>
    Chain Enter(Entry through, string origin, Chain chain)
    {
        string display = _bodies.External(origin)?.Member.Display ?? _program.Contract(origin).Display;
        return new Chain(through.Span, through.Callee, display == through.Callee ? chain : new Chain(SourceSpan.None, display, chain));
    }
}
