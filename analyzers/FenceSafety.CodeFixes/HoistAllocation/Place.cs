using System.Collections.Immutable;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FenceSafety.CodeFixes.HoistAllocation;

/// <summary>One place before a lock is taken, and what goes there.</summary>
/// <param name="Crossed">The acquisitions on the way, from the inside out; the allocation goes before the last.</param>
/// <param name="Dependencies">Declarations that go with it, in their order.</param>
/// <param name="MovesStatement">The whole statement goes; else its value does, in a new local.</param>
sealed record Place(ImmutableArray<Acquisition> Crossed, ImmutableArray<StatementSyntax> Dependencies, bool MovesStatement)
{
    public StatementSyntax Before => Crossed[Crossed.Length - 1].Statement;

    public string Title(Target target)
    {
        var locks = Crossed.Where(static a => !a.IsRegion).Select(static a => "'" + Shorten(a.Lock) + "'").Distinct().ToList();
        string begin = string.Join(" and ", Crossed.Where(static a => a.IsRegion).Select(static a => "'" + Shorten(a.Lock) + "'").Distinct());
        string places = locks.Count == 0 ? "" : " out of the lock" + (locks.Count > 1 ? "s" : "") + " on " + string.Join(" and ", locks);
        return "Move '" + target.Name + "'" + places + (begin.Length == 0 ? "" : (places.Length == 0 ? "" : " and") + " before " + begin);
    }

    static string Shorten(string text) => text.Length <= 50 && text.IndexOf('\n') < 0 ? text : "…";
}
