using System.Collections.Immutable;
using System.Text;

namespace FenceSafety.Runtime.Locking;

/// <summary>A cycle in the lock-order graph, which is a possible deadlock; or one edge, from a spin lock to what may sleep.</summary>
public sealed class LockdepReport
{
    internal LockdepReport(string rule, ImmutableArray<LockdepEdge> cycle)
    {
        Rule = rule;
        Cycle = cycle;
    }

    /// <summary>The ID of the compile-time rule that says the same, such as FENCE002.</summary>
    public string Rule { get; }

    /// <summary>
    /// The edges of the cycle: first the one that closed it, seen now, then the others in order, seen before, back to where it began.
    /// </summary>
    public ImmutableArray<LockdepEdge> Cycle { get; }

    /// <summary>The classes on the cycle in one line, which begins and ends with the same one, but for FENCE006.</summary>
    public string Path => string.Join(" -> ", Cycle.Select(edge => edge.From.ToString()).Append(Cycle[^1].To.ToString()));

    /// <summary>The whole report: the path, and for each edge what was held and the stack that made it.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        text.Append(Rule)
            .Append(Rule == LockdepRules.SleepUnderSpin ? ": sleeping under a spin lock: " : ": possible deadlock: ")
            .AppendLine(Path);
        for (int i = 0; i < Cycle.Length; i++)
        {
            LockdepEdge edge = Cycle[i];
            text.Append("  ").Append(edge);
            if (edge.IsPrimed)
            {
                text.AppendLine(", known beforehand");
                continue;
            }

            text.Append(i == 0 ? ", seen now, holding [" : ", seen before, holding [").AppendJoin(", ", edge.Held).AppendLine("]");
            const StringSplitOptions Tidy = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;
            foreach (string line in edge.Stack!.ToString().Split('\n', Tidy))
            {
                text.Append("    ").AppendLine(line);
            }
        }

        return text.ToString();
    }
}
