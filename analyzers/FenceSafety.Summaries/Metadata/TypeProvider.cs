using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace FenceSafety.Summaries.Metadata;

/// <summary>Builds types from the signatures and attribute values of one assembly.</summary>
sealed class TypeProvider(ManagedAssembly assembly, World world) : ISignatureTypeProvider<IlType, object?>, ICustomAttributeTypeProvider<IlType>
{
    public IlType GetPrimitiveType(PrimitiveTypeCode typeCode) => world.Primitive(typeCode);

    public IlType GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => assembly.Type(handle).Open;

    public IlType GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => assembly.Reference(handle, rawTypeKind == 0x11);

    public IlType GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        assembly.Specification(handle);

    public IlType GetSZArrayType(IlType elementType) => new ArrayType(elementType, 1);
    public IlType GetArrayType(IlType elementType, ArrayShape shape) => new ArrayType(elementType, Math.Clamp(shape.Rank, 1, 32));
    public IlType GetByReferenceType(IlType elementType) => new ByRefType(elementType);
    public IlType GetPointerType(IlType elementType) => new PointerType(elementType);
    public IlType GetPinnedType(IlType elementType) => elementType;
    public IlType GetModifiedType(IlType modifier, IlType unmodifiedType, bool isRequired) => unmodifiedType;
    public IlType GetFunctionPointerType(MethodSignature<IlType> signature) => FunctionPointerType.Instance;
    public IlType GetGenericMethodParameter(object? genericContext, int index) => new TypeParameter(true, index);
    public IlType GetGenericTypeParameter(object? genericContext, int index) => new TypeParameter(false, index);

    public IlType GetGenericInstantiation(IlType genericType, ImmutableArray<IlType> typeArguments) =>
        genericType is NamedType named ? named.With(typeArguments) : throw new BadImageFormatException("an instance of what is not generic");

    // ---- attribute values

    public IlType GetSystemType() => new NamedType("System.Type", null, false, []);

    public bool IsSystemType(IlType type) => type.Is("System.Type");

    public IlType GetTypeFromSerializedName(string name)
    {
        string plain = AttributeReader.Plain(name);
        return new NamedType(plain, world.FindByName(plain), false, []);
    }

    public PrimitiveTypeCode GetUnderlyingEnumType(IlType type) => type.Node?.EnumType ?? PrimitiveTypeCode.Int32;
}
