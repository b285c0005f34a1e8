using System.Reflection.Metadata;
using FenceSafety.Core.Facts;
using FenceSafety.Summaries.Metadata;
using FenceSafety.Summaries.Program;

namespace FenceSafety.Summaries.Bodies;

sealed partial class BodyReader
{
    static readonly Value NoObject = new Value.Opaque(null, "");
    static readonly NamedType _int = new("System.Int32", null, true, []);
    static readonly NamedType _string = new("System.String", null, false, []);

    void Step(in Instruction i)
    {
        switch (i.Code)
        {
            case ILOpCode.Nop or ILOpCode.Break or ILOpCode.Volatile or ILOpCode.Unaligned or ILOpCode.Tail or ILOpCode.Readonly
                or ILOpCode.Constrained or ILOpCode.Br or ILOpCode.Br_s or ILOpCode.Leave or ILOpCode.Leave_s or ILOpCode.Endfinally or ILOpCode.Rethrow:
                break;
            case >= ILOpCode.Ldarg_0 and <= ILOpCode.Ldarg_3:
                LoadArgument(i.Code - ILOpCode.Ldarg_0);
                break;
            case ILOpCode.Ldarg or ILOpCode.Ldarg_s or ILOpCode.Ldarga or ILOpCode.Ldarga_s:
                LoadArgument((int)i.Operand);
                break;
            case ILOpCode.Starg or ILOpCode.Starg_s:
                StoreArgument((int)i.Operand);
                break;
            case >= ILOpCode.Ldloc_0 and <= ILOpCode.Ldloc_3:
                LoadLocal(i.Code - ILOpCode.Ldloc_0, false);
                break;
            case ILOpCode.Ldloc or ILOpCode.Ldloc_s:
                LoadLocal((int)i.Operand, false);
                break;
            case ILOpCode.Ldloca or ILOpCode.Ldloca_s:
                LoadLocal((int)i.Operand, true);
                break;
            case >= ILOpCode.Stloc_0 and <= ILOpCode.Stloc_3:
                StoreLocal(i.Code - ILOpCode.Stloc_0);
                break;
            case ILOpCode.Stloc or ILOpCode.Stloc_s:
                StoreLocal((int)i.Operand);
                break;
            case ILOpCode.Ldnull:
                Push(Value.Constant.Null, null);
                break;
            case >= ILOpCode.Ldc_i4_m1 and <= ILOpCode.Ldc_i4_8:
                Number((int)i.Code - (int)ILOpCode.Ldc_i4_0);
                break;
            case ILOpCode.Ldc_i4 or ILOpCode.Ldc_i4_s or ILOpCode.Ldc_i8:
                Number(i.Operand);
                break;
            case ILOpCode.Ldc_r4 or ILOpCode.Ldc_r8 or ILOpCode.Sizeof or ILOpCode.Arglist:
                Push(Value.None, null);
                break;
            case ILOpCode.Ldstr:
                Push(Value.None, _string);
                break;
            case ILOpCode.Dup:
                var top = Pop();
                Push(top);
                Push(top);
                break;
            case ILOpCode.Pop:
                Pop();
                break;
            case ILOpCode.Ret or ILOpCode.Jmp:
                Return();
                break;
            case ILOpCode.Ceq or ILOpCode.Cgt or ILOpCode.Cgt_un or ILOpCode.Clt or ILOpCode.Clt_un:
                Compare(i.Code);
                break;
            case >= ILOpCode.Add and <= ILOpCode.Shr_un or >= ILOpCode.Add_ovf and <= ILOpCode.Sub_ovf_un:
                Arithmetic(i.Code);
                break;
            case ILOpCode.Neg or ILOpCode.Not:
                Pop();
                Push(Value.None, null);
                break;
            case >= ILOpCode.Conv_i1 and <= ILOpCode.Conv_u8 or >= ILOpCode.Conv_ovf_i1_un and <= ILOpCode.Conv_ovf_u_un
                or >= ILOpCode.Conv_ovf_i1 and <= ILOpCode.Conv_ovf_u8 or >= ILOpCode.Conv_u2 and <= ILOpCode.Conv_ovf_u or ILOpCode.Conv_u
                or ILOpCode.Conv_r_un:
                var number = Pop();
                // A conversion of a constant is that constant: enum flags are passed like this.
                Push(number.Value is Value.Constant or Value.Slot ? number.Value : Value.None, null, number.Note as Note.Number);
                break;
            default:
                ObjectStep(in i);
                break;
        }
    }

    /// <summary>Numbers are small as a rule.</summary>
    static readonly Entry[] _numbers = [.. Enumerable.Range(SmallestKept, NumbersKept).Select(static n => NumberEntry(n))];

    const int SmallestKept = -1;
    const int NumbersKept = 258;

    static Entry NumberEntry(long n) => new(new Value.Constant(ConstantKind.Bits, n), _int, new Note.Number(n));

    void Number(long n) => Push(n is >= SmallestKept and < SmallestKept + NumbersKept ? _numbers[n - SmallestKept] : NumberEntry(n));

    void Arithmetic(ILOpCode code)
    {
        var right = Pop();
        var left = Pop();
        if (left.Note is Note.Number a && right.Note is Note.Number b && (a.IsState || b.IsState) && code is ILOpCode.Add or ILOpCode.Sub)
        {
            Push(Value.None, _int, new Note.Number(code == ILOpCode.Add ? ((Note.Number)left.Note).Bits + ((Note.Number)right.Note).Bits : ((Note.Number)left.Note).Bits - ((Note.Number)right.Note).Bits, true));
            return;
        }
        if (code is ILOpCode.Or or ILOpCode.And && left.Value is Value.Constant x && right.Value is Value.Constant y)
        {
            Push(new Value.Constant(ConstantKind.Bits, code == ILOpCode.Or ? x.Bits | y.Bits : x.Bits & y.Bits), _int);
            return;
        }
        Push(Value.None, left.Type is ByRefType or PointerType ? left.Type : null);
    }

    // ---- variables

    void LoadArgument(int index)
    {
        if (!_source.Code.IsStatic)
        {
            if (index == 0)
            {
                if (InMachine)
                    Push(Value.None, _source.Code.Type.Self, Note.Machine.Instance);
                else
                    Push(Value.This.Instance, _source.Code.Type.Self);
                return;
            }
            index--;
        }
        if (InMachine || index >= _parameters)
            throw new BadImageFormatException("a parameter that does not exist");
        Push(Variable(ParameterSlot(index)), _source.Method.Signature.ParameterTypes[index]);
    }

    void StoreArgument(int index)
    {
        var value = Pop();
        index -= _source.Code.IsStatic ? 0 : 1;
        if (InMachine || index >= _parameters)
            throw new BadImageFormatException("a parameter that does not exist");
        if (index >= 0)
            Emit(new AssignOp(Span, ParameterSlot(index), Converted(value, _source.Method.Signature.ParameterTypes[index])));
    }

    int LocalSlot(int index) => _parameters + index;

    void LoadLocal(int index, bool address)
    {
        if (index >= _locals.Length)
            throw new BadImageFormatException("a local that does not exist");
        if (index == _stateLocal)
        {
            Push(Value.None, _int, new Note.Number(-1, IsState: true));
            return;
        }
        int slot = LocalSlot(index);
        var type = _locals[index];
        Push(Variable(slot), address && type is not ByRefType ? type.Reference : type, NoteOf(slot));
    }

    void StoreLocal(int index)
    {
        var value = Pop();
        if (index >= _locals.Length)
            throw new BadImageFormatException("a local that does not exist");
        if (index != _stateLocal)
            Assign(LocalSlot(index), value, _locals[index]);
    }

    /// <summary>A variable takes a value, and what is known of it that the engine does not follow.</summary>
    void Assign(int slot, Entry value, IlType type)
    {
        Emit(new AssignOp(Span, slot, Converted(value, type)));
        if (value.Note is Note.NoWait or Note.Iterator or Note.Enumerator or Note.Test { Condition.IsNull: true } or Note.Machine)
            (_localNotes ??= [])[slot] = value.Note;
        else
            _localNotes?.Remove(slot);
    }

    void Return()
    {
        if (InMachine || _source.Method.Signature.ReturnType.Is("System.Void") || _source.Method.IsConstructor)
            return;
        Emit(new ReturnOp(Span, Converted(Pop(), _source.Method.Signature.ReturnType)));
    }

    // ---- fields, elements, references

    void LoadField(FieldUse field, Entry target, bool address)
    {
        Entry loaded;
        if (target.Note is Note.Machine)
            loaded = MachineField(field);
        else if (Closure(field, target) is { } captured)
            loaded = captured;
        else
        {
            var (id, info) = Declarations.Lock(field);
            // What is in a tuple is not followed: it is no class of its own.
            var value = field.Declaring.Name.StartsWith("System.ValueTuple`", StringComparison.Ordinal)
                ? (Value)Declarations.Opaque(field.Type)
                : new Value.Field(target.Value is Value.NoValue ? NoObject : target.Value, id, info);
            loaded = new Entry(value, field.Type);
        }
        Push(loaded with { Type = address ? (loaded.Type ?? field.Type).Reference : loaded.Type });
    }

    /// <summary>A field of a closure object is a variable of the method that made it.</summary>
    Entry? Closure(FieldUse field, Entry target)
    {
        if (!Closures.IsClosure(field.Owner))
            return null;
        if (field.Name == "<>4__this")
            return new Entry(Value.This.Instance, field.Type);
        if (Closures.IsClosure(field.Type.Node))
            return new Entry(Value.None, field.Type);
        if (_source.Captured(field) is not var (owner, slot))
            return null;
        if (owner == _source.Id)
            (_captured ??= []).Add(slot);
        return new Entry(new Value.Slot(owner, slot), field.Type, null);
    }

    void StoreField(FieldUse field, Entry target, Entry value)
    {
        if (target.Note is Note.Machine)
        {
            if (MachineField(field) is { Value: Value.Slot slot })
                Assign(slot.Index, value, field.Type);
            else if (field.Name == "<>2__current")
                Emit(new StoreOp(Span, null, null, value.Value));
            return;
        }
        if (Closure(field, target) is { } captured)
        {
            if (captured.Value is not Value.Slot variable)
                return;
            if (variable.Owner == _source.Id)
                Assign(variable.Index, value, field.Type);
            else
                (_writtenElsewhere ??= []).Add(variable.Index);
            return;
        }
        Emit(new StoreOp(Span, target.Value, Declarations.Lock(field).Info, Converted(value, field.Type)));
    }

    /// <summary>Through a reference: of a variable of this body it is the variable.</summary>
    void StoreThrough(Entry target, Entry value)
    {
        switch (target.Note is Note.Place place ? place.Value : target.Value)
        {
            case Value.Slot slot when slot.Owner == _source.Id:
                Assign(slot.Index, value, target.Type?.WithoutReference ?? _int);
                break;
            case Value.Field field:
                Emit(new StoreOp(Span, field.Base, field.Lock, value.Value));
                break;
            default:
                Emit(new StoreOp(Span, null, null, value.Value));
                break;
        }
    }
}
