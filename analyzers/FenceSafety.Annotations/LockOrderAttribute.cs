namespace FenceSafety;

/// <summary>
/// The documented order in which locks are taken, outermost first. Code that takes them the other way round, here or in an assembly
/// that references this one, closes a cycle (FENCE005).
/// </summary>
/// <remarks>May be repeated; together the orders form one graph.</remarks>
/// <example>
/// <code>
/// [assembly: LockOrder("vm", "buddy", "pramin")]
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class LockOrderAttribute : Attribute
{
    /// <summary>Declares an order.</summary>
    /// <param name="firstToLast">
    /// Lock classes, outermost first: names given by <see cref="LockClassAttribute"/>, or fields and properties as in a
    /// documentation comment id without its prefix (<c>Namespace.Type._gate</c>).
    /// </param>
    public LockOrderAttribute(params string[] firstToLast) => FirstToLast = firstToLast;

    /// <summary>The lock classes, outermost first.</summary>
    public string[] FirstToLast { get; }
}
