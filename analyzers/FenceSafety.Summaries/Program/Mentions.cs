using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using FenceSafety.Summaries.Bodies;
using FenceSafety.Summaries.Metadata;

namespace FenceSafety.Summaries.Program;

/// <summary>One pass over the code of an assembly: in which body a lambda is written, and which bodies mention a name.</summary>
sealed class Mentions
{
    readonly StateMachines _machines;
    readonly Dictionary<MethodNode, MethodNode> _parents = [];
    readonly Dictionary<MethodNode, List<MethodNode>> _nested = [];
    readonly Dictionary<string, SortedSet<string>> _bodies = new(StringComparer.Ordinal);

    public Mentions(ManagedAssembly assembly, StateMachines machines)
    {
        _machines = machines;
        foreach (var method in assembly.Types.SelectMany(static t => t.Methods).Where(static m => m.HasBody))
        {
            try
            {
                Scan(assembly, method);
            }
            catch (Exception e) when (e is BadImageFormatException or InvalidOperationException or ArgumentException or IndexOutOfRangeException or OverflowException)
            {
                // Whoever reads the body says so.
            }
        }
        foreach (var (child, parent) in _parents)
        {
            if (!_nested.TryGetValue(parent, out var list))
                _nested.Add(parent, list = []);
            list.Add(child);
        }
    }

    /// <summary>The method in which a lambda or local function is written.</summary>
    public MethodNode? Parent(MethodNode nested) => _parents.GetValueOrDefault(nested);

    public IEnumerable<MethodNode> Nested(MethodNode method) => _nested.TryGetValue(method, out var list) ? list.OrderBy(static m => m.Id, StringComparer.Ordinal) : [];

    public IEnumerable<string> Of(string name) => _bodies.TryGetValue(name, out var set) ? set : [];

    /// <summary>A lambda or local function that the compiler made a method of.</summary>
    public static bool IsNestedFunction(MethodNode method) =>
        method.Name.Length > 0 && method.Name[0] == '<' && (method.Name.Contains(">b__", StringComparison.Ordinal) || method.Name.Contains(">g__", StringComparison.Ordinal));

    void Scan(ManagedAssembly assembly, MethodNode method)
    {
        var owner = _machines.BodyOf(method);
        foreach (var i in InstructionReader.Read(assembly.Pe.GetMethodBody(method.Definition.RelativeVirtualAddress).GetILReader()))
        {
            if (i.Code is not (ILOpCode.Call or ILOpCode.Callvirt or ILOpCode.Newobj or ILOpCode.Ldftn or ILOpCode.Ldvirtftn))
                continue;
            var use = assembly.Uses.Method(MetadataTokens.EntityHandle((int)i.Operand));
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
        if (!_bodies.TryGetValue(name, out var set))
            _bodies.Add(name, set = new SortedSet<string>(StringComparer.Ordinal));
        set.Add(body.Id);
    }
}
