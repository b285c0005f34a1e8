using FenceSafety.Testing.State;

namespace FenceSafety.Testing.CodeFixes;

/// <summary>Lays the files of a fixed state over those of the state before it.</summary>
static class FixedStates
{
    /// <summary>
    /// Files of <paramref name="over"/> replace those with the same path or are new; the others stay, markup included, since what is
    /// not fixed is still reported. Expected diagnostics outside the markup are those of <paramref name="over"/>.
    /// </summary>
    public static SolutionState Overlay(SolutionState under, SolutionState over)
    {
        var result = new SolutionState();
        Lay(under, over, result);
        foreach (var project in under.AdditionalProjects)
        {
            Lay(project, over.AdditionalProjects[project.Name], result.AdditionalProjects[project.Name]);
        }

        result.ExpectedDiagnostics.AddRange(over.ExpectedDiagnostics);
        return result;
    }

    static void Lay(ProjectState under, ProjectState over, ProjectState result)
    {
        result.OutputKind = under.OutputKind;
        result.AdditionalProjectReferences.AddRange(under.AdditionalProjectReferences);
        Lay(under.Sources, over.Sources, result.Sources);
        Lay(under.AdditionalFiles, over.AdditionalFiles, result.AdditionalFiles);
        Lay(under.AnalyzerConfigFiles, over.AnalyzerConfigFiles, result.AnalyzerConfigFiles);
    }

    static void Lay(SourceFileList under, SourceFileList over, SourceFileList result)
    {
        foreach (var file in under)
        {
            result.Add(over.Find(f => f.Path == file.Path) is { Path: not null } replacement ? replacement : file);
        }

        foreach (var file in over.Where(file => !under.Exists(f => f.Path == file.Path)))
        {
            result.Add(file);
        }
    }
}
