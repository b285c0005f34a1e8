using FenceSafety.Core.Facts;
using FenceSafety.Core.Flow;

namespace FenceSafety.Core.Summaries;

/// <summary>Delegates that fields keep.</summary>
public sealed partial class ReachReader
{
    /// <summary>What a delegate field holds, if only visible bodies assign it.</summary>
    RefSet? Stored(Ref field, SolvedBody body)
    {
        if (summaries.Writers(field.Name) is not { } writers)
            return null;
        var result = RefSet.Empty;
        var work = new Queue<string>(writers);
        while (work.Count > 0)
        {
            string writer = work.Dequeue();
            if (bodies.External(writer) is { Member.Stores: var stores })
            {
                var given = stores.Where(s => s.Field.Class == field.Info!.Class).ToList();
                if (given.Count == 0)
                    return null;
                result = given.Aggregate(result, static (all, s) => all.Union(s.Value));
                continue;
            }
            summaries.DemandWriter(writer, body.Facts.Id);
            if (summaries.Body(writer) is not { } constructor)
                return null;
            // To an event a lambda may subscribe as well.
            foreach (string nested in constructor.Facts.Nested)
                work.Enqueue(nested);
            foreach (var (stored, value) in constructor.Stores)
            {
                if (stored.Class == field.Info!.Class)
                    result = result.Union(value.IsEmpty ? RefSet.Of(Ref.Unknown) : value.Select(static r => r.IsSymbolic && r.Kind != RefKind.Delegate ? Ref.Unknown : r));
            }
        }
        return result;
    }
}
