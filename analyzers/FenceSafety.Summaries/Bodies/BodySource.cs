using FenceSafety.Summaries.Metadata;
using FenceSafety.Summaries.Program;

namespace FenceSafety.Summaries.Bodies;

/// <summary>One body to read: the method that it belongs to, and the method whose IL it is (of a state machine: MoveNext).</summary>
sealed record BodySource(MethodNode Method, MethodNode Code, StateMachine Kind, Declarations Declarations, Func<ManagedAssembly, CodeIndex> Indexes)
{
    public string Id => Method.Id;

    public ManagedAssembly Assembly => Code.Type.Assembly;

    public CodeIndex Index => Indexes(Assembly);

    /// <summary>The body whose variable a closure's field is, and its slot.</summary>
    public (string Owner, int Slot)? Captured(FieldUse field)
    {
        if (field.Owner is not { } type || !Closures.IsClosure(type) || Index.Closures.Creator(type) is not { } creator)
            return null;
        return (creator.Id, BodyReader.FirstCaptured + System.Reflection.Metadata.Ecma335.MetadataTokens.GetRowNumber(field.Handle));
    }
}
