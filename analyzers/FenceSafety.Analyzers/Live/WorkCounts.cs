using FenceSafety.Core;

namespace FenceSafety.Analyzers.Live;

/// <summary>What an analyzer has done since it was made: for tests and benchmarks, which assert counts and not times.</summary>
sealed class WorkCounts
{
    int _bodies, _operations, _graphs, _indexed, _solved, _summarized, _changedFlows, _changedSummaries, _engineRuns, _updates, _visited, _summaries;

    /// <summary>Members that were read from syntax.</summary>
    public int Bodies => _bodies;

    /// <summary>Calls of GetOperation: each binds a body.</summary>
    public int Operations => _operations;

    /// <summary>Control-flow graphs of members and initialisers.</summary>
    public int Graphs => _graphs;

    /// <summary>Files whose text was read.</summary>
    public int Indexed => _indexed;

    /// <summary>Bodies whose flow was solved, each time.</summary>
    public int Solved => _solved;

    /// <summary>Bodies of which it was put together what they reach, each time.</summary>
    public int Summarized => _summarized;

    /// <summary>Bodies of which the engine did not know the flow already: in each run, each counts once.</summary>
    public int ChangedFlows => _changedFlows;

    /// <summary>The same of what bodies reach.</summary>
    public int ChangedSummaries => _changedSummaries;

    /// <summary>Runs of the engine: none if an edit changes nothing that it sees.</summary>
    public int EngineRuns => _engineRuns;

    /// <summary>Of these, runs that went on from where the last one ended.</summary>
    public int Updates => _updates;

    /// <summary>Bodies that runs of the engine looked at.</summary>
    public int Visited => _visited;

    /// <summary>How often the framework's summary was opened: when a chain first needs it, and never again.</summary>
    public int SummariesOpened => _summaries;

    public void Body() => Interlocked.Increment(ref _bodies);

    public void Operation() => Interlocked.Increment(ref _operations);

    public void Graph() => Interlocked.Increment(ref _graphs);

    public void Index() => Interlocked.Increment(ref _indexed);

    public void SummaryOpened() => Interlocked.Increment(ref _summaries);

    public void EngineRun(AnalysisResult result)
    {
        Interlocked.Increment(ref _engineRuns);
        if (result.IsUpdate)
            Interlocked.Increment(ref _updates);
        Interlocked.Add(ref _visited, result.Visited);
        Interlocked.Add(ref _solved, result.BodiesSolved);
        Interlocked.Add(ref _summarized, result.BodiesSummarized);
        Interlocked.Add(ref _changedFlows, result.ChangedFlows);
        Interlocked.Add(ref _changedSummaries, result.ChangedSummaries);
    }
}
