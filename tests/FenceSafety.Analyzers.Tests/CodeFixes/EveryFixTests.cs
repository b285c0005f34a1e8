using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using FenceSafety.Analyzers.Tests.Scenarios;
using FenceSafety.CodeFixes.HoistAllocation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FenceSafety.Analyzers.Tests.CodeFixes;

/// <summary>
/// What holds of every fix of every provider, wherever it is offered: it changes something, the program compiles as it did, there is a
/// report of the rule fewer, and none is new. Checked on a fixed sample; on everything with FENCE_SAFETY_EVERY_FIX=all.
/// </summary>
public class EveryFixTests(Xunit.Abstractions.ITestOutputHelper output)
{
    const int Sample = 50;

    static readonly bool s_all = Environment.GetEnvironmentVariable("FENCE_SAFETY_EVERY_FIX") == "all";

    public static TheoryData<string> Providers => [.. Types().Select(t => t.Name)];

    internal static IEnumerable<Type> Types() => typeof(HoistAllocationCodeFixProvider).Assembly.GetTypes()
        .Where(t => !t.IsAbstract && t.GetCustomAttribute<ExportCodeFixProviderAttribute>() is not null).OrderBy(t => t.Name, StringComparer.Ordinal);

    [Fact]
    public async Task There_are_scenarios_of_every_rule()
    {
        var scenarios = await ScenarioSuite.AllAsync();
        Assert.True(scenarios.Count > 300, $"{scenarios.Count} scenarios");
        Assert.True(scenarios.Count(s => s.Name.StartsWith("scenario ", StringComparison.Ordinal)) > 120, "The scenarios of the rules are missing.");
        var reported = scenarios.SelectMany(s => s.Reports).Select(d => d.Id).Distinct();
        Assert.Equal(Enumerable.Range(1, 16).Select(n => $"FENCE{n:000}"), reported.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task What_is_offered_compiles_and_removes_a_report(string name)
    {
        var provider = (CodeFixProvider)Activator.CreateInstance(Types().Single(t => t.Name == name))!;
        var fixable = (await ScenarioSuite.AllAsync())
            .SelectMany(s => s.Reports.Where(d => d.Location.IsInSource && provider.FixableDiagnosticIds.Contains(d.Id)).Select(d => (Scenario: s, Report: d))).ToList();
        var random = new Random(20);
        var chosen = s_all ? fixable : [.. Own(fixable, name).Take(3).Concat(fixable.OrderBy(_ => random.Next()).Take(Sample)).Distinct()];
        var wrong = new ConcurrentBag<string>();
        int offered = 0;
        await Parallel.ForEachAsync(chosen, async (pair, _) =>
        {
            foreach (var action in await OfferedAsync(provider, pair.Scenario, pair.Report))
            {
                Interlocked.Increment(ref offered);
                if (await WrongAsync(pair.Scenario, pair.Report, action) is { } what)
                    wrong.Add($"{pair.Scenario.Name}: '{action.Title}' for {pair.Report.Id} '{pair.Report.GetMessage(CultureInfo.InvariantCulture)}' {what}");
            }
        });
        output.WriteLine($"{offered} fixes offered for {chosen.Count} of {fixable.Count} reports");
        Assert.True(wrong.IsEmpty, string.Join("\n\n", wrong.Order(StringComparer.Ordinal)));
        Assert.True(offered > 0, $"{name} offers nothing for {chosen.Count} reports.");
    }

    /// <summary>An IDE asks for fixes while somebody types.</summary>
    [Fact]
    public async Task Nothing_throws_on_unfinished_code()
    {
        var random = new Random(7);
        var providers = Types().Select(t => (CodeFixProvider)Activator.CreateInstance(t)!).ToList();
        var scenarios = (await ScenarioSuite.AllAsync()).Where(s => s.Name.Contains("Tests.", StringComparison.Ordinal)).OrderBy(_ => random.Next()).Take(s_all ? 400 : 40);
        int asked = 0;
        foreach (var scenario in scenarios)
        {
            var report = scenario.Reports[random.Next(scenario.Reports.Length)];
            if (!report.Location.IsInSource)
                continue;
            var document = scenario.Solution.GetDocument(report.Location.SourceTree)!;
            var text = await document.GetTextAsync();
            int cut = random.Next(report.Location.SourceSpan.End, text.Length);
            var unfinished = await Scenario.OfAsync(scenario.Name, document.WithText(text.Replace(cut, Math.Min(random.Next(1, 30), text.Length - cut), "")).Project.Solution);
            foreach (var left in unfinished.Reports.Where(d => d.Location.IsInSource))
            {
                foreach (var provider in providers.Where(p => p.FixableDiagnosticIds.Contains(left.Id)))
                {
                    await OfferedAsync(provider, unfinished, left);
                    asked++;
                }
            }
        }

        Assert.True(asked > 40, $"asked {asked} times");
    }

    [Theory]
    [InlineData("object ", "object ", "changes nothing")]
    [InlineData("object ", "objekt ", "does not compile")]
    [InlineData("Kmem.Get();", "{ Kmem.Get(); Kmem.Get(); }", "brings ")]
    [InlineData("class C", "sealed class C", "removes no report")]
    [InlineData("Kmem.Get();", "{ }", null)]
    public async Task A_wrong_fix_is_found(string part, string by, string? complaint)
    {
        var recorded = await Testing.TestRecorder.RecordAsync(() => Verify.Async(
            "class C { [FenceSafeLock] readonly object _gate = new(); void M() { lock (_gate) Kmem.Get(); } }"));
        var scenario = await Scenario.OfAsync("wrong", await recorded[0].CreateSolutionAsync());
        var report = Assert.Single(scenario.Reports);
        var document = scenario.Solution.GetDocument(report.Location.SourceTree)!;
        string text = (await document.GetTextAsync()).ToString().Replace(part, by, StringComparison.Ordinal);
        var action = CodeAction.Create("wrong", _ => Task.FromResult(document.WithText(Microsoft.CodeAnalysis.Text.SourceText.From(text))), "wrong");
        string? what = await WrongAsync(scenario, report, action);
        if (complaint is null)
            Assert.Null(what);
        else
            Assert.StartsWith(complaint, what, StringComparison.Ordinal);
    }

    /// <summary>Of the provider's own tests: there is something that it does fix.</summary>
    static IEnumerable<(Scenario, Diagnostic)> Own(List<(Scenario Scenario, Diagnostic)> fixable, string name) =>
        fixable.Where(f => f.Scenario.Name.StartsWith(name.Replace("CodeFixProvider", "Tests", StringComparison.Ordinal), StringComparison.Ordinal)
            && !f.Scenario.Name.Contains("Refused", StringComparison.Ordinal));

    static async Task<List<CodeAction>> OfferedAsync(CodeFixProvider provider, Scenario scenario, Diagnostic report)
    {
        var offered = new List<CodeAction>();
        var document = scenario.Solution.GetDocument(report.Location.SourceTree)!;
        await provider.RegisterCodeFixesAsync(new CodeFixContext(document, report, (action, _) => offered.Add(action), default));
        return offered;
    }

    /// <summary>What is wrong with a fix, or null.</summary>
    static async Task<string?> WrongAsync(Scenario scenario, Diagnostic report, CodeAction action)
    {
        if (action.EquivalenceKey is null)
            return "has no equivalence key";
        var changes = (await action.GetOperationsAsync(default)).OfType<ApplyChangesOperation>().ToList();
        if (changes.Count != 1)
            return $"has {changes.Count} operations";
        var changed = changes[0].ChangedSolution;
        var edits = new List<string>();
        foreach (var id in changed.GetChanges(scenario.Solution).GetProjectChanges().SelectMany(p => p.GetChangedDocuments()))
        {
            string before = (await scenario.Solution.GetDocument(id)!.GetTextAsync()).ToString(), now = (await changed.GetDocument(id)!.GetTextAsync()).ToString();
            if (before != now)
                edits.Add(now);
        }

        if (edits.Count == 0)
            return "changes nothing";
        string text = ":\n" + string.Join("\n----\n", edits);
        var compiler = new List<Diagnostic>();
        var compilerBefore = new List<Diagnostic>();
        var after = await Scenario.OfAsync(scenario.Name, changed);
        foreach (var project in changed.Projects)
        {
            compiler.AddRange(await Scenario.CompilerAsync(project));
            compilerBefore.AddRange(await Scenario.CompilerAsync(scenario.Solution.GetProject(project.Id)!));
        }

        if (More(compilerBefore, compiler) is { } error)
            return "does not compile as before (" + error + ")" + text;
        if (More(scenario.Reports, after.Reports) is { } added)
            return "brings " + added + text;
        return after.Reports.Count(d => d.Id == report.Id) < scenario.Reports.Count(d => d.Id == report.Id) ? null : "removes no report" + text;
    }

    static string? More(IReadOnlyCollection<Diagnostic> before, IReadOnlyCollection<Diagnostic> after)
    {
        var counts = before.CountBy(d => d.Id).ToDictionary();
        var more = after.CountBy(d => d.Id).Where(c => c.Value > counts.GetValueOrDefault(c.Key)).Select(c => c.Key).ToHashSet();
        return more.Count == 0 ? null : string.Join("; ", after.Where(d => more.Contains(d.Id)));
    }
}
