using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using FenceSafety.Summaries.Bodies;
using FenceSafety.Summaries.Metadata;

namespace FenceSafety.Summaries.Program;

/// <summary>
/// One pass over the code of an assembly: which state machine belongs to which method, who makes which closure object, in which body
/// a lambda is written, and which bodies mention a name.
/// </summary>
sealed class CodeIndex
{
    readonly Dictionary<TypeNode, (MethodNode Kickoff, StateMachine Kind)> _machines = [];
    readonly Dictionary<TypeNode, MethodNode> _closures = [];
    readonly Dictionary<MethodNode, MethodNode> _parents = [];
    readonly Dictionary<MethodNode, List<MethodNode>> _nested = [];
    readonly Dictionary<MethodNode, (TypeNode Type, StateMachine Kind)> _kickoffs = [];
    readonly Dictionary<string, SortedSet<string>> _mentions = new(StringComparer.Ordinal);
    readonly HashSet<MethodNode> _damaged = [];

    public CodeIndex(ManagedAssembly assembly)
    {
        foreach (var type in assembly.Types)
        {
            foreach (var method in type.Methods)
                FindMachine(method);
        }
        foreach (var type in assembly.Types)
        {
            foreach (var method in type.Methods.Where(static m => m.HasBody))
            {
                try
                {
                    Scan(assembly, method);
                }
                catch (Exception e) when (e is BadImageFormatException or InvalidOperationException or ArgumentException or IndexOutOfRangeException or OverflowException)
                {
                    _damaged.Add(method);
                }
            }
        }
        foreach (var (child, parent) in _parents)
        {
            if (!_nested.TryGetValue(parent, out var list))
                _nested.Add(parent, list = []);
            list.Add(child);
        }
    }

    /// <summary>Methods whose IL cannot be read.</summary>
    public IReadOnlyCollection<MethodNode> Damaged => _damaged;

    /// <summary>The state machine that a method makes.</summary>
    public (TypeNode Type, StateMachine Kind)? MachineOf(MethodNode method) => _kickoffs.TryGetValue(method, out var m) ? m : null;

    public bool IsMachine(TypeNode type) => _machines.ContainsKey(type);

    /// <summary>The method whose scope a closure object is.</summary>
    public MethodNode? Creator(TypeNode closure) => _closures.GetValueOrDefault(closure);

    /// <summary>The method in which a lambda or local function is written.</summary>
    public MethodNode? Parent(MethodNode nested) => _parents.GetValueOrDefault(nested);

    public IEnumerable<MethodNode> Nested(MethodNode method) => _nested.TryGetValue(method, out var list) ? list.OrderBy(static m => m.Id, StringComparer.Ordinal) : [];

    public IEnumerable<string> Mentioning(string name) => _mentions.TryGetValue(name, out var set) ? set : [];

    public static bool IsClosure(TypeNode? type) => type is not null && type.Name.StartsWith("<>c__DisplayClass", StringComparison.Ordinal);

    /// <summary>A lambda or local function that the compiler made a method of.</summary>
    public static bool IsNestedFunction(MethodNode method) =>
        method.Name.Length > 0 && method.Name[0] == '<' && (method.Name.Contains(">b__", StringComparison.Ordinal) || method.Name.Contains(">g__", StringComparison.Ordinal));

    void FindMachine(MethodNode method)
    {
        var assembly = method.Type.Assembly;
        foreach (var handle in method.Definition.GetCustomAttributes())
        {
            StateMachine? kind = AttributeReader.TypeName(assembly, handle) switch
            {
                "System.Runtime.CompilerServices.AsyncStateMachineAttribute" => StateMachine.Async,
                "System.Runtime.CompilerServices.IteratorStateMachineAttribute" => StateMachine.Iterator,
                "System.Runtime.CompilerServices.AsyncIteratorStateMachineAttribute" => StateMachine.AsyncIterator,
                _ => null,
            };
            if (kind is null || AttributeReader.TypeArgument(assembly, handle) is not { } name)
                continue;
            foreach (var nested in method.Type.Definition.GetNestedTypes())
            {
                var type = assembly.Type(nested);
                if (type.DocName != name && type.Name != name[(name.LastIndexOf('.') + 1)..])
                    continue;
                _machines[type] = (method, kind.Value);
                _kickoffs[method] = (type, kind.Value);
            }
        }
    }

    /// <summary>The method whose body this is: for a state machine, the one that made it.</summary>
    public MethodNode BodyOf(MethodNode method) =>
        method.Name == "MoveNext" && _machines.TryGetValue(method.Type, out var machine) ? machine.Kickoff : method;

    void Scan(ManagedAssembly assembly, MethodNode method)
    {
        var body = assembly.Pe.GetMethodBody(method.Definition.RelativeVirtualAddress);
        var owner = BodyOf(method);
        if (!body.LocalSignature.IsNil)
        {
            var signature = assembly.Md.GetStandaloneSignature(body.LocalSignature);
            assembly.Check(signature.Signature);
            foreach (var local in signature.DecodeLocalSignature(assembly.Provider, null))
            {
                if (local.Node is { IsValueType: true } closure && IsClosure(closure))
                    _closures.TryAdd(closure, owner);
            }
        }
        foreach (var i in InstructionReader.Read(body.GetILReader()))
        {
            if (i.Code is not (ILOpCode.Call or ILOpCode.Callvirt or ILOpCode.Newobj or ILOpCode.Ldftn or ILOpCode.Ldvirtftn))
                continue;
            var use = assembly.Uses.Method(MetadataTokens.EntityHandle((int)i.Operand));
            if (i.Code == ILOpCode.Newobj && IsClosure(use.Declaring.Definition))
                _closures[use.Declaring.Definition!] = owner;
            if (use.Node is { } node && IsNestedFunction(node) && node != owner && (i.Code == ILOpCode.Ldftn || !_parents.ContainsKey(node)))
                _parents[node] = owner;
            string name = use.Node?.CallName ?? use.Name;
            if (name.Length == 0)
                continue;
            Mention(name, owner);
            if (i.Code == ILOpCode.Newobj)
                Mention("new " + name, owner);
        }
    }

    void Mention(string name, MethodNode body)
    {
        if (!_mentions.TryGetValue(name, out var set))
            _mentions.Add(name, set = new SortedSet<string>(StringComparer.Ordinal));
        set.Add(body.Id);
    }
}

enum StateMachine
{
    None,
    Async,
    Iterator,
    AsyncIterator,
}
