using System.Text.RegularExpressions;
using FenceSafety.Core;
using FenceSafety.Differential.Tests.Checking;
using FenceSafety.Differential.Tests.Execution;
using FenceSafety.Summaries.Metadata;
using Xunit.Abstractions;

namespace FenceSafety.Differential.Tests;

/// <summary>The same engine over the facts of the two front ends: what is found in the IL of a program is what is found in its source.</summary>
[Collection(nameof(Campaign))]
public sealed partial class IlTests(Campaign campaign, ITestOutputHelper output)
{
    /// <summary>What summaries speak of. The others are about values of one body, and conversions, and the front end for IL does not read these.</summary>
    private static readonly string[] s_rules =
        ["FENCE001", "FENCE002", "FENCE003", "FENCE004", "FENCE005", "FENCE006", "FENCE007", "FENCE008", "FENCE011", "FENCE016"];

    [Fact]
    public void The_front_end_for_IL_finds_what_that_for_source_finds()
    {
        var onlySource = new List<(string Rule, string Member)>();
        var onlyIl = new List<(string Rule, string Member)>();
        int same = 0;
        // That throw paths count is an option of who reads source.
        foreach (JudgedBatch batch in campaign.Batches.Where(b => !b.Mode.ThrowPathsCount))
        {
            var source = batch.FrontEnd.Findings().Where(f => s_rules.Contains(f.Rule)).Select(f => (f.Rule, Member: Plain(f.Member))).ToHashSet();
            using var world = new World();
            var program = SplitAnalysis.Read(world, batch.Image, Batch.OldAttributed, "Analysed", out _);
            var il = Engine.Analyze(program, batch.FrontEnd.Options, CancellationToken.None).Findings
                .Where(f => s_rules.Contains(f.Rule)).Select(f => (f.Rule, Member: Outermost(MethodNode.DocumentationId(f.Span.Path)))).ToHashSet();
            // That a lambda is converted to a critical delegate, and so is critical itself, is not read from IL.
            var converted = batch.FrontEnd.MembersWith("Run.Critical(").Select(Plain).ToHashSet();
            source.RemoveWhere(f => converted.Contains(f.Member));
            il.RemoveWhere(f => converted.Contains(f.Member));
            // The handlers of an event are not followed in IL, and that is said.
            var unknown = il.Where(f => f.Rule == "FENCE008").Select(f => f.Member).ToHashSet();
            source.RemoveWhere(f => unknown.Contains(f.Member) && !il.Contains(f));
            // Nor are they for who calls what raises it.
            var unread = batch.Programs.Where(p => p.Program.Features.Any(f => f.Contains("call: event")))
                .Select(p => $"M:{p.Program.Name}.").ToList();
            source.RemoveWhere(f => unread.Exists(name => f.Member.StartsWith(name, StringComparison.Ordinal)) && !il.Contains(f));
            same += source.Count(il.Contains);
            onlySource.AddRange(source.Where(f => !il.Contains(f)));
            onlyIl.AddRange(il.Where(f => !source.Contains(f)));
        }

        output.WriteLine($"{same} findings in both");
        foreach (var (name, only) in new[] { ("source", onlySource), ("IL", onlyIl) })
        {
            output.WriteLine($"only in {name}: {only.Count}: {string.Join(", ", only.CountBy(f => f.Rule).OrderBy(c => c.Key).Select(c => $"{c.Key} {c.Value}"))}");
            foreach (var (rule, member) in only.Take(60))
                output.WriteLine($"  {rule} {member}");
        }

        foreach (var (rule, member) in onlySource.Where(f => f.Rule != "FENCE016").DistinctBy(f => Owner(f.Member)).Take(8))
        {
            Judged program = Owner(member);
            output.WriteLine($"{rule} {member}\n{program.Program}");
            output.WriteLine(string.Join('\n', program.Reports.Where(r => r.Rule == rule)));
        }

        Judged Owner(string member) => campaign.All.First(p => member.StartsWith($"M:{p.Program.Name}.", StringComparison.Ordinal));

        Assert.NotEqual(0, same);
        // Whether a body leaves a lock behind is told to who compiles it, from source.
        Assert.DoesNotContain(onlySource, f => f.Rule != "FENCE016");
    }

    /// <summary>The member that a lambda or a local function is in, in which the front end for source has it.</summary>
    private static string Outermost(string member)
    {
        Match nested = Nested().Match(member);
        return nested.Success ? nested.Groups["type"].Value + "." + nested.Groups["member"].Value : Plain(member);
    }

    /// <summary>The name of a nested function says nothing of the parameters of the member around it. No program overloads.</summary>
    private static string Plain(string member) => member.Split('(', '~')[0];

    [GeneratedRegex(@"^(?<type>.*?)\.(<>c\w*\.)?<(?<member>[\w#]+)>[bg]__")]
    private static partial Regex Nested();
}
