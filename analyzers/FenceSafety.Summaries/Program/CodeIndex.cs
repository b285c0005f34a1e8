using FenceSafety.Summaries.Metadata;

namespace FenceSafety.Summaries.Program;

/// <summary>What of an assembly is found by looking at more than one body. Each part is made when it is asked for.</summary>
sealed class CodeIndex
{
    readonly Lazy<Mentions> _mentions;

    public CodeIndex(ManagedAssembly assembly)
    {
        Machines = new StateMachines(assembly);
        Closures = new Closures(Machines);
        _mentions = new(() => new Mentions(assembly, Machines));
    }

    public StateMachines Machines { get; }

    public Closures Closures { get; }

    public Mentions Mentions => _mentions.Value;
}
