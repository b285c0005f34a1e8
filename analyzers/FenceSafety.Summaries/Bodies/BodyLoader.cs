using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using FenceSafety.Core.Facts;
using FenceSafety.Summaries.Metadata;
using FenceSafety.Summaries.Program;

namespace FenceSafety.Summaries.Bodies;

/// <summary>From a method to the facts of its body.</summary>
static class BodyLoader
{
    /// <summary>A body of more bytes than this is not read.</summary>
    const int MaxBody = 4 << 20;

    /// <summary>A body that was read.</summary>
    readonly record struct Body(BodySource Source, BodyReader Reader, ImmutableArray<Block> Blocks);

    /// <summary>The facts, or null if there is no body that can be read.</summary>
    /// <exception cref="BadImageFormatException">The body is damaged.</exception>
    public static MethodFacts? Load(MethodNode method, Declarations declarations, Func<ManagedAssembly, CodeIndex> indexes) =>
        Read(method, declarations, indexes) is { } body ? Facts(body) : null;

    /// <summary>Only what the body does.</summary>
    /// <exception cref="BadImageFormatException">The body is damaged.</exception>
    public static ImmutableArray<Block>? Blocks(MethodNode method, Declarations declarations, Func<ManagedAssembly, CodeIndex> indexes) =>
        Read(method, declarations, indexes)?.Blocks;

    static Body? Read(MethodNode method, Declarations declarations, Func<ManagedAssembly, CodeIndex> indexes)
    {
        var code = method;
        var kind = StateMachine.None;
        if (indexes(method.Type.Assembly).Machines.Of(method) is { } machine && machine.Type.Methods.FirstOrDefault(static m => m.Name == "MoveNext") is { HasBody: true } moveNext)
            (code, kind) = (moveNext, machine.Kind);
        if (!code.HasBody)
            return null;
        var assembly = code.Type.Assembly;
        var body = assembly.Pe.GetMethodBody(code.Definition.RelativeVirtualAddress);
        var il = body.GetILReader();
        if (il.Length > MaxBody)
            throw new BadImageFormatException("a body that is too long");
        var scratch = Scratch.Take();
        InstructionReader.Read(il, scratch.Instructions);
        var graph = IlGraph.Build(scratch.Instructions, body.ExceptionRegions, assembly);
        var source = new BodySource(method, code, kind, declarations, indexes);
        var reader = new BodyReader(source, graph, assembly.Locals(body), scratch);
        bool[] cold = ColdBlocks.Find(graph);
        var read = reader.Read(cold);
        var blocks = PathBuilder.Build(graph, read, cold, reader.Prologue(), reader.Epilogue(), assembly, scratch);
        scratch.GiveBack();
        return new Body(source, reader, blocks);
    }

    static MethodFacts Facts(Body body)
    {
        var (source, reader, blocks) = body;
        var method = source.Method;
        var mentions = source.Indexes(method.Type.Assembly).Mentions;
        var signature = method.Signature;
        var parameters = Enumerable.Range(0, signature.ParameterTypes.Length).ToList();
        var result = signature.ReturnType is NamedType { Name: "System.Threading.Tasks.Task`1" or "System.Threading.Tasks.ValueTask`1", Arguments: [var awaited] } ? awaited : signature.ReturnType;
        return new MethodFacts
        {
            Id = source.Id,
            Display = Displays.Of(method),
            Name = new SourceSpan(source.Id, 0, 0),
            Blocks = blocks,
            ParameterSlots = [.. parameters.Select(BodyReader.ParameterSlot)],
            ParameterDefaults = [.. parameters.Select(i => source.Declarations.Default(method, i))],
            ReceiverDefault = method.IsStatic ? Value.None : source.Declarations.Opaque(method.Type.Open),
            Parent = mentions.Parent(method)?.Id,
            Nested = [.. mentions.Nested(method).Select(static m => m.Id)],
            OutParameters = [.. parameters.Where(i => signature.ParameterTypes[i] is ByRefType)],
            GuardParameters = [.. method.Parameters
                .Where(p => (p.Parameter.Attributes & ParameterAttributes.Out) != 0 && signature.ParameterTypes[p.Index] is ByRefType { Element.Node.IsDisposable: true })
                .Select(static p => p.Index)],
            ReturnsDisposable = result.Node is { IsDisposable: true, DocName: not "System.Threading.Tasks.Task" },
            IsConstructor = method.IsConstructor,
            IsOfDisposable = method.Type.IsDisposable,
            IsDispose = method.Name is "Dispose" or "DisposeAsync",
            IsIterator = source.Kind is StateMachine.Iterator or StateMachine.AsyncIterator,
            IsVisibleOutside = method.IsVisibleOutside,
            CallName = method.CallName,
            CapturedSlots = reader.CapturedSlots,
            WrittenElsewhere = reader.WrittenElsewhere,
        };
    }
}
