namespace FenceSafety.Testing;

/// <summary>Which diagnostics of the compiler count as found, and so have to be expected.</summary>
public enum CompilerDiagnostics
{
    /// <summary>None: the test code may be incomplete.</summary>
    None,

    /// <summary>Errors: the test code compiles, except for what is expected.</summary>
    Errors,

    /// <summary>Errors and warnings.</summary>
    Warnings,
}

/// <summary>How one project of a test sees another.</summary>
public enum ProjectReferenceKind
{
    /// <summary>As source, as in an IDE (a <see cref="Microsoft.CodeAnalysis.CompilationReference"/>).</summary>
    Compilation,

    /// <summary>As the compiled assembly, as in a command-line build.</summary>
    MetadataImage,
}
