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
}
