using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using static FenceSafety.Analyzers.Tests.Framework.Table.Effect;

namespace FenceSafety.Analyzers.Tests.Framework.Table;

/// <summary>Members of ASP.NET Core.</summary>
static class AspNetCoreRows
{
    static readonly HttpContext s_context = new DefaultHttpContext();
    static readonly ILogger s_logger = Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;
    static readonly PathString s_path = new("/orders/7");
    static readonly PathString s_orders = new("/orders");
    static readonly HostString s_host = new("localhost", 80);
    static readonly StringValues s_values = new("text");
    static readonly StringSegment s_segment = new("some text", 5, 4);

    [FenceCritical, Row(Nothing, "M:Microsoft.AspNetCore.Http.PathString.get_HasValue")]
    static void PathString_HasValue() => Out.Bool = s_path.HasValue;

    [FenceCritical, Row(Nothing,
        "M:Microsoft.AspNetCore.Http.PathString.StartsWithSegments(Microsoft.AspNetCore.Http.PathString,System.StringComparison)")]
    static void PathString_StartsWithSegments() => Out.Bool = s_path.StartsWithSegments(s_orders, StringComparison.Ordinal);

    [FenceCritical, Row(Nothing, "M:Microsoft.AspNetCore.Http.HostString.get_HasValue")]
    static void HostString_HasValue() => Out.Bool = s_host.HasValue;

    [FenceCritical, Row(Nothing, "M:Microsoft.Extensions.Primitives.StringValues.get_Count")]
    static void StringValues_Count() => Out.Int = s_values.Count;

    [FenceCritical, Row(Allocates, "M:Microsoft.Extensions.Primitives.StringValues.ToArray", Kind = "array")]
    static void StringValues_ToArray() => Out.Object = s_values.ToArray();

    [FenceCritical, Row(Nothing, "M:Microsoft.Extensions.Primitives.StringSegment.AsSpan")]
    static void StringSegment_AsSpan() => Out.Int = s_segment.AsSpan().Length;

    [FenceCritical, Row(Allocates, "M:Microsoft.Extensions.Primitives.StringSegment.ToString", Kind = "string")]
    static void StringSegment_ToString() => Out.Object = s_segment.ToString();

    [FenceCritical, Row(Allocates, "M:Microsoft.AspNetCore.Http.HeaderDictionary.#ctor(System.Int32)")]
    static void HeaderDictionary_Constructor() => Out.Object = new HeaderDictionary(4);

    [FenceCritical, Row(Unknown, "M:Microsoft.AspNetCore.Http.HttpContext.get_Request", NotMeasured = "abstract")]
    static void HttpContext_Request() => Out.Object = s_context.Request;

    [FenceCritical, Row(Unknown, "M:Microsoft.Extensions.Logging.ILogger.IsEnabled(Microsoft.Extensions.Logging.LogLevel)",
        NotMeasured = "a logger of one's own may be behind it")]
    static void Logger_IsEnabled() => Out.Bool = s_logger.IsEnabled(LogLevel.Debug);

    [FenceCritical, Row(Nothing, "M:Microsoft.Extensions.Logging.EventId.op_Implicit(System.Int32)~Microsoft.Extensions.Logging.EventId")]
    static void EventId_FromInt32()
    {
        EventId id = 3;
        Out.Int = id.Id;
    }
}
