using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Runtime.Intrinsics;
using static FenceSafety.Analyzers.Tests.Framework.Table.Effect;

namespace FenceSafety.Analyzers.Tests.Framework.Table;

/// <summary>Numbers, times, enums, random values and their text.</summary>
static class NumberRows
{
    static readonly char[] s_chars = new char[64];
    static readonly byte[] s_bytes = new byte[64];
    static readonly float[] s_floats = new float[16];
    static readonly Random s_random = new(1);
    static readonly BigInteger s_big = 3;
    static readonly Stopwatch s_watch = Stopwatch.StartNew();

    // Boxed beforehand: unoptimised callers box both operands, which is not the member's doing.
    static readonly Enum s_both = FileShare.ReadWrite;
    static readonly Enum s_one = FileShare.Read;
    static readonly DayOfWeek s_day = DayOfWeek.Monday;

    [FenceCritical, Row(Nothing, "M:System.Math.Max(System.Int32,System.Int32)")]
    static void Math_Max() => Out.Int = Math.Max(Out.Int, 3);

    [FenceCritical, Row(Nothing, "M:System.Math.Sqrt(System.Double)")]
    static void Math_Sqrt() => Out.Double = Math.Sqrt(Out.Int);

    [FenceCritical, Row(Nothing, "M:System.Math.DivRem(System.Int32,System.Int32)")]
    static void Math_DivRem() => Out.Int = Math.DivRem(17, 5).Remainder;

    [FenceCritical, Row(Nothing, "M:System.Math.Round(System.Double)")]
    static void Math_Round() => Out.Double = Math.Round(2.5);

    [FenceCritical, Row(Nothing, "M:System.Math.Clamp(System.Int32,System.Int32,System.Int32)")]
    static void Math_Clamp() => Out.Int = Math.Clamp(Out.Int, 0, 9);

    [FenceCritical, Row(Nothing, "M:System.Numerics.BitOperations.Log2(System.UInt32)")]
    static void BitOperations_Log2() => Out.Int = BitOperations.Log2((uint)Out.Int | 1);

    [FenceCritical, Row(Nothing, "M:System.Numerics.BitOperations.PopCount(System.UInt64)")]
    static void BitOperations_PopCount() => Out.Int = BitOperations.PopCount(0xF0UL);

    [FenceCritical, Row(Nothing, "M:System.Numerics.BitOperations.RoundUpToPowerOf2(System.UInt32)")]
    static void BitOperations_RoundUpToPowerOf2() => Out.Int = (int)BitOperations.RoundUpToPowerOf2(100u);

    [FenceCritical, Row(Nothing, "M:System.Int32.LeadingZeroCount(System.Int32)")]
    static void Int32_LeadingZeroCount() => Out.Int = int.LeadingZeroCount(Out.Int);

    [FenceCritical, Row(Nothing, "M:System.Int32.Parse(System.String,System.Globalization.NumberStyles,System.IFormatProvider)")]
    static void Int32_Parse() => Out.Int = int.Parse("12", NumberStyles.Integer, CultureInfo.InvariantCulture);

    [FenceCritical, Row(Nothing, "M:System.Int64.TryParse(System.String,System.Int64@)")]
    static void Int64_TryParse() => Out.Bool = long.TryParse("12", out Out.Long);

    [FenceCritical, Row(Nothing, "M:System.Double.TryParse(System.String,System.Double@)")]
    static void Double_TryParse() => Out.Bool = double.TryParse("1.5", out Out.Double);

    [FenceCritical, Row(Nothing,
        "M:System.Int32.TryFormat(System.Span{System.Char},System.Int32@,System.ReadOnlySpan{System.Char},System.IFormatProvider)")]
    static void Int32_TryFormat() => Out.Bool = 12345.TryFormat(s_chars, out Out.Int);

    [FenceCritical, Row(Nothing, "M:System.Guid.TryFormat(System.Span{System.Char},System.Int32@,System.ReadOnlySpan{System.Char})")]
    static void Guid_TryFormat() => Out.Bool = Guid.Empty.TryFormat(s_chars, out Out.Int);

    [FenceCritical, Row(Nothing, "M:System.Int32.CompareTo(System.Int32)")]
    static void Int32_CompareTo() => Out.Int = Out.Int.CompareTo(5);

    [FenceCritical, Row(Nothing, "M:System.Double.Equals(System.Double)")]
    static void Double_Equals() => Out.Bool = Out.Double.Equals(5.0);

    [FenceCritical, Row(Allocates, "M:System.Int32.ToString", Kind = "string")]
    static void Int32_ToString() => Out.Object = 12345.ToString();

    [FenceCritical, Row(Allocates, "M:System.Double.ToString(System.IFormatProvider)", Kind = "string")]
    static void Double_ToString() => Out.Object = 1.5.ToString(CultureInfo.InvariantCulture);

    [FenceCritical, Row(Allocates, "M:System.Char.ToString", Kind = "string")]
    static void Char_ToString() => Out.Object = 'x'.ToString();

    [FenceCritical, Row(Nothing, "M:System.Convert.ToInt32(System.Double)")]
    static void Convert_ToInt32() => Out.Int = Convert.ToInt32(2.6);

    [FenceCritical, Row(Allocates, "M:System.Convert.ToString(System.Int32,System.Int32)", Kind = "string")]
    static void Convert_ToString() => Out.Object = Convert.ToString(255, 16);

    [FenceCritical, Row(Allocates, "M:System.Convert.ToBase64String(System.Byte[])", Kind = "string")]
    static void Convert_ToBase64String() => Out.Object = Convert.ToBase64String(s_bytes);

    [FenceCritical, Row(Allocates, "M:System.Convert.ToHexString(System.Byte[])", Kind = "string")]
    static void Convert_ToHexString() => Out.Object = Convert.ToHexString(s_bytes);

    [FenceCritical, Row(Nothing,
        "M:System.Convert.TryToBase64Chars(System.ReadOnlySpan{System.Byte},System.Span{System.Char},System.Int32@,System.Base64FormattingOptions)")]
    static void Convert_TryToBase64Chars() => Out.Bool = Convert.TryToBase64Chars(s_bytes.AsSpan(0, 9), s_chars, out Out.Int);

    [FenceCritical, Row(Nothing, "M:System.BitConverter.DoubleToInt64Bits(System.Double)")]
    static void BitConverter_DoubleToInt64Bits() => Out.Long = BitConverter.DoubleToInt64Bits(1.5);

    [FenceCritical, Row(Nothing, "M:System.BitConverter.TryWriteBytes(System.Span{System.Byte},System.Int32)")]
    static void BitConverter_TryWriteBytes() => Out.Bool = BitConverter.TryWriteBytes(s_bytes, 1);

    [FenceCritical, Row(Allocates, "M:System.BitConverter.GetBytes(System.Int32)", Kind = "array")]
    static void BitConverter_GetBytes() => Out.Object = BitConverter.GetBytes(1);

    [FenceCritical, Row(Nothing, "M:System.HashCode.Combine``2(``0,``1)")]
    static void HashCode_Combine() => Out.Int = HashCode.Combine(1, 2);

    [FenceCritical, Row(Nothing, "M:System.HashCode.ToHashCode")]
    static void HashCode_ToHashCode() => Out.Int = new HashCode().ToHashCode();

    [FenceCritical, Row(Nothing, "M:System.Random.Next")]
    static void Random_Next() => Out.Int = Random.Shared.Next();

    [FenceCritical, Row(Nothing, "M:System.Random.get_Shared")]
    static void Random_Shared() => Out.Object = Random.Shared;

    [FenceCritical, Row(Allocates, "M:System.Random.#ctor(System.Int32)")]
    static void Random_Constructor() => Out.Object = new Random(7);

    [FenceCritical, Row(Nothing, "M:System.Guid.NewGuid")]
    static void Guid_NewGuid() => Out.Bool = Guid.NewGuid() == default;

    [FenceCritical, Row(Nothing, "M:System.Guid.Parse(System.String)")]
    static void Guid_Parse() => Out.Bool = Guid.Parse("12345678-1234-1234-1234-123456789abc") == default;

    [FenceCritical, Row(Allocates, "M:System.Guid.ToByteArray", Kind = "array")]
    static void Guid_ToByteArray() => Out.Object = Guid.Empty.ToByteArray();

    [FenceCritical, Row(Nothing, "M:System.DateTime.get_UtcNow")]
    static void DateTime_UtcNow() => Out.Long = DateTime.UtcNow.Ticks;

    [FenceCritical, Row(Nothing, "M:System.DateTime.get_Now")]
    static void DateTime_Now() => Out.Long = DateTime.Now.Ticks;

    [FenceCritical, Row(Nothing, "M:System.DateTime.AddDays(System.Double)")]
    static void DateTime_AddDays() => Out.Long = DateTime.UnixEpoch.AddDays(1).Ticks;

    [FenceCritical, Row(Nothing, "M:System.DateTimeOffset.get_UtcNow")]
    static void DateTimeOffset_UtcNow() => Out.Long = DateTimeOffset.UtcNow.Ticks;

    [FenceCritical, Row(Allocates, "M:System.DateTime.ToString(System.String,System.IFormatProvider)", Kind = "string")]
    static void DateTime_ToString() => Out.Object = DateTime.UnixEpoch.ToString("O", CultureInfo.InvariantCulture);

    [FenceCritical, Row(Nothing, "M:System.TimeSpan.FromMilliseconds(System.Double)")]
    static void TimeSpan_FromMilliseconds() => Out.Long = TimeSpan.FromMilliseconds(2.5).Ticks;

    [FenceCritical, Row(Nothing, "M:System.TimeSpan.op_Addition(System.TimeSpan,System.TimeSpan)")]
    static void TimeSpan_Addition() => Out.Long = (TimeSpan.MaxValue + TimeSpan.Zero).Ticks;

    [FenceCritical, Row(Nothing, "M:System.Diagnostics.Stopwatch.GetTimestamp")]
    static void Stopwatch_GetTimestamp() => Out.Long = Stopwatch.GetTimestamp();

    [FenceCritical, Row(Nothing, "M:System.Diagnostics.Stopwatch.GetElapsedTime(System.Int64)")]
    static void Stopwatch_GetElapsedTime() => Out.Long = Stopwatch.GetElapsedTime(1).Ticks;

    [FenceCritical, Row(Nothing, "M:System.Diagnostics.Stopwatch.get_ElapsedTicks")]
    static void Stopwatch_ElapsedTicks() => Out.Long = s_watch.ElapsedTicks;

    [FenceCritical, Row(Allocates, "M:System.Diagnostics.Stopwatch.StartNew")]
    static void Stopwatch_StartNew() => Out.Object = Stopwatch.StartNew();

    [FenceCritical, Row(Nothing, "M:System.Environment.get_TickCount64")]
    static void Environment_TickCount64() => Out.Long = Environment.TickCount64;

    [FenceCritical, Row(Nothing, "M:System.Environment.get_ProcessorCount")]
    static void Environment_ProcessorCount() => Out.Int = Environment.ProcessorCount;

    [FenceCritical, Row(Nothing, "M:System.Enum.HasFlag(System.Enum)")]
    static void Enum_HasFlag() => Out.Bool = s_both.HasFlag(s_one);

    [FenceCritical, Row(Nothing, "M:System.Enum.TryParse``1(System.String,``0@)")]
    static void Enum_TryParse() => Out.Bool = Enum.TryParse("Read", out FileShare _);

    [FenceCritical, Row(Nothing, "M:System.Enum.IsDefined``1(``0)")]
    static void Enum_IsDefined() => Out.Bool = Enum.IsDefined(s_day);

    [FenceCritical, Row(Allocates, "M:System.Enum.ToString")]
    static void Enum_ToString() => Out.Object = s_day.ToString();

    [FenceCritical, Row(Allocates, "M:System.Enum.GetValues``1")]
    static void Enum_GetValues() => Out.Object = Enum.GetValues<DayOfWeek>();

    [FenceCritical, Row(Nothing, "M:System.Numerics.Vector3.Dot(System.Numerics.Vector3,System.Numerics.Vector3)")]
    static void Vector3_Dot() => Out.Double = Vector3.Dot(Vector3.One, Vector3.UnitX);

    [FenceCritical, Row(Nothing, "M:System.Numerics.Vector.Sum``1(System.Numerics.Vector{``0})")]
    static void Vector_Sum() => Out.Int = Vector.Sum(Vector<int>.One);

    [FenceCritical, Row(Nothing, "M:System.Numerics.Vector`1.CopyTo(`0[])")]
    static void Vector_CopyTo() => Vector<float>.One.CopyTo(s_floats);

    [FenceCritical, Row(Nothing, "M:System.Runtime.Intrinsics.Vector128.Create(System.Int32)")]
    static void Vector128_Create() => Out.Int = Vector128.Create(3).GetElement(0);

    [FenceCritical, Row(Nothing, "M:System.Numerics.Matrix4x4.Multiply(System.Numerics.Matrix4x4,System.Single)")]
    static void Matrix4x4_Multiply() => Out.Double = Matrix4x4.Multiply(Matrix4x4.Identity, 2f).M11;

    [FenceCritical, Row(Allocates, "M:System.Numerics.BigInteger.Pow(System.Numerics.BigInteger,System.Int32)")]
    static void BigInteger_Pow() => Out.Bool = BigInteger.Pow(s_big, 200).IsEven;

    [FenceCritical, Row(Nothing, "M:System.Random.NextDouble")]
    static void Random_NextDouble() => Out.Double = s_random.NextDouble();
}
