namespace FenceSafety.Core.Facts;

/// <summary>Pseudo members of type parameters.</summary>
public static class TypeParameterMembers
{
    /// <summary>A conversion of the type to a reference type.</summary>
    public const string Box = "#box";
}
