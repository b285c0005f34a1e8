using FenceSafety.Testing;
using FenceSafety.Testing.State;

namespace FenceSafety.Analyzers.Tests;

/// <summary>A test of the analyzer on code that uses the <see cref="Vocabulary"/>.</summary>
class FenceTest : CSharpAnalyzerTest<FenceSafetyAnalyzer>
{
    readonly List<string> _options = [];

    /// <summary>Creates a test of one file.</summary>
    public FenceTest(string code)
    {
        TestCode = code;
    }

    /// <summary>Sets an option of the compilation, such as fence_safety.throw_paths.</summary>
    public FenceTest WithOption(string key, string value)
    {
        _options.Add($"{key} = {value}");
        return this;
    }

    /// <summary>Adds an annotation file, with markup.</summary>
    public FenceTest WithAnnotations(string content)
    {
        TestState.AdditionalFiles.Add(($"Test{TestState.AdditionalFiles.Count}.fence.txt", content));
        return this;
    }

    /// <summary>Adds a file to the main project.</summary>
    public FenceTest WithFile(string name, string content)
    {
        TestState.Sources.Add((name, content));
        return this;
    }

    /// <summary>Adds a project, and references it from the main one.</summary>
    public FenceTest WithLibrary(string code, ProjectReferenceKind kind)
    {
        TestState.AdditionalProjects["Library"].Sources.Add(code);
        TestState.AdditionalProjectReferences.Add("Library");
        Options.ReferenceKind = kind;
        return this;
    }

    /// <summary>Expects a diagnostic at a key of the markup.</summary>
    public FenceTest Expecting(DiagnosticResult expected)
    {
        ExpectedDiagnostics.Add(expected);
        return this;
    }

    /// <inheritdoc/>
    public override Task RunAsync(CancellationToken cancellationToken = default)
    {
        foreach (var project in TestState.AdditionalProjects.Append<ProjectState>(TestState))
        {
            project.Sources.Add(("Usings.cs", Vocabulary.Usings));
            if (project.AdditionalProjectReferences.Count == 0)
            {
                project.Sources.Add(("Vocabulary.cs", Vocabulary.Types));
            }
        }

        if (_options.Count > 0)
        {
            TestState.AnalyzerConfigFiles.Add(("/.globalconfig", "is_global = true\n" + string.Join('\n', _options)));
        }

        return base.RunAsync(cancellationToken);
    }
}
