using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Reflection.Metadata;
using FenceSafety.Core.Facts;
using FenceSafety.Summaries.Metadata;

namespace FenceSafety.Summaries.Program;

/// <summary>What attributes say of members, and how fields name lock classes: as for source.</summary>
sealed class Declarations(FrameworkContracts framework, Func<ManagedAssembly, bool> isSource)
{
    readonly ConcurrentDictionary<string, FieldLock> _locks = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, MemberContract> _contracts = new(StringComparer.Ordinal);

    public bool IsSource(TypeNode? type) => type is not null && isSource(type.Assembly);

    /// <summary>Constructed types by the names under which the engine hears of them.</summary>
    public ConcurrentDictionary<string, NamedType> Constructed { get; } = new(StringComparer.Ordinal);

    public string Remember(IlType type)
    {
        if (type is NamedType { Arguments.IsEmpty: false } named)
        {
            Constructed.TryAdd(named.DocName, named);
            foreach (var a in named.Arguments)
                Remember(a);
        }
        return type.DocName;
    }

    // ---- lock classes

    /// <summary>The id and the class of a field; a backing field stands for its property.</summary>
    public FieldLock Lock(FieldUse field)
    {
        if (field.Lock is { } kept)
            return kept;
        if (_locks.TryGetValue(field.Id, out var known))
        {
            field.Lock = known;
            return known;
        }
        string name = field.Name, id = field.Id;
        var own = field.Owner is null || field.Handle.IsNil
            ? []
            : AttributeReader.Annotations(field.Owner.Assembly, field.Owner.Assembly.Md.GetFieldDefinition(field.Handle).GetCustomAttributes());
        if (field.Owner is { } owner && name.StartsWith('<') && name.EndsWith(">k__BackingField", StringComparison.Ordinal))
        {
            name = name[1..name.IndexOf('>')];
            id = "P:" + owner.DocName + "." + MethodNode.Encode(name);
            if (owner.Assembly.MentionsAnnotations)
                own = own.AddRange(owner.Methods.Select(static m => m.Property).FirstOrDefault(p => p?.Id == id)?.Annotations ?? []);
        }
        string display = (field.Declaring.Definition?.Display ?? Names.Of(field.Declaring)) + "." + name;
        var info = Named(own, field.Type, id[2..], display, InjectedFields.NameOf(field));
        return field.Lock = _locks.GetOrAdd(field.Id, new FieldLock(id, info));
    }

    static LockInfo Named(ImmutableArray<Annotation> own, IlType type, string plain, string display, string? injectedBy)
    {
        var ofType = type.Node?.Annotations ?? [];
        var named = Find(own, "LockClassAttribute") ?? Find(ofType, "LockClassAttribute");
        bool safe = Has(own, "FenceSafeLockAttribute") || Has(ofType, "FenceSafeLockAttribute");
        return named?.Text(0) is { Length: > 0 } name ? new LockInfo(Level(named, name), name, safe) : new LockInfo(plain, display, safe, injectedBy);
    }

    public static string Level(Annotation annotation, string name) =>
        Bits(annotation.Value("Subclass")) is { } n and not 0 ? name + "/" + n.ToString(CultureInfo.InvariantCulture) : name;

    /// <summary><c>lock (this)</c>.</summary>
    public Value ThisLock(TypeNode type)
    {
        var opaque = Opaque(type.Open);
        var info = Named(type.Annotations, type.Open, "this of " + opaque.TypeId, "this of " + opaque.Display, null);
        return new Value.Field(Value.This.Instance, "this", info);
    }

    public Value.Opaque Opaque(IlType? type)
    {
        if (type is not NamedType { Definition: { } definition } || !IsSource(definition) || definition.DocName == "System.Object")
            return new Value.Opaque(null, type is null ? "" : Names.Of(type));
        return new Value.Opaque(definition.Id, definition.Display);
    }

    /// <summary>What a parameter is if nothing flows to it.</summary>
    public Value Default(MethodNode method, int index)
    {
        var type = method.Signature.ParameterTypes[index].WithoutReference;
        var own = method.Parameters.Where(p => p.Index == index)
            .SelectMany(p => AttributeReader.Annotations(method.Type.Assembly, p.Parameter.GetCustomAttributes())).ToImmutableArray();
        var named = Find(own, "LockClassAttribute") ?? Find(type.Node?.Annotations ?? [], "LockClassAttribute");
        return named?.Text(0) is { Length: > 0 } name
            ? new Value.Field(null, "class " + name, new LockInfo(Level(named, name), name, Has(type.Node?.Annotations ?? [], "FenceSafeLockAttribute")))
            : Opaque(type);
    }

    // ---- contracts

    public static Annotation? Find(ImmutableArray<Annotation> list, string name) => list.IsEmpty ? null : list.FirstOrDefault(a => a.Name == name);

    public static bool Has(ImmutableArray<Annotation> list, string name) => !list.IsEmpty && list.Any(a => a.Name == name);

    public MemberContract Of(MethodNode method)
    {
        if (_contracts.TryGetValue(method.Id, out var known))
            return known;
        var contract = new MemberContract(Displays.Of(method));
        _contracts[method.Id] = contract;
        foreach (var a in method.Annotations.Concat(method.Property?.Annotations ?? []).Concat(method.Type.Annotations))
            contract = Add(contract, a, method);
        if (Names.IsFramework(method.Type.Assembly.Name) && !contract.HasContract)
        {
            contract = framework.Apply(contract, method.DocumentationName);
        }
        else
        {
            foreach (var b in Hierarchy.Overridden(method))
            {
                var of = Of(b);
                contract = contract with
                {
                    Critical = contract.Critical || of.Critical,
                    RunsInReclaim = contract.RunsInReclaim || of.RunsInReclaim,
                    RunsAtomic = contract.RunsAtomic || of.RunsAtomic,
                };
            }
        }
        return _contracts[method.Id] = contract;
    }

    /// <summary>A member whose assembly is not at hand: what the framework's summary says of it.</summary>
    public MemberContract OfMissing(string id)
    {
        id = MethodNode.DocumentationId(id);
        return framework.Apply(new MemberContract(Displays.Of(id)), id);
    }

    static MemberContract Add(MemberContract contract, Annotation a, MethodNode? method) => a.Name switch
    {
        "FenceCriticalAttribute" => contract with { Critical = true },
        "MayAllocateAttribute" => Allocation(contract, a, method),
        "WaitsForFenceAttribute" => contract with { WaitsForFence = true },
        "RunsInReclaimAttribute" => contract with { RunsInReclaim = true },
        "RunsAtomicAttribute" => contract with { RunsAtomic = true },
        "AssumeFenceSafeAttribute" => contract with { AssumeSafe = true },
        "AcquiresLockAttribute" => contract with { Acquires = true },
        "ReleasesLockAttribute" => contract with { Releases = true },
        "BeginsFenceCriticalAttribute" => contract with { BeginsRegion = true },
        "EndsFenceCriticalAttribute" => contract with { EndsRegion = true },
        _ => contract,
    };

    static MemberContract Allocation(MemberContract contract, Annotation a, MethodNode? method)
    {
        contract = contract with { MayAllocate = true };
        if (method is null || a.Value("FlagsParameter") is not string name || method.ParameterNamed(name) is not (>= 0 and var index))
            return contract;
        return contract with { FlagsParameter = index, BlockingFlags = Bits(a.Value("BlockingFlags")) ?? -1 };
    }

    public static long? Bits(object? value) => value switch
    {
        int i => i,
        uint u => u,
        long l => l,
        ulong ul => unchecked((long)ul),
        short s => s,
        ushort us => us,
        byte b => b,
        sbyte sb => sb,
        CustomAttributeTypedArgument<IlType> boxed => Bits(boxed.Value),
        _ => null,
    };

    /// <summary>The contract of a delegate type, or of a delegate-typed parameter.</summary>
    public static MemberContract OfDelegate(string display, ImmutableArray<Annotation> list) =>
        list.Aggregate(new MemberContract(display), static (contract, a) => Add(contract, a, null));

    readonly ConcurrentDictionary<string, MemberContract> _functions = new(StringComparer.Ordinal);

    /// <summary>A lambda that is converted to a delegate type, or passed to a parameter, runs as its annotations say.</summary>
    public void Convert(string function, ImmutableArray<Annotation> to)
    {
        if (to.IsEmpty)
            return;
        var contract = OfDelegate(function, to);
        if (contract.Critical || contract.RunsAtomic || contract.RunsInReclaim)
            _functions.AddOrUpdate(function, contract, (_, known) => Join(known, contract));
    }

    /// <summary>The contract of a lambda, with what it was converted to so far.</summary>
    public MemberContract OfFunction(MethodNode function) =>
        _functions.TryGetValue(function.Id, out var converted) ? Join(Of(function), converted) : Of(function);

    static MemberContract Join(MemberContract one, MemberContract other) => one with
    {
        Critical = one.Critical || other.Critical,
        RunsAtomic = one.RunsAtomic || other.RunsAtomic,
        RunsInReclaim = one.RunsInReclaim || other.RunsInReclaim,
    };

    // ---- how locks behave

    public static LockMode ModeOf(IlType? type)
    {
        if (type?.Node is { } node && Find(node.Annotations, "LockPrimitiveAttribute") is { } primitive)
            return new LockMode(Bits(primitive.Arguments.FirstOrDefault()) == 1 ? LockKind.Spin : LockKind.Sleeping, primitive.Flag("Recursive"));
        return (type as NamedType)?.Name switch
        {
            "System.Threading.SpinLock" => LockMode.Spin,
            "System.Threading.SemaphoreSlim" or "System.Threading.Semaphore" or "System.Threading.ReaderWriterLockSlim" => LockMode.Sleeping,
            _ => LockMode.Monitor,
        };
    }

    /// <summary>A field or auto-property by the name that an annotation uses.</summary>
    public static FieldUse? Member(TypeNode type, string name)
    {
        foreach (var at in type.SelfAndBases)
        {
            foreach (var handle in at.Definition?.Definition.GetFields() ?? [])
            {
                var assembly = at.Definition!.Assembly;
                string field = assembly.Md.GetString(assembly.Md.GetFieldDefinition(handle).Name);
                if (field == name || field == "<" + name + ">k__BackingField")
                    return assembly.Uses.Field(handle);
            }
        }
        return null;
    }
}
