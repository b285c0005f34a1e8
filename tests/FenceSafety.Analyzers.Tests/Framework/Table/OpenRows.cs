using System.Collections;
using System.Diagnostics.CodeAnalysis;
using static FenceSafety.Analyzers.Tests.Framework.Table.Effect;

namespace FenceSafety.Analyzers.Tests.Framework.Table;

/// <summary>What users implement: a class of theirs may be behind it, so it has to stay unknown.</summary>
[SuppressMessage("Performance", "CA1859", Justification = "The static type is the point.")]
static class OpenRows
{
    const string Anybody = "what is behind it here is not what may be behind it";

    static readonly object s_object = new();
    static readonly IDisposable s_disposable = new MemoryStream();
    static readonly IComparable s_comparable = "text";
    static readonly IComparer<int> s_comparer = Comparer<int>.Default;
    static readonly IEqualityComparer<int> s_equality = EqualityComparer<int>.Default;
    static readonly ICollection<int> s_collection = new List<int>();
    static readonly IDictionary<int, int> s_map = new Dictionary<int, int>();
    static readonly IFormattable s_formattable = 5;
    static readonly IEnumerator s_enumerator = new List<int>().GetEnumerator();

    [FenceCritical, Row(Unknown, "M:System.Object.ToString", NotMeasured = Anybody)]
    static void Object_ToString() => Out.Object = s_object.ToString();

    [FenceCritical, Row(Unknown, "M:System.Object.Equals(System.Object)", NotMeasured = Anybody)]
    static void Object_Equals() => Out.Bool = s_object.Equals(s_disposable);

    [FenceCritical, Row(Unknown, "M:System.Object.Equals(System.Object,System.Object)", NotMeasured = Anybody)]
    static void Object_StaticEquals() => Out.Bool = Equals(s_object, s_disposable);

    [FenceCritical, Row(Unknown, "M:System.Object.GetHashCode", NotMeasured = Anybody)]
    static void Object_GetHashCode() => Out.Int = s_object.GetHashCode();

    [FenceCritical, Row(Unknown, "M:System.IDisposable.Dispose", NotMeasured = Anybody)]
    static void IDisposable_Dispose() => s_disposable.Dispose();

    [FenceCritical, Row(Unknown, "M:System.IComparable.CompareTo(System.Object)", NotMeasured = Anybody)]
    static void IComparable_CompareTo() => Out.Int = s_comparable.CompareTo(s_object);

    [FenceCritical, Row(Unknown, "M:System.Collections.Generic.IComparer`1.Compare(`0,`0)", NotMeasured = Anybody)]
    static void IComparer_Compare() => Out.Int = s_comparer.Compare(1, 2);

    [FenceCritical, Row(Unknown, "M:System.Collections.Generic.IEqualityComparer`1.GetHashCode(`0)", NotMeasured = Anybody)]
    static void IEqualityComparer_GetHashCode() => Out.Int = s_equality.GetHashCode(1);

    [FenceCritical, Row(Unknown, "M:System.Collections.Generic.ICollection`1.Add(`0)", NotMeasured = Anybody)]
    static void ICollection_Add() => s_collection.Add(1);

    [FenceCritical, Row(Unknown, "M:System.Collections.Generic.IDictionary`2.TryGetValue(`0,`1@)", NotMeasured = Anybody)]
    static void IDictionary_TryGetValue() => Out.Bool = s_map.TryGetValue(1, out Out.Int);

    [FenceCritical, Row(Unknown, "M:System.IFormattable.ToString(System.String,System.IFormatProvider)", NotMeasured = Anybody)]
    static void IFormattable_ToString() => Out.Object = s_formattable.ToString(null, null);

    /// <summary>The enumerator behind an interface counts where it is made, and only there.</summary>
    [FenceCritical, Row(Nothing, "M:System.Collections.IEnumerator.MoveNext")]
    static void IEnumerator_MoveNext() => Out.Bool = s_enumerator.MoveNext();
}
