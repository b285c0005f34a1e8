using System.Collections.Immutable;
using FenceSafety.Testing.Analysis;
using FenceSafety.Testing.Markup;
using FenceSafety.Testing.State;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.Testing;

/// <summary>Code as it is typed: whatever is missing, the analyzer neither throws nor hangs. Its diagnostics are not judged.</summary>
/// <typeparam name="TAnalyzer">One instance sees all variants in turn, as in an IDE, so that its caches are tried as well.</typeparam>
public sealed class IncompleteCode<TAnalyzer>
    where TAnalyzer : DiagnosticAnalyzer, new()
{
    readonly TAnalyzer _analyzer = new();

    /// <summary>Other files of the project, which stay complete.</summary>
    public List<(string Path, string Content)> OtherSources { get; } = [];

    /// <summary>How long one variant may take before it counts as a hang.</summary>
    public TimeSpan Limit { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Cuts the file off before, inside and after every token.</summary>
    /// <returns>The number of variants that were analysed.</returns>
    public static Task<int> VerifyNoCrashOnEveryPrefixAsync(string source, params (string Path, string Content)[] others)
        => With(others).VerifyPrefixesAsync(source);

    /// <summary>Leaves out one token after the other.</summary>
    /// <returns>The number of variants that were analysed.</returns>
    public static Task<int> VerifyNoCrashOnTokenDeletionAsync(string source, params (string Path, string Content)[] others)
        => With(others).VerifyDeletionsAsync(source);

    /// <summary>Cuts the file off before, inside and after every token.</summary>
    public Task<int> VerifyPrefixesAsync(string source, CancellationToken cancel = default)
    {
        string text = Plain(source);
        var ends = Tokens(text).SelectMany(t => new[] { t.Start, (t.Start + t.End) / 2, t.End }).Append(0).Distinct().Order();
        return VerifyAsync(ends.Select(end => ($"cut off after {end} characters", text[..end])), cancel);
    }

    /// <summary>Leaves out one token after the other.</summary>
    public Task<int> VerifyDeletionsAsync(string source, CancellationToken cancel = default)
    {
        string text = Plain(source);
        return VerifyAsync(Tokens(text).Select(t => ($"without '{text[t.Start..t.End]}' at {t.Start}", text.Remove(t.Start, t.Length))), cancel);
    }

    static IncompleteCode<TAnalyzer> With((string Path, string Content)[] others)
    {
        var result = new IncompleteCode<TAnalyzer>();
        result.OtherSources.AddRange(others);
        return result;
    }

    static string Plain(string source) => MarkupParser.Parse(source, "source").Text;

    static List<TextSpan> Tokens(string text)
        => [.. CSharpSyntaxTree.ParseText(text, new ProjectOptions().Parse()).GetRoot().DescendantTokens().Select(t => t.Span).Where(s => s.Length > 0)];

    async Task<int> VerifyAsync(IEnumerable<(string What, string Text)> variants, CancellationToken cancel)
    {
        var state = new SolutionState();
        state.Sources.Add(("Test0.cs", ""));
        OtherSources.ForEach(state.Sources.Add);
        var solution = await SolutionFactory.CreateAsync(state, new PlainState(state, () => "", unusedKeys: true).Texts, new ProjectOptions(), cancel).ConfigureAwait(false);
        var project = solution.Projects.Single();
        var compilation = (await project.GetCompilationAsync(cancel).ConfigureAwait(false))!;
        var tree = compilation.SyntaxTrees.First(t => t.FilePath == state.Sources[0].Path);
        int count = 0;
        foreach (var (what, text) in variants)
        {
            var next = tree.WithChangedText(SourceText.From(text));
            compilation = compilation.ReplaceSyntaxTree(tree, next);
            tree = next;
            await AnalyzeAsync(compilation, project.AnalyzerOptions, what, text, cancel).ConfigureAwait(false);
            count++;
        }

        return count;
    }

    async Task AnalyzeAsync(Compilation compilation, AnalyzerOptions options, string what, string text, CancellationToken cancel)
    {
        var run = new AnalysisRun(compilation, options, ImmutableArray.Create<DiagnosticAnalyzer>(_analyzer), concurrent: false, what);
        try
        {
            // Run apart: an analyzer that hangs does not look at the token either.
            await Task.Run(() => run.AllAsync(cancel), cancel).WaitAsync(Limit, cancel).ConfigureAwait(false);
        }
        catch (TimeoutException late)
        {
            throw new VerificationException($"The analyzer does not finish within {Limit.TotalSeconds} s ({what}):\n{text}", late);
        }
        catch (VerificationException crash)
        {
            throw new VerificationException($"{crash.Message}\n--- the code, {what}\n{text}", crash);
        }
    }
}
