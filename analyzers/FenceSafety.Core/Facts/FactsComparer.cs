using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;

namespace FenceSafety.Core.Facts;

/// <summary>
/// Are two versions of a body the same but for their places? By reflection, so that nothing that is ever added to facts is forgotten;
/// without recursion, since values nest as deep as expressions do.
/// </summary>
public sealed class FactsComparer
{
    static readonly ConcurrentDictionary<Type, MemberInfo[]> s_parts = new();
    readonly Dictionary<SourceSpan, SourceSpan> _places = new();

    /// <summary>Where each place of the old version is in the new one, of all versions that were the same.</summary>
    public IReadOnlyDictionary<SourceSpan, SourceSpan> Places => _places;

    /// <summary>The order of places is the same in both versions, and so is what chains are compared by.</summary>
    public bool KeepsOrder
    {
        get
        {
            var last = SourceSpan.None;
            bool first = true;
            foreach (var pair in _places.OrderBy(static p => p.Key))
            {
                if (!first && pair.Value.CompareTo(last) <= 0)
                    return false;
                (first, last) = (false, pair.Value);
            }
            return true;
        }
    }

    /// <summary>Compares facts, contracts, or sequences of them.</summary>
    public bool IsSame(object? old, object? now)
    {
        var work = new Stack<(object? Old, object? Now)>();
        work.Push((old, now));
        while (work.Count > 0)
        {
            var (a, b) = work.Pop();
            if (a is SourceSpan from && b is SourceSpan to)
            {
                if (_places.TryGetValue(from, out var known) ? known != to : from.IsNone != to.IsNone)
                    return false;
                _places[from] = to;
                continue;
            }
            if (a is null || b is null || a.GetType() != b.GetType())
            {
                if (!ReferenceEquals(a, b))
                    return false;
                continue;
            }
            if (a is string || a.GetType().IsPrimitive || a.GetType().IsEnum)
            {
                if (!a.Equals(b))
                    return false;
                continue;
            }
            if (a is ISet<int> set)
            {
                if (!set.SetEquals((IEnumerable<int>)b))
                    return false;
                continue;
            }
            if (a is IEnumerable list)
            {
                if (!PushAll(list, (IEnumerable)b, work))
                    return false;
                continue;
            }
            foreach (var part in Parts(a.GetType()))
                work.Push(part is PropertyInfo p ? (p.GetValue(a), p.GetValue(b)) : (((FieldInfo)part).GetValue(a), ((FieldInfo)part).GetValue(b)));
        }
        return true;
    }

    static bool PushAll(IEnumerable old, IEnumerable now, Stack<(object?, object?)> work)
    {
        var (a, b) = (old.GetEnumerator(), now.GetEnumerator());
        while (a.MoveNext())
        {
            if (!b.MoveNext())
                return false;
            work.Push((a.Current, b.Current));
        }
        return !b.MoveNext();
    }

    /// <summary>The properties of a record; the fields of a tuple.</summary>
    static MemberInfo[] Parts(Type type) => s_parts.GetOrAdd(
        type,
        static t => t.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(static p => p.GetIndexParameters().Length == 0)
            .Concat<MemberInfo>(t.GetFields(BindingFlags.Public | BindingFlags.Instance)).ToArray());
}
