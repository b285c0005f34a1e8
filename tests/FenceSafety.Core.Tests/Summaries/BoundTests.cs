using FenceSafety.Core.Facts;
using FenceSafety.Core.Flow;
using FenceSafety.Core.Summaries;
using FenceSafety.Core.Summaries.External;

namespace FenceSafety.Core.Tests.Summaries;

/// <summary>What makes the summary of a large library end, and what is said of what was too much: unknown, and never nothing.</summary>
public sealed class BoundTests
{
    static readonly Value G = FakeProgram.Lock("G");

    static FakeProgram Program() => new FakeProgram().WithAllocator().Declare("Run", c => c with { Critical = true });

    static (ExternalAssembly Assembly, SummaryWork Work) Build(FakeProgram lib, params string[] visible)
    {
        SummaryWork? work = null;
        var assembly = ExternalSummaryBuilder.Build(lib, "Lib", Guid.Empty, "", visible, CancellationToken.None, w => work = w);
        return (assembly, Assert.IsType<SummaryWork>(work));
    }

    static Summary Of(ExternalAssembly assembly, string id) => Assert.Single(assembly.Members, m => m.Id == id).Summary;

    static int Kept(Summary s) => s.Reaches.Count(r => r.Sink is Sink.Call);

    static int Unknown(Summary s) => s.Reaches.Count(r => r.Sink is Sink.Effect { Kind: EffectKind.Unknown });

    static CallOp[] Others(FakeProgram lib, int from, int count) => [.. Enumerable.Range(from, count).Select(i => lib.Call("Other" + i))];

    /// <summary>What a member does to locks of its callers, too much to be told: it is unknown, and the edges of locks that have names stay.</summary>
    [Theory]
    [InlineData(64, 64, 0)]
    [InlineData(65, 0, 1)]
    public void A_member_that_leaves_too_many_edges_open_closes_them_itself(int actions, int open, int unknown)
    {
        var lib = Program();
        lib.Body("Many", actions, [lib.Take(G), .. Enumerable.Range(0, actions).Select(i => lib.Invoke(FakeProgram.Parameter("Many", i))), lib.Call("Alloc"), lib.Give(G)])
            .Body("Above", actions, lib.Call("Many", [.. Enumerable.Range(0, actions).Select(i => FakeProgram.Parameter("Above", i))]));
        var (assembly, _) = Build(lib, "Many", "Above");

        foreach (var member in assembly.Members)
        {
            Assert.Equal(open, member.Summary.Pendings.Length);
            Assert.Equal(unknown, Unknown(member.Summary));
            Assert.Contains(member.Summary.Reaches, r => r.Sink is Sink.Effect { Kind: EffectKind.BlockingAllocation });
        }
        Assert.Contains(assembly.Bodies, b => b.Id == "Many" && b.Edges.Any(e => e.From?.Name == "G" && e.Reach.Sink is Sink.Effect { Kind: EffectKind.BlockingAllocation }));
    }

    [Fact]
    public void Critical_code_that_calls_what_was_too_much_is_told_so()
    {
        var lib = Program();
        lib.Body("Many", Others(lib, 0, 65));
        var app = Program().Reference(lib, "Many");
        app.Body("Run", app.Call("Many"));

        Assert.Equal(["FENCE008"], app.Findings().Select(f => f.Rule));
    }

    /// <summary>A cycle is given up as a whole; what calls it keeps its own calls, and what it calls keeps all.</summary>
    [Fact]
    public void What_is_too_much_is_too_much_for_its_cycle_alone()
    {
        var lib = Program();
        lib.Body("Above", lib.Call("One"), lib.Call("Own"))
            .Body("One", [.. Others(lib, 0, 40), lib.Call("Two")])
            .Body("Two", [.. Others(lib, 40, 40), lib.Call("One"), lib.Call("Below")])
            .Body("Below", lib.Call("Deep"));
        var (assembly, work) = Build(lib, "Above", "One", "Two", "Below");

        Assert.Equal((1, 1), (Kept(Of(assembly, "Above")), Unknown(Of(assembly, "Above"))));
        Assert.Equal((0, 1), (Kept(Of(assembly, "One")), Unknown(Of(assembly, "One"))));
        Assert.Equal((0, 1), (Kept(Of(assembly, "Two")), Unknown(Of(assembly, "Two"))));
        Assert.Equal((1, 0), (Kept(Of(assembly, "Below")), Unknown(Of(assembly, "Below"))));
        Assert.Equal(2, work.Bounded);
    }

    /// <summary>A call of a member that a hundred types implement reaches everything, and is not followed.</summary>
    [Theory]
    [InlineData(128, 0, 1)]
    [InlineData(129, 1, 0)]
    public void A_call_of_too_many_implementations_is_unknown(int implementations, int unknown, int allocations)
    {
        var lib = Program();
        var targets = Enumerable.Range(0, implementations).Select(i => "Node.Visit" + i).ToArray();
        foreach (string target in targets)
            lib.Body(target, lib.Call("Alloc"));
        lib.Implementations("Node.Visit", open: false, targets)
            .Body("All", new CallOp(lib.Next(), new CallTarget.Virtual("Node.Visit", "Node", []), Value.This.Instance, [], -1));
        var summary = Of(Build(lib, "All").Assembly, "All");

        Assert.Equal(unknown, Unknown(summary));
        Assert.Equal(allocations, summary.Reaches.Count(r => r.Sink is Sink.Effect { Kind: EffectKind.BlockingAllocation }));
    }

    /// <summary>And it says nothing of the locks that it may return.</summary>
    [Theory]
    [InlineData(128, 0, 1)]
    [InlineData(129, 1, 0)]
    public void What_a_call_of_too_many_implementations_returns_is_unknown(int implementations, int unknown, int acquired)
    {
        var lib = Program();
        var targets = Enumerable.Range(0, implementations).Select(i => "Node.Gate" + i).ToArray();
        foreach (string target in targets)
            lib.Body(target, new ReturnOp(lib.Next(), G));
        var gate = new CallOp(lib.Next(), new CallTarget.Virtual("Node.Gate", "Node", []), Value.This.Instance, [], 7) { ResultType = new Value.Opaque(null, "object") };
        lib.Implementations("Node.Gate", open: false, targets)
            .Body("Locked", gate, lib.Take(new Value.Slot("Locked", 7)), lib.Give(new Value.Slot("Locked", 7)));
        var reaches = Of(Build(lib, "Locked").Assembly, "Locked").Reaches;

        Assert.Equal(acquired, reaches.Count(r => r.Sink is Sink.Acquire { Lock.Info.Class: "G" }));
        Assert.Equal(unknown, reaches.Count(r => r.Sink is Sink.Effect { Kind: EffectKind.Unknown, Detail: "lock" }));
    }

    /// <summary>Locks in many objects of the caller's: which objects is forgotten, and not which lock.</summary>
    [Theory]
    [InlineData(16, 16, 0)]
    [InlineData(17, 0, 1)]
    public void A_member_that_takes_too_many_locks_of_its_caller_is_known_by_their_classes(int objects, int byObject, int byClass)
    {
        var lib = Program();
        lib.Body("Many", objects, [.. Enumerable.Range(0, objects).SelectMany(i => InLock(FakeProgram.Parameter("Many", i)))])
            .Body("Above", objects, lib.Call("Many", [.. Enumerable.Range(0, objects).Select(i => FakeProgram.Parameter("Above", i))]))
            .Body("Few", 1, [.. InLock(FakeProgram.Parameter("Few", 0))]);
        var (assembly, work) = Build(lib, "Many", "Above", "Few");

        foreach (string id in new[] { "Many", "Above" })
        {
            var locks = Of(assembly, id).Reaches.Select(r => r.Sink).OfType<Sink.Acquire>().ToList();
            Assert.All(locks, a => Assert.Equal("Slot.Gate", a.Lock.Info!.Class));
            Assert.Equal(byObject, locks.Count(a => a.Lock.Base!.Kind == RefKind.Parameter));
            Assert.Equal(byClass, locks.Count(a => a.Lock.Base!.Equals(Ref.Unknown)));
            Assert.Equal(0, Unknown(Of(assembly, id)));
        }
        Assert.Equal(byClass, work.Bounded);
        Assert.Contains(Of(assembly, "Few").Reaches, r => r.Sink is Sink.Acquire { Lock.Base.Kind: RefKind.Parameter });

        IEnumerable<Op> InLock(Value of)
        {
            var gate = new Value.Field(of, "Slot.Gate", new LockInfo("Slot.Gate", "Slot.Gate"));
            return [lib.Take(gate), lib.Give(gate)];
        }
    }

    /// <summary>
    /// The allocation at the end of a chain comes one link nearer with each visit, and the hub calls every link: it is visited as often as there
    /// are links, and is in a ring with them.
    /// </summary>
    [Theory]
    [InlineData(200, 0)]
    [InlineData(520, 1)]
    public void A_body_that_does_not_come_to_rest_is_unknown_besides(int links, int unknown)
    {
        var lib = Program();
        string[] names = [.. Enumerable.Range(0, links).Select(i => "Link" + i.ToString("000", null))];
        for (int i = 0; i + 1 < links; i++)
            lib.Body(names[i], lib.Call(names[i + 1]));
        lib.Body(names[^1], lib.Managed(), lib.Call("Hub"))
            .Body("Hub", [.. names.Select(n => lib.Call(n))])
            .Body("Below", lib.Managed());
        var (assembly, work) = Build(lib, "Hub", names[0], "Below");

        foreach (string id in new[] { "Hub", names[0] })
        {
            Assert.Equal(unknown, Unknown(Of(assembly, id)));
            Assert.Contains(Of(assembly, id).Reaches, r => r.Sink is Sink.Effect { Kind: EffectKind.ManagedAllocation });
        }
        Assert.Equal(0, Unknown(Of(assembly, "Below")));
        Assert.Equal(unknown == 0 ? 0 : links + 1, work.Bounded);
        Assert.InRange(work.Visits, 2 * links, 10 * links);
    }

    /// <summary>Effects that were reached stay known.</summary>
    [Fact]
    public void What_was_too_much_keeps_its_allocations_and_locks()
    {
        var lib = Program();
        lib.Body("Many", [.. Others(lib, 0, 65), lib.Call("Alloc"), lib.Take(G), lib.Give(G), lib.Managed()]);
        var summary = Of(Build(lib, "Many").Assembly, "Many");

        Assert.Contains(summary.Reaches, r => r.Sink is Sink.Effect { Kind: EffectKind.BlockingAllocation });
        Assert.Contains(summary.Reaches, r => r.Sink is Sink.Effect { Kind: EffectKind.ManagedAllocation });
        Assert.Contains(summary.Reaches, r => r.Sink is Sink.Acquire);
        Assert.Equal(1, Unknown(summary));
    }

    /// <summary>The names of bodies, and so the order of visits, decide nothing.</summary>
    [Fact]
    public void The_order_of_bodies_does_not_matter()
    {
        for (int seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            const int bodies = 24;
            var calls = Enumerable.Range(0, bodies).Select(_ => Enumerable.Range(0, random.Next(3)).Select(_ => random.Next(bodies)).ToList()).ToList();
            var own = Enumerable.Range(0, bodies).Select(_ => random.Next(4) == 0 ? random.Next(50) : 0).ToList();
            string Told(Func<int, string> name)
            {
                var lib = Program();
                for (int i = 0; i < bodies; i++)
                    lib.Body(name(i), [.. Others(lib, i * 50, own[i]), .. calls[i].Select(c => lib.Call(name(c)))]);
                var assembly = Build(lib, [.. Enumerable.Range(0, bodies).Select(name)]).Assembly;
                return string.Join(" ", Enumerable.Range(0, bodies).Select(i => Kept(Of(assembly, name(i))) + "/" + Unknown(Of(assembly, name(i)))));
            }

            string forwards = Told(i => "M" + i.ToString("00", null));
            Assert.Equal(forwards, Told(i => "M" + (bodies - i).ToString("00", null)));
            Assert.Equal(forwards, Told(i => "M" + (i * 7 % bodies).ToString("00", null) + "_" + i));
        }
    }

    /// <summary>A fact that only a cycle above what is given up has left would go round it for ever.</summary>
    [Fact]
    public void A_cycle_over_what_is_given_up_comes_to_rest()
    {
        var lib = Program();
        const int many = 300;
        for (int i = 0; i < many; i++)
            lib.Body("M" + i, [.. Others(lib, i, 1), lib.Call("M" + (i + 1) % many), lib.Call("M" + i * 17 % many)]);
        lib.Body("Up1", lib.Call("M0"), lib.Call("Up2")).Body("Up2", lib.Call("Up1"));
        var (assembly, work) = Build(lib, "Up1", "M5");

        Assert.Equal(many, work.Bounded);
        Assert.Equal((0, 1), (Kept(Of(assembly, "Up1")), Unknown(Of(assembly, "Up1"))));
        Assert.InRange(work.Visits, many, 12 * many);
    }

    [Fact]
    public void Components_come_after_what_they_lead_to()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var nodes = Enumerable.Range(0, 12).Select(i => "N" + i).ToList();
            var next = nodes.ToDictionary(n => n, _ => (IReadOnlyList<string>)[.. Enumerable.Range(0, random.Next(3)).Select(_ => nodes[random.Next(12)])]);
            var reach = nodes.ToDictionary(n => n, n => Reachable(n, next));
            var components = StrongComponents.Of(nodes, n => next[n]);

            Assert.Equal(nodes.Order(), components.SelectMany(c => c).Order());
            var at = components.SelectMany((c, i) => c.Select(n => (n, i))).ToDictionary(p => p.n, p => p.i);
            foreach (string a in nodes)
            {
                foreach (string b in nodes)
                {
                    Assert.Equal(reach[a].Contains(b) && reach[b].Contains(a), at[a] == at[b]);
                    Assert.True(!reach[a].Contains(b) || at[b] <= at[a]);
                }
            }
        }
    }

    static HashSet<string> Reachable(string from, Dictionary<string, IReadOnlyList<string>> next)
    {
        var seen = new HashSet<string> { from };
        var work = new Stack<string>(seen);
        while (work.Count > 0)
        {
            foreach (string n in next[work.Pop()])
            {
                if (seen.Add(n))
                    work.Push(n);
            }
        }
        return seen;
    }
}
