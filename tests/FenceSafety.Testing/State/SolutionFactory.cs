using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Host.Mef;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.Testing.State;

/// <summary>Makes a Roslyn solution of a state.</summary>
static class SolutionFactory
{
    public static async Task<Solution> CreateAsync(
        SolutionState state, IReadOnlyDictionary<string, string> texts, ProjectOptions options, CancellationToken cancel)
    {
        using var workspace = new AdhocWorkspace(MefHostServices.DefaultHost);
        var solution = workspace.CurrentSolution;
        var ids = new Dictionary<string, ProjectId>();
        var open = new HashSet<string>();
        foreach (var project in state.Projects)
        {
            solution = await AddAsync(project).ConfigureAwait(false);
        }

        return solution;

        async Task<Solution> AddAsync(ProjectState project)
        {
            if (ids.ContainsKey(project.Name))
            {
                return solution;
            }

            if (!open.Add(project.Name))
            {
                throw new VerificationException($"The project {project.Name} references itself, directly or through another.");
            }

            var references = new List<ProjectState>();
            foreach (string name in project.AdditionalProjectReferences)
            {
                references.Add(state.Projects.FirstOrDefault(p => p.Name == name)
                    ?? throw new VerificationException($"The project {project.Name} references {name}, which the test does not have."));
                solution = await AddAsync(references[^1]).ConfigureAwait(false);
            }

            var id = ProjectId.CreateNewId(project.Name);
            ids.Add(project.Name, id);
            solution = AddFiles(solution.AddProject(Info(id, project, options)), id, project, texts);
            foreach (var reference in references)
            {
                solution = options.ReferenceKind == ProjectReferenceKind.Compilation
                    ? solution.AddProjectReference(id, new ProjectReference(ids[reference.Name]))
                    : solution.AddMetadataReference(id, await EmitAsync(solution.GetProject(ids[reference.Name])!, cancel).ConfigureAwait(false));
            }

            return solution;
        }
    }

    static ProjectInfo Info(ProjectId id, ProjectState project, ProjectOptions options)
        => ProjectInfo.Create(
            id,
            VersionStamp.Default,
            project.Name,
            project.Name,
            LanguageNames.CSharp,
            compilationOptions: options.Compile(project.OutputKind),
            parseOptions: options.Parse(),
            metadataReferences: TestReferences.All);

    static Solution AddFiles(Solution solution, ProjectId id, ProjectState project, IReadOnlyDictionary<string, string> texts)
    {
        foreach (var (path, _) in project.Sources)
        {
            solution = solution.AddDocument(DocumentId.CreateNewId(id, path), Name(path), SourceText.From(texts[path]), filePath: path);
        }

        foreach (var (path, _) in project.AdditionalFiles)
        {
            solution = solution.AddAdditionalDocument(DocumentId.CreateNewId(id, path), Name(path), SourceText.From(texts[path]), filePath: path);
        }

        foreach (var (path, content) in project.AnalyzerConfigFiles)
        {
            var info = DocumentInfo.Create(
                DocumentId.CreateNewId(id, path),
                Name(path),
                loader: TextLoader.From(TextAndVersion.Create(SourceText.From(content), VersionStamp.Default)),
                filePath: path);
            solution = solution.AddAnalyzerConfigDocuments([info]);
        }

        return solution;
    }

    static async Task<MetadataReference> EmitAsync(Project project, CancellationToken cancel)
    {
        var compilation = (await project.GetCompilationAsync(cancel).ConfigureAwait(false))!;
        using var image = new MemoryStream();
        var result = compilation.Emit(image, cancellationToken: cancel);
        if (!result.Success)
        {
            var errors = result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => d.ToString());
            throw new VerificationException(
                $"The project {project.Name} does not compile, so there is no image of it to reference:\n{string.Join('\n', errors)}");
        }

        return MetadataReference.CreateFromImage(image.ToArray().ToImmutableArray(), filePath: project.Name + ".dll");
    }

    static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];
}
