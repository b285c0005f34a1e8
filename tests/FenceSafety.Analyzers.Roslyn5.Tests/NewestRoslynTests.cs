using Microsoft.CodeAnalysis.CSharp;

namespace FenceSafety.Analyzers.Tests;

/// <summary>What only the newest compiler has.</summary>
public class NewestRoslynTests
{
    [Fact]
    public void These_tests_run_on_the_newest_compiler()
        => Assert.Equal(new Version(5, 12), Version.Parse(typeof(CSharpCompilation).Assembly.GetName().Version!.ToString(2)));

    [Fact]
    public Task FENCE001_Reports_an_allocation_in_an_extension_member()
        => Verify.Async("""
            static class Extensions
            {
                extension(Node node)
                {
                    public void Grow() => Kmem.Get();

                    public int Size => Kmem.Get() is null ? 0 : 1;

                    public void Stay() => node.Value++;
                }
            }

            class C
            {
                [FenceCritical]
                void Run(Node node)
                {
                    {|FENCE001:node.Grow()|};
                    _ = {|FENCE001:node.Size|};
                    node.Stay();
                }
            }
            """);

    [Fact]
    public Task FENCE001_Reports_the_accessors_of_a_partial_event_and_a_partial_constructor()
        => Verify.Async("""
            partial class Bus
            {
                public partial Bus();
                public partial event Action Rung;
            }

            partial class Bus
            {
                public partial Bus() => Kmem.Get();
                public partial event Action Rung { add => Kmem.Get(); remove { } }
            }

            class C
            {
                static readonly Action s_nothing = static () => { };

                [FenceCritical]
                void Run(Bus bus)
                {
                    {|FENCE001:bus.Rung += s_nothing|};
                    bus.Rung -= s_nothing;
                }

                [FenceCritical]
                object Make() => {|FENCE011:{|FENCE001:new Bus()|}|};
            }
            """);
}
