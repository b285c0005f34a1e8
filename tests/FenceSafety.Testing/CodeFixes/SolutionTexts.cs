using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;

namespace FenceSafety.Testing.CodeFixes;

/// <summary>Applies code actions, and compares the texts of solutions.</summary>
static class SolutionTexts
{
    public static async Task<Solution> ApplyAsync(CodeAction action, Solution solution, CancellationToken cancel)
    {
        var operations = await action.GetOperationsAsync(solution, new Progress<CodeAnalysisProgress>(), cancel).ConfigureAwait(false);
        var changes = operations.OfType<ApplyChangesOperation>().ToList();
        return changes.Count == 1
            ? changes[0].ChangedSolution
            : throw new VerificationException($"'{action.Title}' applies {changes.Count} changes to the solution; one is expected.");
    }

    public static async Task<SortedDictionary<string, string>> ReadAsync(Solution solution, CancellationToken cancel)
    {
        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var document in solution.Projects.SelectMany(p => p.Documents.Concat(p.AdditionalDocuments)))
        {
            var text = await document.GetTextAsync(cancel).ConfigureAwait(false);
            texts.Add(document.FilePath ?? document.Name, text.ToString());
        }

        return texts;
    }

    /// <summary>Fails at the first line that differs.</summary>
    public static void VerifySame(IReadOnlyDictionary<string, string> expected, IReadOnlyDictionary<string, string> actual, string what)
    {
        foreach (string path in expected.Keys.Union(actual.Keys))
        {
            if (!expected.TryGetValue(path, out string? want))
            {
                throw new VerificationException($"{what}: the file {path} was added, which is not expected:\n{actual[path]}");
            }

            if (!actual.TryGetValue(path, out string? have))
            {
                throw new VerificationException($"{what}: the file {path} is expected, and there is none.");
            }

            if (want != have)
            {
                throw new VerificationException($"{what}: {path} differs {FirstDifference(want, have)}\n--- expected\n{want}\n--- actual\n{have}");
            }
        }
    }

    static string FirstDifference(string want, string have)
    {
        string[] left = want.Split('\n'), right = have.Split('\n');
        int line = 0;
        while (line < left.Length && line < right.Length && left[line] == right[line])
        {
            line++;
        }

        return $"in line {line + 1}: expected {Quote(left, line)}, actual {Quote(right, line)}";
    }

    static string Quote(string[] lines, int line) => line < lines.Length ? "'" + lines[line].Replace("\r", "\\r") + "'" : "the end of the file";
}
