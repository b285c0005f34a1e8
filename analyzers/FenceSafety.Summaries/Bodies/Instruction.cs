using System.Reflection.Emit;
using System.Reflection.Metadata;

namespace FenceSafety.Summaries.Bodies;

/// <summary>One instruction. <paramref name="Operand"/>: a token, a number, or the offset that it branches to.</summary>
readonly record struct Instruction(int Offset, int End, ILOpCode Code, long Operand, int[]? Targets)
{
    public bool Is(ILOpCode code) => Code == code;
}

/// <summary>Reads the bytes of a body; what is no IL is a <see cref="BadImageFormatException"/>.</summary>
static class InstructionReader
{
    const OperandType NoSuchCode = (OperandType)255;

    static readonly OperandType[] OneByte = Operands(1);
    static readonly OperandType[] TwoBytes = Operands(2);

    static OperandType[] Operands(int size)
    {
        var result = new OperandType[256];
        Array.Fill(result, NoSuchCode);
        foreach (var field in typeof(OpCodes).GetFields())
        {
            // 0xF8 to 0xFE begin other codes or are reserved.
            if (field.GetValue(null) is OpCode code && code.Size == size && !(size == 1 && (code.Value & 0xff) >= 0xf8))
                result[code.Value & 0xff] = code.OperandType;
        }
        return result;
    }

    public static List<Instruction> Read(BlobReader il)
    {
        var result = new List<Instruction>(il.Length / 2);
        Read(il, result);
        return result;
    }

    public static void Read(BlobReader il, List<Instruction> result)
    {
        while (il.RemainingBytes > 0)
        {
            int offset = il.Offset;
            int code = il.ReadByte();
            var type = OneByte[code];
            if (code == 0xfe)
            {
                int second = il.ReadByte();
                code = 0xfe00 | second;
                type = TwoBytes[second];
            }
            long operand = 0;
            int[]? targets = null;
            switch (type)
            {
                case OperandType.InlineNone:
                    break;
                case OperandType.ShortInlineBrTarget:
                    operand = il.ReadSByte();
                    operand += il.Offset;
                    break;
                case OperandType.InlineBrTarget:
                    operand = il.ReadInt32();
                    operand += il.Offset;
                    break;
                case OperandType.ShortInlineI:
                    operand = code == (int)ILOpCode.Ldc_i4_s ? il.ReadSByte() : il.ReadByte();
                    break;
                case OperandType.ShortInlineVar:
                    operand = il.ReadByte();
                    break;
                case OperandType.InlineVar:
                    operand = il.ReadUInt16();
                    break;
                case OperandType.InlineI8:
                case OperandType.InlineR:
                    operand = il.ReadInt64();
                    break;
                case OperandType.ShortInlineR:
                case OperandType.InlineI:
                case OperandType.InlineField:
                case OperandType.InlineMethod:
                case OperandType.InlineSig:
                case OperandType.InlineString:
                case OperandType.InlineTok:
                case OperandType.InlineType:
                    operand = il.ReadInt32();
                    break;
                case OperandType.InlineSwitch:
                    int count = il.ReadInt32();
                    if (count < 0 || count > il.RemainingBytes / 4)
                        throw new BadImageFormatException("a switch that is longer than its body");
                    targets = new int[count];
                    for (int i = 0; i < count; i++)
                        targets[i] = il.ReadInt32();
                    for (int i = 0; i < count; i++)
                        targets[i] += il.Offset;
                    break;
                default:
                    throw new BadImageFormatException("an instruction that does not exist");
            }
            result.Add(new Instruction(offset, il.Offset, (ILOpCode)code, operand, targets));
        }
    }
}
