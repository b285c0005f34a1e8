using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Reflection.Metadata;
using System.Runtime.CompilerServices;

namespace FenceSafety.Summaries.Metadata;

/// <summary>A method definition.</summary>
sealed class MethodNode
{
    // There are hundreds of thousands of these: what is asked for is made then, by more than one thread if need be.
    StrongBox<MethodSignature<IlType>>? _signature;
    StrongBox<PropertyNode?>? _property;
    ImmutableArray<Annotation> _annotations;
    string? _id;
    string? _documentation;
    sbyte _doesNotReturn;

    public MethodNode(TypeNode type, MethodDefinitionHandle handle)
    {
        Type = type;
        Handle = handle;
        Definition = type.Assembly.Md.GetMethodDefinition(handle);
        Name = type.Assembly.Md.GetString(Definition.Name);
        Attributes = Definition.Attributes;
    }

    public TypeNode Type { get; }
    public MethodDefinitionHandle Handle { get; }
    public MethodDefinition Definition { get; }
    public string Name { get; }
    public MethodAttributes Attributes { get; }
    public MethodSignature<IlType> Signature => (_signature ??= new(ReadSignature())).Value;

    /// <summary>The name by which the engine and the analyzer know it: see <see cref="DeclarationIds"/>.</summary>
    public string Id => _id ??= DeclarationIds.Of(Type.DocName, Name, Signature);

    /// <summary>The id as documentation comments and messages spell it.</summary>
    public string DocumentationName => _documentation ??= MakeDocumentationId();

    /// <summary>Our attributes on the method itself.</summary>
    public ImmutableArray<Annotation> Annotations =>
        _annotations.IsDefault ? _annotations = AttributeReader.Annotations(Type.Assembly, Definition.GetCustomAttributes()) : _annotations;

    /// <summary>The property or event that it is an accessor of.</summary>
    public PropertyNode? Property => (_property ??= new(PropertyNode.Of(this))).Value;
    public bool DoesNotReturn => (_doesNotReturn != 0 ? _doesNotReturn : _doesNotReturn = (sbyte)(IsDeclaredNotToReturn() ? 1 : -1)) > 0;
    public bool IsStatic => (Attributes & MethodAttributes.Static) != 0;
    public bool IsVirtual => (Attributes & MethodAttributes.Virtual) != 0;
    public bool IsAbstract => (Attributes & MethodAttributes.Abstract) != 0;
    public bool IsFinal => (Attributes & MethodAttributes.Final) != 0;
    public bool IsNewSlot => (Attributes & MethodAttributes.NewSlot) != 0;
    public bool IsConstructor => Name == ".ctor";

    /// <summary>Implements an interface's member under that member's full name.</summary>
    public bool IsExplicit => Name.LastIndexOf('.') > 0;
    public bool HasBody => Definition.RelativeVirtualAddress != 0
        && (Definition.ImplAttributes & (MethodImplAttributes.CodeTypeMask | MethodImplAttributes.Unmanaged)) == MethodImplAttributes.IL;
    public bool IsSynchronized => (Definition.ImplAttributes & MethodImplAttributes.Synchronized) != 0;
    public bool IsDispose => Name is "Dispose" or "DisposeAsync" && !IsStatic && Signature.ParameterTypes.IsEmpty;

    public bool IsVisibleOutside =>
        (Attributes & MethodAttributes.MemberAccessMask) is MethodAttributes.Public or MethodAttributes.Family or MethodAttributes.FamORAssem
        && Type.IsVisibleOutside;

    /// <summary>By their place in the signature.</summary>
    public IEnumerable<(int Index, Parameter Parameter)> Parameters
    {
        get
        {
            foreach (var handle in Definition.GetParameters())
            {
                var parameter = Type.Assembly.Md.GetParameter(handle);
                if (parameter.SequenceNumber > 0 && parameter.SequenceNumber <= Signature.ParameterTypes.Length)
                    yield return (parameter.SequenceNumber - 1, parameter);
            }
        }
    }

    public int ParameterNamed(string name)
    {
        foreach (var (index, parameter) in Parameters)
        {
            if (Type.Assembly.Md.StringComparer.Equals(parameter.Name, name))
                return index;
        }
        return -1;
    }

    /// <summary>What callers write: the property for its accessors, the type for its constructors.</summary>
    public string CallName
    {
        get
        {
            if (IsConstructor || Name == ".cctor")
                return Plain(Type.Name);
            if (Property is { } property)
                return property.IsIndexer ? "" : Last(property.Name);
            return Last(Name);
        }
    }

    static string Plain(string name) => name.IndexOf('`') is >= 0 and var tick ? name[..tick] : name;

    static string Last(string name) => name.LastIndexOf('.') is > 0 and var dot ? name[(dot + 1)..] : name;

    MethodSignature<IlType> ReadSignature()
    {
        Type.Assembly.Check(Definition.Signature);
        return Definition.DecodeSignature(Type.Assembly.Provider, null);
    }

    bool IsDeclaredNotToReturn()
    {
        foreach (var attribute in Definition.GetCustomAttributes())
        {
            if (AttributeReader.TypeName(Type.Assembly, attribute) == "System.Diagnostics.CodeAnalysis.DoesNotReturnAttribute")
                return true;
        }
        return false;
    }

    string MakeDocumentationId()
    {
        string id = "M:" + Type.DocName + "." + (IsExplicit ? Encode(Name).Replace('<', '{').Replace('>', '}') : Encode(Name));
        if (Signature.GenericParameterCount > 0)
            id += "``" + Signature.GenericParameterCount.ToString(CultureInfo.InvariantCulture);
        if (!Signature.ParameterTypes.IsEmpty)
            id += "(" + string.Join(",", Signature.ParameterTypes.Select(static p => p.DocName)) + ")";
        return Name is "op_Implicit" or "op_Explicit" or "op_CheckedExplicit" ? id + "~" + Signature.ReturnType.DocName : id;
    }

    /// <summary>Nearly that, of a method that is not at hand: only conversions say what they return.</summary>
    public static string DocumentationId(string id)
    {
        int returned = id.IndexOf('~');
        return returned < 0 || id.Contains(".op_Implicit(", StringComparison.Ordinal) || id.Contains(".op_Explicit(", StringComparison.Ordinal)
            || id.Contains(".op_CheckedExplicit(", StringComparison.Ordinal) ? id : id[..returned];
    }

    public static string Encode(string name) => name.Replace('.', '#');
}

/// <summary>A property or event, as the name of a lock class and the bearer of annotations.</summary>
sealed record PropertyNode(string Id, string Name, bool IsIndexer, ImmutableArray<Annotation> Annotations)
{
    public static PropertyNode? Of(MethodNode method)
    {
        if ((method.Attributes & MethodAttributes.SpecialName) == 0)
            return null;
        var assembly = method.Type.Assembly;
        switch (method.Type.DeclaredBy(method.Handle))
        {
            case { Kind: HandleKind.PropertyDefinition } handle:
                var property = assembly.Md.GetPropertyDefinition((PropertyDefinitionHandle)handle);
                string name = assembly.Md.GetString(property.Name);
                var indexes = property.DecodeSignature(assembly.Provider, null).ParameterTypes;
                string id = "P:" + method.Type.DocName + "." + MethodNode.Encode(name)
                    + (indexes.IsEmpty ? "" : "(" + string.Join(",", indexes.Select(static p => p.DocName)) + ")");
                return new PropertyNode(id, name, !indexes.IsEmpty, AttributeReader.Annotations(assembly, property.GetCustomAttributes()));
            case { Kind: HandleKind.EventDefinition } handle:
                var e = assembly.Md.GetEventDefinition((EventDefinitionHandle)handle);
                string own = assembly.Md.GetString(e.Name);
                return new PropertyNode("E:" + method.Type.DocName + "." + MethodNode.Encode(own), own, false, AttributeReader.Annotations(assembly, e.GetCustomAttributes()));
            default:
                return null;
        }
    }
}
