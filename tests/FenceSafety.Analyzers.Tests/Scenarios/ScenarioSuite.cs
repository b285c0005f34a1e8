using System.Reflection;
using FenceSafety.Analyzers.Tests.Documentation;
using FenceSafety.Testing;
using Microsoft.CodeAnalysis;

namespace FenceSafety.Analyzers.Tests.Scenarios;

/// <summary>
/// Every program that the repository has reports in: of the tests of rules and fixes, of the documentation, samples/BrokenDriver, and the
/// scenarios of the rules.
/// </summary>
static class ScenarioSuite
{
    static readonly Lazy<Task<IReadOnlyList<Scenario>>> s_all = new(ReadAsync);

    public static Task<IReadOnlyList<Scenario>> AllAsync() => s_all.Value;

    static async Task<IReadOnlyList<Scenario>> ReadAsync()
    {
        var scenarios = new List<Scenario>();
        foreach (var (name, test) in await RecordedAsync())
        {
            scenarios.Add(await Scenario.OfAsync(name, await test.CreateSolutionAsync()));
        }

        scenarios.Add(await Scenario.OfAsync("samples/BrokenDriver", await BrokenDriverAsync()));
        scenarios.AddRange(await OfTheRulesAsync());
        return [.. scenarios.Where(s => !s.Reports.IsEmpty)];
    }

    /// <summary>The tests of this assembly that are made of a program, by the names of their methods.</summary>
    static async Task<List<(string Name, AnalyzerTest Test)>> RecordedAsync()
    {
        var recorded = new List<(string, AnalyzerTest)>();
        foreach (var method in typeof(ScenarioSuite).Assembly.GetTypes().Where(IsOfPrograms).OrderBy(t => t.FullName, StringComparer.Ordinal)
            .SelectMany(t => t.GetMethods().OrderBy(m => m.Name, StringComparer.Ordinal)).Where(m => m.ReturnType == typeof(Task)))
        {
            foreach (object?[]? arguments in Arguments(method))
            {
                var instance = Activator.CreateInstance(method.DeclaringType!);
                var tests = await TestRecorder.RecordAsync(() => (Task)method.Invoke(instance, arguments)!);
                recorded.AddRange(tests.Select(t => ($"{method.DeclaringType!.Name}.{method.Name}", t)));
            }
        }

        foreach (var page in Docs.Pages().Values)
        {
            var tests = await TestRecorder.RecordAsync(() => new FenceTest(page.Code("Example")).RunAsync());
            recorded.AddRange(tests.Select(t => ($"docs/rules/{page.Id}.md", t)));
        }

        return recorded;
    }

    /// <summary>Those that run what they compile do not go through the harness.</summary>
    static bool IsOfPrograms(Type type) =>
        type is { IsClass: true, IsAbstract: false, IsPublic: true } && type.Namespace is { } ns && (ns.EndsWith(".Rules", StringComparison.Ordinal) || ns.EndsWith(".CodeFixes", StringComparison.Ordinal))
        && !type.Name.EndsWith("OutputTests", StringComparison.Ordinal) && type != typeof(CodeFixes.EveryFixTests);

    static IEnumerable<object?[]?> Arguments(MethodInfo method) => method.GetCustomAttribute<TheoryAttribute>() is not null
        ? method.GetCustomAttributes<InlineDataAttribute>().SelectMany(d => d.GetData(method))
        : method.GetCustomAttribute<FactAttribute>() is not null ? [null] : [];

    /// <summary>Each with the files that all of them use. Those that do not compile, on purpose, are tested elsewhere.</summary>
    static async Task<List<Scenario>> OfTheRulesAsync()
    {
        var files = Robustness.Robust.Scenarios();
        var empty = await EmptyAsync();
        var scenarios = new List<Scenario>();
        foreach (var (name, text) in files.Where(f => f.Key is not ("Prelude.cs" or "Usings.cs") && !f.Value.Contains("// option:", StringComparison.Ordinal)).OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            var project = empty;
            foreach (var (path, code) in new[] { ("Prelude.cs", files["Prelude.cs"]), ("Usings.cs", files["Usings.cs"]), (name, text) })
            {
                project = project.AddDocument(path, code, filePath: "/" + path).Project;
            }

            if ((await Scenario.CompilerAsync(project)).All(d => d.Severity != DiagnosticSeverity.Error))
                scenarios.Add(await Scenario.OfAsync($"scenario {name}", project.Solution));
        }

        return scenarios;
    }

    /// <summary>A project with the references and options of the tests, and without files.</summary>
    static async Task<Project> EmptyAsync()
    {
        var test = new FenceTest("");
        var recorded = await TestRecorder.RecordAsync(() => test.RunAsync());
        var project = (await recorded[0].CreateSolutionAsync()).Projects.Single();
        foreach (var document in project.Documents.ToList())
        {
            project = project.RemoveDocument(document.Id);
        }

        return project;
    }

    static async Task<Solution> BrokenDriverAsync()
    {
        var project = await EmptyAsync();
        string folder = Path.Combine(Docs.Root, "samples", "BrokenDriver");
        foreach (string file in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string path = Path.GetRelativePath(folder, file).Replace('\\', '/');
            if (!path.StartsWith("bin/", StringComparison.Ordinal) && !path.StartsWith("obj/", StringComparison.Ordinal))
            {
                project = project.AddDocument(path, await File.ReadAllTextAsync(file), filePath: "/" + path).Project;
            }
        }

        const string Usings = "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;";
        return project.AddDocument("Usings.cs", Usings, filePath: "/Usings.cs").Project
            .WithCompilationOptions(project.CompilationOptions!.WithOutputKind(OutputKind.ConsoleApplication)).Solution;
    }
}
