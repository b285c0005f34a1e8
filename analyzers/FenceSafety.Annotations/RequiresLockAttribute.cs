namespace FenceSafety;

/// <summary>
/// The named lock is held whenever the method is entered: the body is analysed with it held, and every call is checked (FENCE016).
/// </summary>
/// <remarks>May be repeated to name several locks.</remarks>
/// <example>
/// <code>
/// [RequiresLock(nameof(_gate))]
/// private void InsertLocked(Block block) { }
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class RequiresLockAttribute : Attribute
{
    /// <summary>Names the lock.</summary>
    /// <param name="target">The name of a field or property of the declaring type, or of a parameter of the method.</param>
    public RequiresLockAttribute(string target) => Target = target;

    /// <summary>The name of the field, property or parameter that is the lock.</summary>
    public string Target { get; }
}
