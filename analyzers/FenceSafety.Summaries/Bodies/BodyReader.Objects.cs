using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using FenceSafety.Core.Facts;
using FenceSafety.Summaries.Metadata;
using FenceSafety.Summaries.Program;

namespace FenceSafety.Summaries.Bodies;

sealed partial class BodyReader
{
    IlType? _constrained;

    void ObjectStep(in Instruction i)
    {
        switch (i.Code)
        {
            case ILOpCode.Call or ILOpCode.Callvirt:
                _constrained = _index > 0 && Previous() is { Code: ILOpCode.Constrained } prefix
                    ? _source.Assembly.TypeOf(System.Reflection.Metadata.Ecma335.MetadataTokens.EntityHandle((int)prefix.Operand)) : null;
                Call(_source.Assembly.Uses.Method(Token), i.Code == ILOpCode.Callvirt);
                break;
            case ILOpCode.Calli:
                Indirect();
                break;
            case ILOpCode.Newobj:
                Create(_source.Assembly.Uses.Method(Token));
                break;
            case ILOpCode.Newarr:
                Pop();
                var element = _source.Assembly.TypeOf(Token);
                Managed("array", "new " + Names.Of(element) + "[]");
                Push(Value.None, new ArrayType(element, 1));
                break;
            case ILOpCode.Box:
                Box(_source.Assembly.TypeOf(Token));
                break;
            case ILOpCode.Unbox or ILOpCode.Unbox_any or ILOpCode.Castclass or ILOpCode.Isinst:
                Cast(i.Code, _source.Assembly.TypeOf(Token));
                break;
            case ILOpCode.Ldfld or ILOpCode.Ldflda:
                LoadField(_source.Assembly.Uses.Field(Token), Pop(), i.Code == ILOpCode.Ldflda);
                break;
            case ILOpCode.Stfld:
                var stored = Pop();
                StoreField(_source.Assembly.Uses.Field(Token), Pop(), stored);
                break;
            case ILOpCode.Ldsfld or ILOpCode.Ldsflda:
                LoadStatic(_source.Assembly.Uses.Field(Token), i.Code == ILOpCode.Ldsflda);
                break;
            case ILOpCode.Stsfld:
                var given = Pop();
                var field = _source.Assembly.Uses.Field(Token);
                Initialise(field.Owner, fieldAccess: true);
                Emit(new StoreOp(Span, null, Declarations.Lock(field).Info, Converted(given, field.Type)));
                break;
            case >= ILOpCode.Ldelem_i1 and <= ILOpCode.Ldelem_ref or ILOpCode.Ldelem or ILOpCode.Ldelema:
                Pop();
                var array = Pop();
                var of = (array.Type as ArrayType)?.Element;
                Push(new Value.Element(array.Value), i.Code == ILOpCode.Ldelema && of is not null ? of.Reference : of);
                break;
            case >= ILOpCode.Stelem_i and <= ILOpCode.Stelem_ref or ILOpCode.Stelem:
                var kept = Pop();
                Pop();
                Pop();
                if (kept.Value is not Value.NoValue and not Value.Constant)
                    Emit(new StoreOp(Span, null, null, kept.Value));
                break;
            case >= ILOpCode.Ldind_i1 and <= ILOpCode.Ldind_ref or ILOpCode.Ldobj:
                var reference = Pop();
                Push(reference with { Type = reference.Type?.WithoutReference });
                break;
            case >= ILOpCode.Stind_ref and <= ILOpCode.Stind_r8 or ILOpCode.Stind_i or ILOpCode.Stobj:
                var value = Pop();
                StoreThrough(Pop(), value);
                break;
            case ILOpCode.Cpobj:
                var source = Pop();
                StoreThrough(Pop(), source);
                break;
            case ILOpCode.Initobj:
                StoreThrough(Pop(), Entry.Unknown);
                break;
            case ILOpCode.Ldlen or ILOpCode.Localloc or ILOpCode.Ckfinite or ILOpCode.Mkrefany or ILOpCode.Refanyval or ILOpCode.Refanytype:
                Pop();
                Push(Value.None, null);
                break;
            case ILOpCode.Ldtoken:
                Push(Value.None, null, Token.Kind is HandleKind.TypeDefinition or HandleKind.TypeReference or HandleKind.TypeSpecification
                    ? new Note.Token(_source.Assembly.TypeOf(Token)) : null);
                break;
            case ILOpCode.Ldftn:
                Push(Value.None, null, new Note.Function(_source.Assembly.Uses.Method(Token)));
                break;
            case ILOpCode.Ldvirtftn:
                Pop();
                Push(Value.None, null, new Note.Function(_source.Assembly.Uses.Method(Token)));
                break;
            case ILOpCode.Throw or ILOpCode.Endfilter:
                Pop();
                break;
            case ILOpCode.Initblk or ILOpCode.Cpblk:
                Pop();
                Pop();
                Pop();
                break;
            default:
                throw new BadImageFormatException($"the instruction {i.Code}, which is not known");
        }
    }

    Instruction Previous()
    {
        int at = _index - 1;
        while (at > 0 && _graph.Code[at].Code is ILOpCode.Tail or ILOpCode.Readonly)
            at--;
        return _graph.Code[at];
    }

    // ---- creation

    void Create(MethodUse constructor)
    {
        var declaring = constructor.Declaring;
        if (constructor.TypeName == "System.Array" && constructor.Node is null)
        {
            Take(constructor.Parameters.Length);
            Managed("array", "a new array");
            Push(Value.None, null);
            return;
        }
        if (CallShape.IsDelegate(declaring))
        {
            CreateDelegate(declaring);
            return;
        }
        var arguments = Arguments(constructor, Take(constructor.Parameters.Length), out var outSlots);
        var result = NewSlot();
        if (Closures.IsClosure(declaring.Definition))
        {
            Managed("closure", "a closure over " + Captures(declaring.Definition!));
            Push(result, declaring);
            return;
        }
        var shape = constructor.Shape ??= CallShape.Of(constructor, _source);
        bool isTrusted = shape.MayBeAnnotated && Declarations.Of(constructor.Node!).AssumeSafe;
        if (!IsValueType(declaring) && !isTrusted)
            Managed("object", shape.Creation);
        Initialise(declaring.Definition, fieldAccess: false);
        if (shape.MayBeAnnotated && DeclaredLock(constructor, new Entry(result, declaring), arguments, outSlots, result, declaring))
        {
            Push(result, declaring);
            return;
        }
        Emit(new CallOp(Span, shape.Exact, Value.None, arguments, result.Index)
        {
            Creates = declaring.Name,
            OutSlots = outSlots,
            ResultIsDisposable = declaring.Definition?.IsDisposable == true,
        });
        foreach (int i in shape.Enumerated)
            Enumerates(arguments[i]);
        Push(result, declaring);
    }

    static string Captures(TypeNode closure)
    {
        foreach (var handle in closure.Definition.GetFields())
        {
            string name = closure.Assembly.Md.GetString(closure.Assembly.Md.GetFieldDefinition(handle).Name);
            if (!name.Contains('<'))
                return name;
        }
        return "this";
    }

    static bool IsValueType(IlType type) => type is NamedType { IsValueType: true } or NamedType { Definition.IsValueType: true };

    void CreateDelegate(NamedType type)
    {
        var function = Pop();
        var target = Pop();
        var kept = Next() is { Code: ILOpCode.Dup } ? Next(2) : Next();
        bool cached = kept is { Code: ILOpCode.Stsfld } store && _source.Assembly.Uses.Field(System.Reflection.Metadata.Ecma335.MetadataTokens.EntityHandle((int)store.Operand)).Owner is { IsCompilerGenerated: true };
        if (function.Note is not Note.Function { Method: var method })
        {
            Managed("delegate", "a delegate");
            Push(new Value.Opaque(null, ""), type);
            return;
        }
        bool nested = method.Node is { } node && Mentions.IsNestedFunction(node);
        if (!cached)
            Managed("delegate", nested ? "a delegate" : "a delegate of " + Names.Of(method.Declaring) + "." + method.Name);
        Value? receiver = method.IsStatic ? null : nested ? Value.This.Instance : target.Value;
        string id = method.Node is { } known && _source.Index.Machines.BodyOf(known) is { } body ? body.Id : method.Id;
        if (nested && type.Definition is { } converted)
            Declarations.Convert(id, converted.Annotations);
        Push(new Value.Delegate(id, receiver), type, nested ? new Note.Lambda(id) : null);
    }

    void Box(IlType type)
    {
        var value = Pop();
        if (type is TypeParameter parameter)
        {
            if (ConstrainedToClass(parameter) || TestsOnly())
            {
                Push(value.Value, type);
                return;
            }
            Emit(new CallOp(Span, new CallTarget.Constrained(type.EngineName, TypeParameterMembers.Box, ""), null, [], -1));
            Push(value.Value, type, new Note.Boxed(_ops.Count - 1, type));
            return;
        }
        if (!IsValueType(type) && type is NamedType { Definition: not null } || TestsOnly())
        {
            Push(value.Value, type);
            return;
        }
        Managed("boxing", Names.Of(type));
        Push(value.Value, type, new Note.Boxed(_ops.Count - 1, type));
    }

    /// <summary>A box that is only tested for null or for its type is none.</summary>
    bool TestsOnly() => Next() is { Code: ILOpCode.Brtrue or ILOpCode.Brtrue_s or ILOpCode.Brfalse or ILOpCode.Brfalse_s or ILOpCode.Isinst or ILOpCode.Unbox_any }
        || (Next() is { Code: ILOpCode.Ldnull } && Next(2) is { Code: ILOpCode.Ceq or ILOpCode.Cgt_un });

    bool ConstrainedToClass(TypeParameter parameter)
    {
        var md = _source.Assembly.Md;
        var parameters = parameter.OfMethod ? _source.Method.Definition.GetGenericParameters() : _source.Method.Type.Definition.GetGenericParameters();
        if (parameter.Index >= parameters.Count)
            return false;
        var definition = md.GetGenericParameter(parameters[parameter.Index]);
        if ((definition.Attributes & GenericParameterAttributes.ReferenceTypeConstraint) != 0)
            return true;
        return definition.GetConstraints().Any(c => _source.Assembly.TypeOf(md.GetGenericParameterConstraint(c).Type) is NamedType
        {
            Definition: { IsInterface: false } type,
        } && type.DocName is not ("System.Object" or "System.ValueType" or "System.Enum"));
    }

    /// <summary>Takes back the effect of a box that turns out to be none.</summary>
    void Unbox(Note.Boxed boxed)
    {
        if (boxed.Op < _ops.Count && _ops[boxed.Op] is EffectOp { Detail: "boxing" } or CallOp { Target: CallTarget.Constrained { Method: TypeParameterMembers.Box } })
            _ops[boxed.Op] = new ScopeOp(Span, []);
    }

    void Cast(ILOpCode code, IlType type)
    {
        var value = Pop();
        // A narrower static type is kept: casting to an interface says nothing new.
        bool narrower = value.Type is NamedType { Definition: { } from } && type is NamedType to
            && from.Ancestors.Contains(to.Name);
        Note? note = type.Is("System.IDisposable") && value.Type is NamedType { Name: "System.Collections.IEnumerator" } ? Note.Enumerator.Instance
            : value.Note as Note.Iterator;
        Push(value.Value, code == ILOpCode.Unbox ? type.Reference : narrower ? value.Type : type, note);
    }

    // ---- statics

    void LoadStatic(FieldUse field, bool address)
    {
        if (field.Owner is { IsCompilerGenerated: true, Name: "<>c" or "<>O" } or { Name: ['<', '>', 'c', ..] or ['<', '>', 'O', ..], IsCompilerGenerated: true } && !Closures.IsClosure(field.Owner))
        {
            // The delegate of a lambda that captures nothing: made once, and here it is seen being made.
            Push(Value.None, field.Type, field.Name == "<>9" ? null : Note.Cached.Instance);
            return;
        }
        Initialise(field.Owner, fieldAccess: true);
        var (id, info) = Declarations.Lock(field);
        Push(new Value.Field(null, id, info), address ? field.Type.Reference : field.Type);
    }

    /// <summary>
    /// The access may run a type initialiser: any access if the type has a static constructor, a field access if it only has
    /// initialisers. A type counts as initialised in its own members and in those of types derived from it.
    /// </summary>
    void Initialise(TypeNode? type, bool fieldAccess)
    {
        if (type is null || type.IsCompilerGenerated || type.TypeInitializer is null || (!Declarations.IsSource(type) && Names.IsFramework(type.Assembly.Name)) || (type.BeforeFieldInit && !fieldAccess))
            return;
        if (_source.Method.Type.SelfAndBases.Any(b => b.Definition == type) || OutermostWithout(_source.Method.Type) == type)
            return;
        Emit(new CallOp(Span, new CallTarget.Exact(type.Id + MethodFacts.TypeInitializerSuffix, []), null, [], -1));
    }

    /// <summary>Lambdas and state machines belong to the type around them.</summary>
    static TypeNode OutermostWithout(TypeNode type)
    {
        var t = type;
        while (t.IsCompilerGenerated && t.Outer is { } outer)
            t = outer;
        return t;
    }
}
