namespace FenceSafety.Differential.Tests.Generation;

/// <summary>The two assemblies that some programs are split into.</summary>
internal enum Part
{
    App,
    Library,
}

/// <summary>One random program: what is analysed, what is executed, and what each line is there for.</summary>
/// <param name="Name">Its namespace; its file is <c>Name.cs</c>.</param>
/// <param name="Entries">The methods of <c>Entries</c> that run it, in order.</param>
/// <param name="Features">The features of each line, from line 1 on.</param>
/// <param name="Order">The lock order that is declared, or nothing.</param>
/// <param name="Split">The same program as two assemblies, if it is one that can be split.</param>
/// <param name="Calls">Who may call whom: an entry is called <c>E0</c>, and whatever belongs to a method <c>M0</c>.</param>
internal sealed record GeneratedProgram(
    string Name, string Analysed, string Executed, IReadOnlyList<string> Entries, IReadOnlyList<string[]> Features,
    IReadOnlyDictionary<string, HashSet<string>> Calls, IReadOnlyList<string> Order, Split? Split)
{
    /// <summary>What is analysed, with the attributes that <see cref="Annotations"/> gives to it.</summary>
    public required string Attributed { get; init; }

    /// <summary>The lines of an annotation file that belong to it.</summary>
    public required IReadOnlyList<string> Annotations { get; init; }

    /// <summary>The line of each body, by the number that it has in <see cref="Executed"/>.</summary>
    public required IReadOnlyList<int> Bodies { get; init; }

    public string File => Name + ".cs";

    /// <summary>The lines that exercise a feature.</summary>
    public HashSet<int> LinesWith(string feature) => [.. Enumerable.Range(1, Features.Count).Where(line => Features[line - 1].Contains(feature))];

    /// <summary>Everything that a unit may get to by calls, itself included.</summary>
    public HashSet<string> ReachableFrom(string unit)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { unit };
        var work = new Stack<string>([unit]);
        while (work.TryPop(out string? at))
        {
            foreach (string callee in Calls.GetValueOrDefault(at, []))
            {
                if (seen.Add(callee))
                    work.Push(callee);
            }
        }

        return seen;
    }

    public override string ToString() =>
        string.Join('\n', Analysed.Split('\n').Select((line, i) => $"{i + 1,4}  {line}"));
}

/// <summary>The source of an application and of the library that it calls; lines are where they are in the whole program.</summary>
internal sealed record Split(string App, string Library)
{
    private readonly string[] _library = Library.Split('\n');

    public bool IsInLibrary(int line) => _library[line - 1].Length > 0;
}
