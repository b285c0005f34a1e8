using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using FenceSafety.Core.Facts;
using FenceSafety.Summaries.Metadata;
using FenceSafety.Summaries.Program;

namespace FenceSafety.Summaries.Bodies;

/// <summary>What one block of IL does, and how it goes on.</summary>
/// <param name="Taken">Of a conditional or switch that is decided: the block that is next; else -1.</param>
sealed record ReadBlock(ImmutableArray<Op> Ops, Condition? Condition, int Taken);

/// <summary>
/// Reads the instructions of one body with an abstract stack and says what they do. Each block is read once, predecessors first; what
/// is on the stack where paths meet goes through slots.
/// </summary>
sealed partial class BodyReader
{
    // Parameters and locals have the low numbers.
    const int FirstStack = 50_000;
    const int FirstMachine = 60_000;
    const int FirstTemporary = 1_000_000;
    public const int FirstCaptured = 100_000_000;

    /// <summary>A body that needs a deeper stack than this is none that a compiler wrote.</summary>
    const int MaxStack = 4096;

    readonly BodySource _source;
    readonly IlGraph _graph;
    readonly ImmutableArray<IlType> _locals;
    readonly int _parameters;
    readonly Entry[]?[] _entry;
    readonly int[] _predecessors;
    readonly int _stateLocal;

    /// <summary>Of the framework only effects count: who enumerates what is not followed there.</summary>
    readonly bool _followsIterators;
    readonly List<Op> _ops;
    readonly List<Entry> _stack;
    readonly Entry[]?[] _taken;
    readonly Value.Slot?[] _variables;
    Dictionary<int, Note>? _localNotes;
    HashSet<int>? _captured;
    HashSet<int>? _writtenElsewhere;
    int _temporaries = FirstTemporary;
    Instruction _at;
    int _index;

    public BodyReader(BodySource source, IlGraph graph, ImmutableArray<IlType> locals, Scratch scratch)
    {
        (_ops, _stack, _taken) = (scratch.Ops, scratch.Stack, scratch.Arguments);
        _source = source;
        _graph = graph;
        _locals = locals;
        _parameters = source.Method.Signature.ParameterTypes.Length;
        _variables = new Value.Slot?[_parameters + locals.Length];
        _entry = new Entry[]?[graph.Blocks.Length];
        _predecessors = new int[graph.Blocks.Length];
        _stateLocal = StateLocal();
        _followsIterators = !Names.IsFramework(source.Method.Type.Assembly.Name);
        foreach (var block in graph.Blocks)
        {
            foreach (int target in block.Targets)
                _predecessors[target]++;
        }
    }

    Declarations Declarations => _source.Declarations;

    /// <summary>Slots that lambdas capture, and those that they assign.</summary>
    public ImmutableHashSet<int> CapturedSlots => [.. _captured ?? []];
    public ImmutableHashSet<int> WrittenElsewhere => [.. _writtenElsewhere ?? []];

    public static int ParameterSlot(int index) => index;

    public ReadBlock?[] Read(bool[] cold)
    {
        var result = new ReadBlock?[_graph.Blocks.Length];
        foreach (int b in Order())
        {
            var block = _graph.Blocks[b];
            // What always ends in a throw may still be caught here.
            if (cold[b] && AllAre(cold, _graph.Catches(block)))
                continue;
            result[b] = Read(block);
        }
        return result;
    }

    static bool AllAre(bool[] cold, int[] blocks)
    {
        foreach (int block in blocks)
        {
            if (!cold[block])
                return false;
        }
        return true;
    }

    /// <summary>Reverse postorder, handlers after what they guard.</summary>
    List<int> Order()
    {
        var post = new List<int>(_graph.Blocks.Length);
        var seen = new bool[_graph.Blocks.Length];
        int[] roots = _graph.Regions.IsEmpty ? [0] : [.. _graph.Regions.SelectMany(_graph.Entries).Distinct().OrderDescending(), 0];
        var work = new Stack<(int Block, int Next)>();
        foreach (int root in roots)
        {
            if (seen[root])
                continue;
            seen[root] = true;
            work.Push((root, 0));
            while (work.Count > 0)
            {
                var (block, next) = work.Pop();
                var targets = _graph.Blocks[block].Targets;
                if (next < targets.Length)
                {
                    work.Push((block, next + 1));
                    if (!seen[targets[next]])
                    {
                        seen[targets[next]] = true;
                        work.Push((targets[next], 0));
                    }
                    continue;
                }
                post.Add(block);
            }
        }
        post.Reverse();
        foreach (var region in _graph.Regions)
        {
            foreach (int entry in _graph.Entries(region))
                _entry[entry] ??= region.Kind is ExceptionRegionKind.Catch or ExceptionRegionKind.Filter ? [Entry.Unknown] : [];
        }
        return post;
    }

    ReadBlock Read(IlBlock block)
    {
        _ops.Clear();
        _stack.Clear();
        _stack.AddRange(_entry[block.Index] ?? []);
        Condition? condition = null;
        int taken = -1;
        for (_index = block.First; _index <= block.Last; _index++)
        {
            _at = _graph.Code[_index];
            if (_index == block.Last && block.Ending is Ending.Conditional)
                condition = Branch(block, ref taken);
            else if (_index == block.Last && block.Ending is Ending.Switch)
                taken = Switch(block);
            else
                Step(in _at);
        }
        if (block.Ending == Ending.Leave || block.Ending == Ending.EndHandler)
            _stack.Clear();
        HandOn(block);
        return new ReadBlock([.. _ops], condition, taken);
    }

    /// <summary>What is left on the stack goes to the next blocks: as it is if this block is the only way there, else through slots.</summary>
    void HandOn(IlBlock block)
    {
        if (block.Targets.Length == 0)
            return;
        if (_stack.Count == 0)
        {
            foreach (int target in block.Targets)
                _entry[target] ??= [];
            return;
        }
        if (Array.TrueForAll(block.Targets, t => _predecessors[t] == 1))
        {
            foreach (int target in block.Targets)
                _entry[target] ??= [.. _stack];
            return;
        }
        var slots = new Entry[_stack.Count];
        // An entry that is itself such a slot may be overwritten by another.
        for (int i = 0; i < slots.Length; i++)
        {
            if (_stack[i].Value is Value.Slot { Index: >= FirstStack and < FirstMachine } s && s.Index != FirstStack + i)
            {
                var copy = NewSlot();
                Emit(new AssignOp(Span, copy.Index, _stack[i].Value));
                _stack[i] = _stack[i] with { Value = copy };
            }
        }
        for (int i = 0; i < slots.Length; i++)
        {
            var slot = new Value.Slot(_source.Id, FirstStack + i);
            if (_stack[i].Value is not Value.Slot { Index: var same } || same != slot.Index)
                Emit(new AssignOp(Span, slot.Index, Truth(_stack[i])));
            slots[i] = new Entry(slot, _stack[i].Type, HandedOn(_stack[i]));
        }
        foreach (int target in block.Targets)
        {
            if (_entry[target] is not { } old)
            {
                _entry[target] = [.. slots];
                continue;
            }
            for (int i = 0; i < Math.Min(old.Length, slots.Length); i++)
            {
                bool same = old[i].Type?.DocName == slots[i].Type?.DocName;
                old[i] = new Entry(slots[i].Value, same ? old[i].Type : null, Meet(old[i].Note, slots[i].Note));
            }
        }
    }

    /// <summary>What is known on both paths. A lambda that was kept is the one that is made on the other path.</summary>
    static Note? Meet(Note? one, Note? other) => (one, other) switch
    {
        (Note.Cached, Note.Lambda) => other,
        (Note.Lambda, Note.Cached) => one,
        _ => Equals(one, other) ? one : null,
    };

    /// <summary>A slot on the stack may hold an address: what is stored through it goes to the place itself.</summary>
    static Note? HandedOn(Entry entry) => entry.Note switch
    {
        null when entry.Type is ByRefType => new Note.Place(entry.Value),
        Note.Boxed or Note.Test => null,
        var note => note,
    };

    Note? NoteOf(int slot) => _localNotes?.GetValueOrDefault(slot);

    // ---- small things

    SourceSpan Span => new(_source.Id, _at.Offset, 0);

    void Emit(Op op) => _ops.Add(op);

    void Managed(string kind, string sink) => Emit(new EffectOp(Span, EffectKind.ManagedAllocation, kind, sink));

    void Unknown(string kind, string sink) => Emit(new EffectOp(Span, EffectKind.Unknown, kind, sink));

    /// <summary>A parameter or local.</summary>
    Value.Slot Variable(int slot) => _variables[slot] ??= new Value.Slot(_source.Id, slot);

    Value.Slot NewSlot() => new(_source.Id, _temporaries++);

    void Push(Entry entry)
    {
        if (_stack.Count >= MaxStack)
            throw new BadImageFormatException("a stack that is too deep");
        _stack.Add(entry);
    }

    void Push(Value value, IlType? type, Note? note = null) => Push(new Entry(value, type, note));

    Entry Pop()
    {
        if (_stack.Count == 0)
            throw new BadImageFormatException("an instruction that takes from an empty stack");
        var top = _stack[^1];
        _stack.RemoveAt(_stack.Count - 1);
        return top;
    }

    /// <summary>A test that is kept as a boolean.</summary>
    static Value Truth(Entry e) => e.Note is Note.Test { Condition: { IsNull: false, Compares: null } test } ? test.Value : e.Value;

    /// <summary>A value on its way to a place of this type: numbers become booleans.</summary>
    static Value Converted(Entry e, IlType? type)
    {
        if (e.Value is Value.Constant { Kind: ConstantKind.Bits, Bits: 0 or 1 } c && type is not null && type.WithoutReference.Is("System.Boolean"))
            return c.Bits != 0 ? Value.Constant.True : Value.Constant.False;
        return Truth(e);
    }

    EntityHandle Token => MetadataTokens.EntityHandle((int)_at.Operand);

    Instruction? Next(int steps = 1) => _index + steps < _graph.Code.Count ? _graph.Code[_index + steps] : null;

    // ---- state machines

    bool InMachine => _source.Kind != StateMachine.None;

    bool IsAsync => _source.Kind is StateMachine.Async or StateMachine.AsyncIterator;

    /// <summary>The local that keeps the state of an async method: its first instructions load it.</summary>
    int StateLocal()
    {
        if (!IsAsync || _graph.Code.Count < 3 || _graph.Code[1].Code != ILOpCode.Ldfld
            || _source.Assembly.Uses.Field(MetadataTokens.EntityHandle((int)_graph.Code[1].Operand)).Name != "<>1__state")
            return -1;
        return LocalOf(_graph.Code[2], ILOpCode.Stloc_0, ILOpCode.Stloc_s, ILOpCode.Stloc);
    }

    static int LocalOf(Instruction i, ILOpCode first, ILOpCode brief, ILOpCode wide) =>
        i.Code >= first && i.Code <= first + 3 ? i.Code - first : i.Code == brief || i.Code == wide ? (int)i.Operand : -1;

    /// <summary>A field of the state machine is a variable of the method that made it.</summary>
    Entry MachineField(FieldUse field)
    {
        switch (field.Name)
        {
            case "<>1__state":
                return new Entry(Value.None, field.Type, IsAsync ? new Note.Number(-1, IsState: true) : null);
            case "<>4__this":
                return new Entry(Value.This.Instance, field.Type);
            case "<>t__builder" or "<>2__current" or "<>l__initialThreadId":
                return new Entry(Value.None, field.Type);
            case "<>v__promiseOfValueOrEnd" or "<>x__combinedTokens":
                // Calls of what the compiler keeps for an async iterator are passed over.
                return new Entry(Value.None, field.Type, Note.Machine.Instance);
        }
        string name = field.Name.StartsWith("<>3__", StringComparison.Ordinal) ? field.Name[5..] : field.Name;
        int parameter = _source.Method.ParameterNamed(name);
        int slot = parameter >= 0 ? ParameterSlot(parameter) : FirstMachine + (field.Handle.IsNil ? 0 : MetadataTokens.GetRowNumber(field.Handle));
        return new Entry(new Value.Slot(_source.Id, slot), field.Type, NoteOf(slot));
    }
}
