using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static FenceSafety.Analyzers.Tests.Framework.Table.Effect;

namespace FenceSafety.Analyzers.Tests.Framework.Table;

/// <summary>Spans, buffers, pools, native memory.</summary>
static unsafe class MemoryRows
{
    static readonly byte[] s_bytes = new byte[64];
    static readonly byte[] s_other = new byte[64];
    static readonly int[] s_ints = [3, 1, 2];
    static readonly Memory<byte> s_memory = new byte[64];
    static readonly List<int> s_list = [3, 1, 2];
    static readonly Dictionary<int, int> s_map = new() { [1] = 1 };
    static readonly string s_words = "some text";

    [FenceCritical, Row(Nothing, "M:System.MemoryExtensions.AsSpan``1(``0[])")]
    static void Array_AsSpan() => Out.Int = s_bytes.AsSpan().Length;

    [FenceCritical, Row(Nothing, "M:System.MemoryExtensions.AsSpan(System.String,System.Int32,System.Int32)")]
    static void String_AsSpan() => Out.Int = s_words.AsSpan(2, 3).Length;

    [FenceCritical, Row(Nothing, "M:System.MemoryExtensions.AsMemory``1(``0[])")]
    static void Array_AsMemory() => Out.Int = s_bytes.AsMemory().Length;

    [FenceCritical, Row(Nothing, "M:System.Span`1.Slice(System.Int32)")]
    static void Span_Slice() => Out.Int = s_bytes.AsSpan().Slice(1).Length;

    [FenceCritical, Row(Nothing, "M:System.Span`1.Fill(`0)")]
    static void Span_Fill() => s_bytes.AsSpan().Fill(1);

    [FenceCritical, Row(Nothing, "M:System.Span`1.Clear")]
    static void Span_Clear() => s_bytes.AsSpan().Clear();

    [FenceCritical, Row(Nothing, "M:System.Span`1.CopyTo(System.Span{`0})")]
    static void Span_CopyTo() => s_bytes.AsSpan().CopyTo(s_other);

    [FenceCritical, Row(Nothing, "M:System.ReadOnlySpan`1.TryCopyTo(System.Span{`0})")]
    static void ReadOnlySpan_TryCopyTo() => Out.Bool = s_words.AsSpan().TryCopyTo(default);

    [FenceCritical, Row(Allocates, "M:System.Span`1.ToArray", Kind = "array")]
    static void Span_ToArray() => Out.Object = s_ints.AsSpan().ToArray();

    [FenceCritical, Row(Allocates, "M:System.ReadOnlySpan`1.ToString", Kind = "string")]
    static void ReadOnlySpan_ToString() => Out.Object = s_words.AsSpan(1).ToString();

    [FenceCritical, Row(Nothing, "M:System.Memory`1.get_Span")]
    static void Memory_Span() => Out.Int = s_memory.Span.Length;

    [FenceCritical, Row(Nothing, "M:System.Memory`1.Slice(System.Int32)")]
    static void Memory_Slice() => Out.Int = s_memory.Slice(3).Length;

    [FenceCritical, Row(Nothing, "M:System.MemoryExtensions.IndexOf``1(System.ReadOnlySpan{``0},``0)")]
    static void Span_IndexOf() => Out.Int = s_bytes.AsSpan().IndexOf((byte)9);

    [FenceCritical, Row(Nothing, "M:System.MemoryExtensions.SequenceEqual``1(System.ReadOnlySpan{``0},System.ReadOnlySpan{``0})")]
    static void Span_SequenceEqual() => Out.Bool = ((ReadOnlySpan<byte>)s_bytes).SequenceEqual(s_other);

    [FenceCritical, Row(Nothing, "M:System.MemoryExtensions.StartsWith``1(System.ReadOnlySpan{``0},System.ReadOnlySpan{``0})")]
    static void Span_StartsWith() => Out.Bool = s_words.AsSpan().StartsWith("some");

    [FenceCritical, Row(Nothing, "M:System.MemoryExtensions.Trim(System.ReadOnlySpan{System.Char})")]
    static void Span_Trim() => Out.Int = s_words.AsSpan().Trim().Length;

    [FenceCritical, Row(Nothing, "M:System.MemoryExtensions.Reverse``1(System.Span{``0})")]
    static void Span_Reverse() => s_ints.AsSpan().Reverse();

    [FenceCritical, Row(Nothing, "M:System.Runtime.InteropServices.MemoryMarshal.Cast``2(System.Span{``0})")]
    static void MemoryMarshal_Cast() => Out.Int = MemoryMarshal.Cast<byte, int>(s_bytes.AsSpan()).Length;

    [FenceCritical, Row(Nothing, "M:System.Runtime.InteropServices.MemoryMarshal.AsRef``1(System.Span{System.Byte})")]
    static void MemoryMarshal_AsRef() => MemoryMarshal.AsRef<int>(s_bytes.AsSpan())++;

    [FenceCritical, Row(Nothing, "M:System.Runtime.InteropServices.MemoryMarshal.Read``1(System.ReadOnlySpan{System.Byte})")]
    static void MemoryMarshal_Read() => Out.Long = MemoryMarshal.Read<long>(s_bytes);

    [FenceCritical, Row(Nothing, "M:System.Runtime.InteropServices.MemoryMarshal.GetReference``1(System.Span{``0})")]
    static void MemoryMarshal_GetReference() => Out.Int = MemoryMarshal.GetReference(s_bytes.AsSpan());

    [FenceCritical, Row(Nothing, "M:System.Runtime.InteropServices.CollectionsMarshal.AsSpan``1(System.Collections.Generic.List{``0})")]
    static void CollectionsMarshal_AsSpan() => Out.Int = CollectionsMarshal.AsSpan(s_list).Length;

    [FenceCritical, Row(Nothing,
        "M:System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrNullRef``2(System.Collections.Generic.Dictionary{``0,``1},``0)")]
    static void CollectionsMarshal_GetValueRefOrNullRef() => CollectionsMarshal.GetValueRefOrNullRef(s_map, 1)++;

    [FenceCritical, Row(Nothing, "M:System.Runtime.CompilerServices.Unsafe.As``1(System.Object)")]
    static void Unsafe_As() => Out.Object = Unsafe.As<string>(s_words);

    [FenceCritical, Row(Nothing, "M:System.Runtime.CompilerServices.Unsafe.Add``1(``0@,System.Int32)")]
    static void Unsafe_Add() => Out.Int = Unsafe.Add(ref s_ints[0], 1);

    [FenceCritical, Row(Nothing, "M:System.Runtime.CompilerServices.Unsafe.ReadUnaligned``1(System.Byte@)")]
    static void Unsafe_ReadUnaligned() => Out.Int = Unsafe.ReadUnaligned<int>(ref s_bytes[1]);

    [FenceCritical, Row(Nothing, "M:System.Runtime.CompilerServices.Unsafe.SizeOf``1")]
    static void Unsafe_SizeOf() => Out.Int = Unsafe.SizeOf<Guid>();

    [FenceCritical, Row(Nothing, "M:System.Buffers.Binary.BinaryPrimitives.ReadInt32LittleEndian(System.ReadOnlySpan{System.Byte})")]
    static void BinaryPrimitives_ReadInt32LittleEndian() => Out.Int = BinaryPrimitives.ReadInt32LittleEndian(s_bytes);

    [FenceCritical, Row(Nothing, "M:System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(System.Span{System.Byte},System.UInt64)")]
    static void BinaryPrimitives_WriteUInt64BigEndian() => BinaryPrimitives.WriteUInt64BigEndian(s_bytes, 7);

    [FenceCritical, Row(Nothing, "M:System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(System.Int32)")]
    static void BinaryPrimitives_ReverseEndianness() => Out.Int = BinaryPrimitives.ReverseEndianness(Out.Int);

    [FenceCritical, Row(Nothing, "M:System.Buffer.BlockCopy(System.Array,System.Int32,System.Array,System.Int32,System.Int32)")]
    static void Buffer_BlockCopy() => Buffer.BlockCopy(s_bytes, 0, s_other, 0, 8);

    [FenceCritical, Row(Nothing, "M:System.Buffers.ArrayPool`1.Return(`0[],System.Boolean)", Before = nameof(Rent))]
    static void ArrayPool_Return() => ArrayPool<byte>.Shared.Return(s_rented);

    static byte[] s_rented = [];

    static void Rent() => s_rented = ArrayPool<byte>.Shared.Rent(100);

    [FenceCritical, Row(Allocates, "M:System.Buffers.ArrayPool`1.Rent(System.Int32)", NotMeasured = "only an empty pool allocates")]
    static void ArrayPool_Rent() => s_rented = ArrayPool<byte>.Shared.Rent(100);

    [FenceCritical, Row(Allocates, "M:System.Buffers.MemoryPool`1.Rent(System.Int32)")]
    static void MemoryPool_Rent() => Out.Object = MemoryPool<byte>.Shared.Rent(100);

    [FenceCritical, Row(Nothing, "M:System.Runtime.InteropServices.Marshal.AllocHGlobal(System.Int32)")]
    static void Marshal_AllocHGlobal() => Marshal.FreeHGlobal(Marshal.AllocHGlobal(16));

    [FenceCritical, Row(Nothing, "M:System.Runtime.InteropServices.Marshal.SizeOf``1")]
    static void Marshal_SizeOf() => Out.Int = Marshal.SizeOf<int>();

    [FenceCritical, Row(Nothing, "M:System.Runtime.InteropServices.Marshal.ReadInt32(System.IntPtr)")]
    static void Marshal_ReadInt32()
    {
        fixed (byte* p = s_bytes)
            Out.Int = Marshal.ReadInt32((nint)p);
    }

    [FenceCritical, Row(Nothing, "M:System.Runtime.InteropServices.Marshal.Copy(System.IntPtr,System.Byte[],System.Int32,System.Int32)")]
    static void Marshal_Copy()
    {
        fixed (byte* p = s_bytes)
            Marshal.Copy((nint)p, s_other, 0, 8);
    }

    [FenceCritical, Row(Nothing, "M:System.Runtime.InteropServices.Marshal.StringToHGlobalAnsi(System.String)")]
    static void Marshal_StringToHGlobalAnsi() => Marshal.FreeHGlobal(Marshal.StringToHGlobalAnsi(s_words));

    [FenceCritical, Row(Nothing, "M:System.Runtime.InteropServices.NativeMemory.Alloc(System.UIntPtr)")]
    static void NativeMemory_Alloc() => NativeMemory.Free(NativeMemory.Alloc(16));

    [FenceCritical, Row(Nothing, "M:System.Runtime.InteropServices.NativeMemory.AlignedAlloc(System.UIntPtr,System.UIntPtr)")]
    static void NativeMemory_AlignedAlloc() => NativeMemory.AlignedFree(NativeMemory.AlignedAlloc(64, 64));

    [FenceCritical, Row(Nothing, "M:System.Runtime.InteropServices.NativeMemory.Clear(System.Void*,System.UIntPtr)")]
    static void NativeMemory_Clear()
    {
        fixed (byte* p = s_bytes)
            NativeMemory.Clear(p, 8);
    }

    [FenceCritical, Row(Nothing, "M:System.GC.KeepAlive(System.Object)")]
    static void GC_KeepAlive() => GC.KeepAlive(s_bytes);

    [FenceCritical, Row(Nothing, "M:System.GC.GetAllocatedBytesForCurrentThread")]
    static void GC_GetAllocatedBytesForCurrentThread() => Out.Long = GC.GetAllocatedBytesForCurrentThread();

    [FenceCritical, Row(Nothing, "M:System.GC.SuppressFinalize(System.Object)")]
    static void GC_SuppressFinalize() => GC.SuppressFinalize(s_list);

    [FenceCritical, Row(Allocates, "M:System.GC.AllocateUninitializedArray``1(System.Int32,System.Boolean)", Kind = "array")]
    static void GC_AllocateUninitializedArray() => Out.Object = GC.AllocateUninitializedArray<byte>(10);

    [FenceCritical, Row(Allocates, "M:System.GC.AllocateArray``1(System.Int32,System.Boolean)", Kind = "array")]
    static void GC_AllocateArray() => Out.Object = GC.AllocateArray<byte>(10, pinned: false);
}
