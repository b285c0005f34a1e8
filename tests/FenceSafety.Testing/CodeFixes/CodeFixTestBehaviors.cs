namespace FenceSafety.Testing;

/// <summary>What a code-fix test leaves out.</summary>
[Flags]
public enum CodeFixTestBehaviors
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>One fix is applied, and the rest stays; Fix All is not tried.</summary>
    FixOne = 1,

    /// <summary>Fix All is not compared with single fixes.</summary>
    SkipFixAllCheck = 2,

    /// <summary>A fix may bring new diagnostics, as one does that moves a contract to the callers. The fixed state has to expect them.</summary>
    AllowNewDiagnostics = 4,
}
