namespace FenceSafety.Differential.Tests.Generation;

/// <summary>One random program: what is analysed, what is executed, and what each line is there for.</summary>
/// <param name="Name">Its namespace; its file is <c>Name.cs</c>.</param>
/// <param name="Entries">The methods of <c>Entries</c> that run it, in order.</param>
/// <param name="Features">The features of each line, from line 1 on.</param>
/// <param name="HasOpaqueCall">It calls something that cannot be seen, so that FENCE008 is an answer.</param>
internal sealed record GeneratedProgram(
    string Name, string Analysed, string Executed, IReadOnlyList<string> Entries, IReadOnlyList<string[]> Features, bool HasOpaqueCall)
{
    public string File => Name + ".cs";

    public override string ToString() =>
        string.Join('\n', Analysed.Split('\n').Select((line, i) => $"{i + 1,4}  {line}"));
}
