using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.Testing;

/// <summary>
/// An expected diagnostic. The first location is the diagnostic's own; if there are more, they are the additional locations, all of
/// them and in order (with one location, additional locations are not compared). Without any, the diagnostic has no location.
/// </summary>
public sealed record DiagnosticResult
{
    /// <summary>Expects a diagnostic with this ID, of any severity.</summary>
    public DiagnosticResult(string id)
    {
        Id = id;
    }

    /// <summary>Expects a diagnostic with this ID and severity.</summary>
    public DiagnosticResult(string id, DiagnosticSeverity severity)
    {
        Id = id;
        Severity = severity;
    }

    /// <summary>Expects a diagnostic of this rule, of any severity.</summary>
    public DiagnosticResult(DiagnosticDescriptor descriptor)
        : this(descriptor.Id)
    {
    }

    /// <summary>The ID, such as FENCE001 or CS0103.</summary>
    public string Id { get; init; }

    /// <summary>The severity, or null if any will do.</summary>
    public DiagnosticSeverity? Severity { get; init; }

    /// <summary>Where: the diagnostic's own location first.</summary>
    public ImmutableArray<DiagnosticLocation> Locations { get; init; } = [];

    /// <summary>The arguments of the message, or null if they are not compared.</summary>
    public ImmutableArray<object?>? Arguments { get; init; }

    /// <summary>The whole message, or null if it is not compared.</summary>
    public string? Message { get; init; }

    /// <summary>Pieces that the message must contain.</summary>
    public ImmutableArray<string> MessageParts { get; init; } = [];

    /// <summary>Properties that the diagnostic must have.</summary>
    public ImmutableArray<(string Key, string? Value)> Properties { get; init; } = [];

    /// <summary>An error of the compiler.</summary>
    public static DiagnosticResult CompilerError(string id) => new(id, DiagnosticSeverity.Error);

    /// <summary>A warning of the compiler.</summary>
    public static DiagnosticResult CompilerWarning(string id) => new(id, DiagnosticSeverity.Warning);

    /// <summary>Adds the span that <c>{|#key:…|}</c> marks.</summary>
    public DiagnosticResult WithLocation(int markupKey) => Add(new(markupKey, null, default));

    /// <summary>Adds a start in the first source file. Line and column count from one.</summary>
    public DiagnosticResult WithLocation(int line, int column) => WithStart(null, line, column, LocationPrecision.Start);

    /// <summary>Adds a start in the named file. Line and column count from one.</summary>
    public DiagnosticResult WithLocation(string path, int line, int column) => WithStart(path, line, column, LocationPrecision.Start);

    /// <summary>Adds a line of the first source file, from one; any column will do.</summary>
    public DiagnosticResult WithLine(int line) => WithStart(null, line, 1, LocationPrecision.Line);

    /// <summary>Adds a line of the named file, from one; any column will do.</summary>
    public DiagnosticResult WithLine(string path, int line) => WithStart(path, line, 1, LocationPrecision.Line);

    /// <summary>Adds a span in the first source file. Lines and columns count from one; the end is exclusive.</summary>
    public DiagnosticResult WithSpan(int startLine, int startColumn, int endLine, int endColumn)
        => Add(new(null, null, At(startLine, startColumn, endLine, endColumn)));

    /// <summary>Adds a span in the named file. Lines and columns count from one; the end is exclusive.</summary>
    public DiagnosticResult WithSpan(string path, int startLine, int startColumn, int endLine, int endColumn)
        => Add(new(null, path, At(startLine, startColumn, endLine, endColumn)));

    /// <summary>Expects a diagnostic without location.</summary>
    public DiagnosticResult WithNoLocation() => this with { Locations = [] };

    /// <summary>Compares the message with the rule's format filled with these arguments.</summary>
    public DiagnosticResult WithArguments(params object?[] arguments) => this with { Arguments = [.. arguments] };

    /// <summary>Compares the whole message.</summary>
    public DiagnosticResult WithMessage(string message) => this with { Message = message };

    /// <summary>Requires a piece of the message, such as a call chain.</summary>
    public DiagnosticResult WithMessageContaining(string part) => this with { MessageParts = MessageParts.Add(part) };

    /// <summary>Requires a property of the diagnostic.</summary>
    public DiagnosticResult WithProperty(string key, string? value) => this with { Properties = Properties.Add((key, value)) };

    /// <summary>Compares the severity.</summary>
    public DiagnosticResult WithSeverity(DiagnosticSeverity severity) => this with { Severity = severity };

    DiagnosticResult WithStart(string? path, int line, int column, LocationPrecision precision)
        => Add(new(null, path, At(line, column, line, column), precision));

    DiagnosticResult Add(DiagnosticLocation location) => this with { Locations = Locations.Add(location) };

    static LinePositionSpan At(int startLine, int startColumn, int endLine, int endColumn)
        => new(new LinePosition(startLine - 1, startColumn - 1), new LinePosition(endLine - 1, endColumn - 1));
}
