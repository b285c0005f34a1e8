using System.Reflection.Metadata;
using FenceSafety.Summaries.Metadata;

namespace FenceSafety.Summaries.Program;

/// <summary>Which compiler-made type is the body of which method, as attributes say.</summary>
sealed class StateMachines
{
    readonly Dictionary<TypeNode, MethodNode> _methods = [];
    readonly Dictionary<MethodNode, (TypeNode Type, StateMachine Kind)> _types = [];

    public StateMachines(ManagedAssembly assembly)
    {
        foreach (var handle in assembly.Md.CustomAttributes)
        {
            var attribute = assembly.Md.GetCustomAttribute(handle);
            if (attribute.Parent.Kind == HandleKind.MethodDefinition && KindOf(assembly.AttributeType(attribute.Constructor)) is var kind and not StateMachine.None)
                Add(assembly, (MethodDefinitionHandle)attribute.Parent, kind, AttributeReader.TypeArgument(assembly, handle));
        }
    }

    /// <summary>The state machine that a method makes.</summary>
    public (TypeNode Type, StateMachine Kind)? Of(MethodNode method) => _types.TryGetValue(method, out var machine) ? machine : null;

    public bool Contains(TypeNode type) => _methods.ContainsKey(type);

    /// <summary>The method whose body this is: for a state machine, the one that made it.</summary>
    public MethodNode BodyOf(MethodNode method) => method.Name == "MoveNext" && _methods.TryGetValue(method.Type, out var made) ? made : method;

    static StateMachine KindOf(string attribute) => attribute switch
    {
        "System.Runtime.CompilerServices.AsyncStateMachineAttribute" => StateMachine.Async,
        "System.Runtime.CompilerServices.IteratorStateMachineAttribute" => StateMachine.Iterator,
        "System.Runtime.CompilerServices.AsyncIteratorStateMachineAttribute" => StateMachine.AsyncIterator,
        _ => StateMachine.None,
    };

    void Add(ManagedAssembly assembly, MethodDefinitionHandle handle, StateMachine kind, string? name)
    {
        if (name is null)
            return;
        var method = assembly.Method(handle);
        string last = name[(name.LastIndexOf('.') + 1)..];
        foreach (var nested in method.Type.Definition.GetNestedTypes())
        {
            var type = assembly.Type(nested);
            if (type.Name != last && type.DocName != name)
                continue;
            _methods[type] = method;
            _types[method] = (type, kind);
        }
    }
}

enum StateMachine
{
    None,
    Async,
    Iterator,
    AsyncIterator,
}
