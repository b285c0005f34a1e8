using System.Text.RegularExpressions;

namespace FenceSafety.Differential.Tests.Generation;

/// <summary>Writes a program line by line, and remembers which features each line exercises.</summary>
internal sealed partial class CodeWriter
{
    private readonly List<string> _analysed = [];
    private readonly List<string> _executed = [];
    private readonly List<string> _attributed = [];
    private readonly List<string[]> _features = [];
    private readonly List<string> _active = [];
    private readonly List<Part?> _parts = [];
    private readonly List<int> _bodyLines = [];
    private int _indent;
    private int _bodies;
    private int _frames;
    private string _told = "";

    public string Analysed => string.Join('\n', _analysed);

    /// <summary>What is written next belongs to this part; null: to both.</summary>
    public Part? Part { get; set; }

    /// <summary>The lines of one part, each where it is in the whole program.</summary>
    public string AnalysedIn(Part part) => string.Join('\n', _analysed.Select((line, i) => _parts[i] is null || _parts[i] == part ? line : ""));

    /// <summary>The same text, line for line, with measurements around statements that allocate.</summary>
    public string Executed => string.Join('\n', _executed);

    /// <summary>The text that is analysed, with all attributes in it.</summary>
    public string Attributed => string.Join('\n', _attributed);

    /// <summary>The line of each body, by its number.</summary>
    public IReadOnlyList<int> BodyLines => _bodyLines;

    /// <summary>An attribute that an annotation file says instead of the text that is analysed.</summary>
    public static string Elsewhere(string attribute) => Hidden + attribute + End;

    /// <summary>The features of each line, from line 1 on.</summary>
    public IReadOnlyList<string[]> Features => _features;

    public int Count => _analysed.Count;

    public void Line(string text, params string[] features) => Both(text, Position(text) + text, features);

    /// <summary>A statement that is executed in another way than it is written.</summary>
    public void Different(string analysed, string executed, params string[] features) => Both(analysed, Position(executed) + executed, features);

    /// <summary>A statement whose managed allocation is measured.</summary>
    public void Measured(string statement, int number, params string[] features) =>
        Both(statement, Position(statement) + $"var bytes{number} = Probe.Bytes(); {statement} Probe.Managed(bytes{number});", features);

    /// <summary>Something that only the executed program says, in front of its next line.</summary>
    public void Told(string statement) => _told = statement + " ";

    public void Open(string text, params string[] features)
    {
        Line(text, features);
        _indent++;
    }

    public void OpenDifferent(string analysed, string executed, params string[] features)
    {
        Different(analysed, executed, features);
        _indent++;
    }

    public void CloseDifferent(string analysed, string executed)
    {
        _indent--;
        Both(analysed, executed, []);
    }

    public void Close(string text = "}")
    {
        _indent--;
        Line(text);
    }

    /// <summary>Opens the body of a method, lambda or local function: it is a frame of the stack.</summary>
    public void OpenBody(string text, params string[] features) => OpenBodyDifferent(text, text, "", features);

    /// <summary>The same, of a body that is executed in another way than it is written.</summary>
    /// <param name="first">What it does first, at the line of its name.</param>
    public void OpenBodyDifferent(string analysed, string executed, string first, params string[] features)
    {
        string entered = first.Length == 0 ? "" : $" Probe.At({_analysed.Count + 1}); {first}";
        Both(analysed, $"{Position(executed)}{executed} using var frame{_frames} = Probe.Frame({_frames});{entered}", features);
        _bodyLines.Add(_analysed.Count);
        _frames++;
        _bodies++;
        _indent++;
    }

    public void CloseBody(string text = "}")
    {
        _bodies--;
        _indent--;
        Both(text, text, []);
    }

    /// <summary>Closes one block and opens the next, such as <c>} finally {</c>.</summary>
    public void Middle(string text, params string[] features)
    {
        _indent--;
        Open(text, features);
    }

    /// <summary>All lines until it is disposed exercise these features.</summary>
    public Scope With(params string[] features)
    {
        _active.AddRange(features);
        return new Scope(this, features.Length);
    }

    /// <summary>Says where the frame is, before each statement.</summary>
    private string Position(string text) =>
        _bodies == 0 || text[0] == '}' || text.StartsWith("case ", StringComparison.Ordinal) ? "" : $"Probe.At({_analysed.Count + 1}); ";

    /// <summary>The lines from here to the end of the block that ends with <see cref="Forget"/> exercise these features.</summary>
    public void Remember(params string[] features) => _active.AddRange(features);

    /// <summary>What is remembered so far, to be given back to <see cref="Forget"/>.</summary>
    public int Remembered => _active.Count;

    public void Forget(int remembered) => _active.RemoveRange(remembered, _active.Count - remembered);

    private void Both(string analysed, string executed, string[] features)
    {
        string indent = new(' ', _indent * 4);
        _analysed.Add(indent + HiddenAttribute().Replace(analysed, ""));
        _attributed.Add(indent + HiddenAttribute().Replace(analysed, "[$1] "));
        _executed.Add(indent + _told + HiddenAttribute().Replace(executed, "[$1] "));
        _told = "";
        _parts.Add(Part);
        _features.Add([.. _active.Concat(features).Distinct()]);
    }

    private const char Hidden = '\u27e6';
    private const char End = '\u27e7';

    [GeneratedRegex("\u27e6(.*?)\u27e7 ?")]
    private static partial Regex HiddenAttribute();

    internal readonly struct Scope(CodeWriter writer, int count) : IDisposable
    {
        public void Dispose() => writer._active.RemoveRange(writer._active.Count - count, count);
    }
}
