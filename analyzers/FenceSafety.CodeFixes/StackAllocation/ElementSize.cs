using Microsoft.CodeAnalysis;

namespace FenceSafety.CodeFixes.StackAllocation;

/// <summary>Sizes of unmanaged types.</summary>
static class ElementSize
{
    /// <summary>An upper bound in bytes, with each field of a struct at a multiple of eight; null for what has no fixed size.</summary>
    public static int? AtMost(ITypeSymbol type)
    {
        if (!type.IsUnmanagedType)
            return null;
        switch (type.SpecialType)
        {
            case SpecialType.System_Boolean or SpecialType.System_Byte or SpecialType.System_SByte:
                return 1;
            case SpecialType.System_Char or SpecialType.System_Int16 or SpecialType.System_UInt16:
                return 2;
            case SpecialType.System_Int32 or SpecialType.System_UInt32 or SpecialType.System_Single:
                return 4;
            case SpecialType.System_Int64 or SpecialType.System_UInt64 or SpecialType.System_Double or SpecialType.System_IntPtr or SpecialType.System_UIntPtr:
                return 8;
            case SpecialType.System_Decimal:
                return 16;
        }
        if (type is INamedTypeSymbol { TypeKind: TypeKind.Enum, EnumUnderlyingType: { } underlying })
            return AtMost(underlying);
        // Of a type of another assembly private fields may be missing, and a layout of its own may be larger.
        if (type is not INamedTypeSymbol { TypeKind: TypeKind.Struct, IsGenericType: false } || type.DeclaringSyntaxReferences.IsEmpty
            || type.GetAttributes().Any(static a => a.AttributeClass?.Name is "StructLayoutAttribute" or "InlineArrayAttribute"))
        {
            return null;
        }
        int sum = 0;
        foreach (var field in type.GetMembers().OfType<IFieldSymbol>().Where(static f => !f.IsStatic))
        {
            if (field.IsFixedSizeBuffer || AtMost(field.Type) is not { } size)
                return null;
            sum += (size + 7) / 8 * 8;
        }
        return Math.Max(sum, 1);
    }
}
