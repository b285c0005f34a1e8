namespace FenceSafety;

/// <summary>
/// Names the class of a lock. Locks of one class are one node of the lock-order graph, as in lockdep; without the attribute, the class
/// is the field or property that holds the lock. Equal names are one class, across types and assemblies.
/// </summary>
/// <remarks>On a type, it names the class of its instances wherever they are held.</remarks>
/// <example>
/// <code>
/// [LockClass("buddy")]
/// private readonly Lock _gate = new();
/// </code>
/// </example>
[AttributeUsage(
    AttributeTargets.Field | AttributeTargets.Property | AttributeTargets.Parameter
        | AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface)]
public sealed class LockClassAttribute : Attribute
{
    /// <summary>Names the class.</summary>
    /// <param name="name">The name, as <see cref="LockOrderAttribute"/> and the diagnostics spell it.</param>
    public LockClassAttribute(string name) => Name = name;

    /// <summary>The name of the class.</summary>
    public string Name { get; }

    /// <summary>
    /// The nesting level within the class; 0 by default. Locks of one name on different levels may be nested, as a parent's and a
    /// child's.
    /// </summary>
    public int Subclass { get; set; }
}
