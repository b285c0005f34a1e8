namespace FenceSafety.Testing.State;

/// <summary>The main project of a test, the other projects, and what is expected in all of them.</summary>
public sealed class SolutionState : ProjectState
{
    /// <summary>Creates an empty solution.</summary>
    public SolutionState()
        : base("TestProject", "/0/")
    {
        AdditionalProjects = new ProjectStates();
    }

    /// <summary>Other projects by name; a look-up creates. Add the name to <see cref="ProjectState.AdditionalProjectReferences"/> to reference one.</summary>
    public ProjectStates AdditionalProjects { get; }

    /// <summary>Diagnostics expected besides those of the markup.</summary>
    public List<DiagnosticResult> ExpectedDiagnostics { get; } = [];

    /// <summary>The other projects first, then the main one.</summary>
    internal IEnumerable<ProjectState> Projects => AdditionalProjects.Append(this);
}

/// <summary>Projects by name, created when first asked for.</summary>
public sealed class ProjectStates : IEnumerable<ProjectState>
{
    readonly List<ProjectState> _states = [];

    /// <summary>The project with this name.</summary>
    public ProjectState this[string name]
    {
        get
        {
            if (_states.Find(s => s.Name == name) is not { } state)
            {
                state = new ProjectState(name, "/" + name + "/");
                _states.Add(state);
            }

            return state;
        }
    }

    /// <inheritdoc/>
    public IEnumerator<ProjectState> GetEnumerator() => _states.GetEnumerator();

    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
}
