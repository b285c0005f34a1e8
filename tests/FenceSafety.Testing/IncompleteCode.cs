using System.Collections.Immutable;
using FenceSafety.Testing.Analysis;
using FenceSafety.Testing.Markup;
using FenceSafety.Testing.State;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.Testing;

/// <summary>
/// Code as it is typed: whatever is missing, the analyzer neither throws nor hangs. Its diagnostics are not judged, but see
/// <see cref="CompareWithFreshInstance"/>.
/// </summary>
/// <typeparam name="TAnalyzer">One instance sees all variants in turn, as in an IDE, so that its caches are tried as well.</typeparam>
public sealed class IncompleteCode<TAnalyzer>
    where TAnalyzer : DiagnosticAnalyzer, new()
{
    readonly TAnalyzer _analyzer = new();

    /// <summary>Other files of the project, which stay complete.</summary>
    public List<(string Path, string Content)> OtherSources { get; } = [];

    /// <summary>How long one variant may take before it counts as a hang.</summary>
    public TimeSpan Limit { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Whether the instance that has seen the variants before must say the same as a new one: what is kept from one edit to the next
    /// must not be seen. Off by default; it doubles the time.
    /// </summary>
    public bool CompareWithFreshInstance { get; set; }

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
            var warm = await AnalyzeAsync(_analyzer, compilation, project.AnalyzerOptions, what, text, cancel).ConfigureAwait(false);
            if (CompareWithFreshInstance)
            {
                var fresh = await AnalyzeAsync(new TAnalyzer(), compilation, project.AnalyzerOptions, what, text, cancel).ConfigureAwait(false);
                VerifySame(warm, fresh, what, text);
            }

            count++;
        }

        return count;
    }

    static void VerifySame(AnalysisOutcome warm, AnalysisOutcome fresh, string what, string text)
    {
        string? difference = DiagnosticText.Difference(
            warm.All.Select(DiagnosticText.Key), "from the instance that saw the edits", fresh.All.Select(DiagnosticText.Key), "from a new instance");
        if (difference is not null)
        {
            throw new VerificationException($"What the analyzer kept from before the edit shows ({what}).{difference}\n--- the code\n{text}");
        }
    }

    async Task<AnalysisOutcome> AnalyzeAsync(
        TAnalyzer analyzer, Compilation compilation, AnalyzerOptions options, string what, string text, CancellationToken cancel)
    {
        var run = new AnalysisRun(compilation, options, ImmutableArray.Create<DiagnosticAnalyzer>(analyzer), concurrent: false, what);
        try
        {
            // Run apart: an analyzer that hangs does not look at the token either.
            return await Task.Run(() => run.AllAsync(cancel), cancel).WaitAsync(Limit, cancel).ConfigureAwait(false);
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
