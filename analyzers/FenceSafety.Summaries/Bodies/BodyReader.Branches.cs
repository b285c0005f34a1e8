using System.Reflection.Metadata;
using FenceSafety.Core.Facts;
using FenceSafety.Summaries.Metadata;
using FenceSafety.Summaries.Program;

namespace FenceSafety.Summaries.Bodies;

sealed partial class BodyReader
{
    static readonly Condition Either = new(Value.None, false);

    /// <summary>The condition under which the block's first target is next.</summary>
    Condition Branch(IlBlock block, ref int taken)
    {
        switch (_at.Code)
        {
            case ILOpCode.Brtrue or ILOpCode.Brtrue_s:
                return Unary(block, true, ref taken);
            case ILOpCode.Brfalse or ILOpCode.Brfalse_s:
                return Unary(block, false, ref taken);
        }
        var right = Pop();
        var left = Pop();
        if (left.Note is Note.Number l && right.Note is Note.Number r && (l.IsState || r.IsState))
        {
            if (MayResume && _at.Code is ILOpCode.Beq or ILOpCode.Beq_s or ILOpCode.Bne_un or ILOpCode.Bne_un_s && (l.IsState ? r : l).Bits != Running)
                return Either;
            taken = block.Targets[Holds(_at.Code, l.Bits, r.Bits) ? 0 : 1];
            return Either;
        }
        if (_at.Code is ILOpCode.Beq or ILOpCode.Beq_s or ILOpCode.Bne_un or ILOpCode.Bne_un_s && Equality(left, right) is { } equal)
            return _at.Code is ILOpCode.Beq or ILOpCode.Beq_s ? equal : Negated(equal);
        return Either;
    }

    Condition Unary(IlBlock block, bool wanted, ref int taken)
    {
        var top = Pop();
        if (top.Note is Note.Boxed boxed && top.Type is not null)
            Unbox(boxed);
        if (top.Note is Note.Number { IsState: true } number)
        {
            if (MayResume && number.Bits < 0)
                return Either;
            taken = block.Targets[(number.Bits != 0) == wanted ? 0 : 1];
            return Either;
        }
        if (top.Note is Note.Cached)
        {
            // The delegate as it is made the first time; kept afterwards.
            taken = block.Targets[wanted ? 1 : 0];
            return Either;
        }
        var condition = AsCondition(top);
        return wanted ? condition : Negated(condition);
    }

    /// <summary>The state while the body runs: with it a finally block is no way through a suspension.</summary>
    const long Running = -1;

    /// <summary>Behind a <c>yield</c> an iterator goes on from where its state says: it may be at any of them.</summary>
    bool MayResume => _source.Kind == StateMachine.AsyncIterator;

    /// <summary>A value in the place of a condition: it is true, or it is not null.</summary>
    static Condition AsCondition(Entry e)
    {
        if (e.Note is Note.Test test)
            return test.Condition;
        if (e.Type is null || e.Type.Is("System.Boolean"))
            return e.Value is Value.Constant { Kind: ConstantKind.Bits } ? Either : new Condition(e.Value, false);
        return e.Type is NamedType { IsValueType: false } or ArrayType ? new Condition(new Value.Not(e.Value), true) : Either;
    }

    static Condition Negated(Condition c) =>
        new(c.Value is Value.Not not ? not.Operand : new Value.Not(c.Value), c.IsNull) { Compares = c.Compares, Different = !c.Different };

    static bool Holds(ILOpCode code, long a, long b) => code switch
    {
        ILOpCode.Beq or ILOpCode.Beq_s => a == b,
        ILOpCode.Bne_un or ILOpCode.Bne_un_s => a != b,
        ILOpCode.Bge or ILOpCode.Bge_s => a >= b,
        ILOpCode.Bgt or ILOpCode.Bgt_s => a > b,
        ILOpCode.Ble or ILOpCode.Ble_s => a <= b,
        ILOpCode.Blt or ILOpCode.Blt_s => a < b,
        ILOpCode.Bge_un or ILOpCode.Bge_un_s => (ulong)a >= (ulong)b,
        ILOpCode.Bgt_un or ILOpCode.Bgt_un_s => (ulong)a > (ulong)b,
        ILOpCode.Ble_un or ILOpCode.Ble_un_s => (ulong)a <= (ulong)b,
        _ => (ulong)a < (ulong)b,
    };

    int Switch(IlBlock block)
    {
        var top = Pop();
        if (MayResume || top.Note is not Note.Number { IsState: true, Bits: var n })
            return -1;
        return n >= 0 && n < block.Targets.Length - 1 ? block.Targets[n] : block.Targets[^1];
    }

    /// <summary>Pushes the result of a comparison.</summary>
    void Compare(ILOpCode code)
    {
        var right = Pop();
        var left = Pop();
        if (left.Note is Note.Boxed boxed && right.Value is Value.Constant { Kind: ConstantKind.Null })
            Unbox(boxed);
        var equal = code switch
        {
            ILOpCode.Ceq => Equality(left, right),
            // `x > null` is how compilers say that x is not null.
            ILOpCode.Cgt_un when right.Value is Value.Constant { Kind: ConstantKind.Null } => Negated(new Condition(left.Value, true)),
            _ => null,
        };
        if (equal is null)
        {
            Push(Value.None, null, null);
            return;
        }
        var value = equal is { IsNull: false, Compares: null } ? equal.Value : Value.None;
        Push(value, _boolean, new Note.Test(equal));
    }

    static readonly NamedType _boolean = new("System.Boolean", null, true, []);

    /// <summary>The condition under which two values are equal, if that says anything.</summary>
    static Condition? Equality(Entry left, Entry right)
    {
        if (right.Value is Value.Constant { Kind: ConstantKind.Null })
            return new Condition(left.Value, true);
        if (left.Value is Value.Constant { Kind: ConstantKind.Null })
            return new Condition(right.Value, true);
        if (right.Value is Value.Constant { Kind: ConstantKind.Bits, Bits: 0 or 1 } c
            && (left.Note is Note.Test || (left.Type is not null && left.Type.Is("System.Boolean"))))
        {
            var condition = AsCondition(left);
            return c.Bits == 0 ? Negated(condition) : condition;
        }
        return null;
    }
}
