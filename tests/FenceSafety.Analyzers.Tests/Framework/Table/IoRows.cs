using System.Text.Json;
using static FenceSafety.Analyzers.Tests.Framework.Table.Effect;

namespace FenceSafety.Analyzers.Tests.Framework.Table;

/// <summary>Streams, paths, JSON.</summary>
static class IoRows
{
    static readonly byte[] s_bytes = new byte[64];
    static readonly byte[] s_json = "{\"a\":[1,2]}"u8.ToArray();
    static readonly MemoryStream s_stream = new(new byte[64]);
    static readonly Stream s_any = s_stream;
    static readonly int[] s_ints = [1, 2, 3];

    static void Rewind() => s_stream.Position = 0;

    [FenceCritical, Row(Unknown, "M:System.IO.Stream.Read(System.Byte[],System.Int32,System.Int32)",
        Before = nameof(Rewind), NotMeasured = "virtual: a stream of one's own may be behind it")]
    static void Stream_Read() => Out.Int = s_any.Read(s_bytes, 0, 8);

    [FenceCritical, Row(Unknown, "M:System.IO.Stream.Flush", NotMeasured = "abstract")]
    static void Stream_Flush() => s_any.Flush();

    [FenceCritical, Row(Unknown, "M:System.IO.MemoryStream.ToArray", NotMeasured = "virtual, on a type that is not sealed")]
    static void MemoryStream_ToArray() => Out.Object = s_stream.ToArray();

    [FenceCritical, Row(Allocates, "M:System.IO.MemoryStream.#ctor(System.Int32)")]
    static void MemoryStream_Constructor() => Out.Object = new MemoryStream(16);

    [FenceCritical, Row(Nothing, "M:System.IO.Path.HasExtension(System.ReadOnlySpan{System.Char})")]
    static void Path_HasExtension() => Out.Bool = Path.HasExtension("a/b.c".AsSpan());

    [FenceCritical, Row(Allocates, "M:System.IO.Path.Combine(System.String,System.String)", Kind = "string")]
    static void Path_Combine() => Out.Object = Path.Combine("a", "b");

    [FenceCritical, Row(Nothing, "M:System.IO.Path.GetFileName(System.ReadOnlySpan{System.Char})")]
    static void Path_GetFileNameOfSpan() => Out.Int = Path.GetFileName("a/b".AsSpan()).Length;

    [FenceCritical, Row(Nothing, "M:System.Text.Json.Utf8JsonReader.Read")]
    static void Utf8JsonReader_Read()
    {
        var reader = new Utf8JsonReader(s_json);
        Out.Bool = reader.Read();
    }

    [FenceCritical, Row(Allocates | Unknown, "M:System.Text.Json.JsonSerializer.Serialize``1(``0,System.Text.Json.JsonSerializerOptions)")]
    static void JsonSerializer_Serialize() => Out.Object = JsonSerializer.Serialize(s_ints);

    [FenceCritical, Row(Allocates,
        "M:System.Text.Json.JsonDocument.Parse(System.ReadOnlyMemory{System.Byte},System.Text.Json.JsonDocumentOptions)")]
    static void JsonDocument_Parse() => Out.Object = JsonDocument.Parse(s_json);
}
