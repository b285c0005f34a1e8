using FenceSafety.Core.Flow;

namespace FenceSafety.Core.Findings;

/// <summary>A lock that is still held on a way out, released where it is not held, or required and not held.</summary>
static class FENCE016
{
    public static IEnumerable<Finding> Find(FindingContext context)
    {
        foreach (var body in context.Contributions.Where(static c => !c.Body.Errors.IsEmpty).Select(static c => c.Body))
        {
            var contract = context.Program.Contract(body.Facts.Id);
            foreach (var error in body.Errors)
            {
                if (error.Kind is BalanceKind.Dropped or BalanceKind.Unprotected or BalanceKind.Stale)
                    continue;
                bool meant = error.Kind switch
                {
                    BalanceKind.Leak => contract.Acquires,
                    BalanceKind.RegionLeak => contract.BeginsRegion,
                    BalanceKind.RegionNotBegun => contract.EndsRegion || body.Facts.IsDispose,
                    BalanceKind.NotHeld => contract.Releases || body.Facts.IsDispose && body.Facts.IsOfDisposable,
                    _ => false,
                };
                if (meant || !InScope(context, body, error) || (error.Kind == BalanceKind.Requirement && Requirement.IsMetAround(context, body, error)))
                    continue;
                var (name, lockClass) = Name(context, body, error);
                string text = error.Kind switch
                {
                    BalanceKind.Leak => name + " is still held on a way out of " + body.Facts.Display,
                    BalanceKind.NotHeld => name + " is released here, but held on no path to it",
                    BalanceKind.RegionNotBegun => "A fence-critical region is ended here, but begun on no path to it",
                    BalanceKind.RegionLeak => "The fence-critical region that begins here is never ended in " + body.Facts.Display,
                    _ => error.Name + " must be called with " + name + " held",
                };
                yield return new Finding("FENCE016", error.Span, text, System.Collections.Immutable.ImmutableArray<Facts.SourceSpan>.Empty)
                {
                    Properties = Message.Properties("balance", name, lockClass, ""),
                };
            }
        }
    }

    static bool InScope(FindingContext context, SolvedBody body, BalanceError error) =>
        context.Scope.Covers(body.Facts.Id)
        || error.Lock.Refs.Any(r => context.Namer.Classes(r, body, out _).Any(c => context.Scope.CoversLock(c.Name)));

    static (string Name, string? Class) Name(FindingContext context, SolvedBody body, BalanceError error)
    {
        foreach (var r in error.Lock.Refs)
        {
            var classes = context.Namer.Classes(r, body, out _);
            if (!classes.IsEmpty)
                return (classes[0].Display, classes[0].Name);
            if (r.Display.Length > 0)
                return (r.Display, null);
        }
        return ("the lock", null);
    }
}
