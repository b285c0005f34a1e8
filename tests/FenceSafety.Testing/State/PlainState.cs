using FenceSafety.Testing.Markup;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.Testing.State;

/// <summary>A state with its markup taken out: the texts, the spans by key, and the expectations resolved to files and lines.</summary>
sealed class PlainState
{
    readonly Dictionary<int, (string Path, LinePositionSpan Span)> _keys = [];
    readonly HashSet<int> _used = [];

    public PlainState(SolutionState state, Func<string> defaultId, bool unusedKeys = false)
    {
        DefaultPath = state.Sources.Count > 0 ? state.Sources[0].Path : "/0/Test0.cs";
        foreach (var project in state.Projects)
        {
            foreach (var (path, content) in project.Sources.Concat(project.AdditionalFiles))
            {
                Read(path, content, defaultId);
            }
        }

        foreach (var result in state.ExpectedDiagnostics)
        {
            Expected.Add(result with { Locations = [.. result.Locations.Select(Resolve)] });
        }

        if (!unusedKeys && _keys.Keys.Except(_used).ToList() is [var key, ..])
        {
            throw new VerificationException($"The markup key #{key} is used by no expected diagnostic: write WithLocation({key}), or take it out.");
        }
    }

    /// <summary>Texts without markup, by path.</summary>
    public Dictionary<string, string> Texts { get; } = [];

    /// <summary>What has to be found; every location has a path and lines.</summary>
    public List<DiagnosticResult> Expected { get; } = [];

    string DefaultPath { get; }

    void Read(string path, string content, Func<string> defaultId)
    {
        var document = MarkupParser.Parse(content, path);
        if (!Texts.TryAdd(path, document.Text))
        {
            throw new VerificationException($"Two files of the test have the path {path}.");
        }

        foreach (var span in document.Spans)
        {
            var lines = document.LinesOf(span.Span);
            if (span.Key is not { } key)
            {
                Expected.Add(new DiagnosticResult(span.Id ?? defaultId()) { Locations = [new(null, path, lines)] });
            }
            else if (!_keys.TryAdd(key, (path, lines)))
            {
                throw new VerificationException($"The markup key #{key} marks two spans.");
            }
        }
    }

    DiagnosticLocation Resolve(DiagnosticLocation location)
    {
        if (location.MarkupKey is not { } key)
        {
            return location with { Path = ResolvePath(location.Path) };
        }

        if (!_keys.TryGetValue(key, out var place))
        {
            throw new VerificationException($"WithLocation({key}): no span of the test is marked {{|#{key}:…|}}.");
        }

        _used.Add(key);
        return new DiagnosticLocation(null, place.Path, place.Span);
    }

    string ResolvePath(string? path)
    {
        if (path is null || Texts.ContainsKey(path))
        {
            return path ?? DefaultPath;
        }

        var matches = Texts.Keys.Where(p => p.EndsWith("/" + path, StringComparison.Ordinal)).ToList();
        return matches.Count == 1
            ? matches[0]
            : throw new VerificationException($"The expected location names the file {path}; the test has {string.Join(", ", Texts.Keys)}.");
    }
}
