using FenceSafety.CodeFixes.LiftAllocation;

namespace FenceSafety.Analyzers.Tests.CodeFixes;

/// <summary>Programs print the same before and after every lift that is offered.</summary>
public class LiftAllocationOutputTests
{
    [Theory]
    [InlineData("s_page = Alloc(\"a\"); s_count++;", 1)]
    [InlineData("var first = Alloc(\"a\"); var second = Alloc(\"b\"); Show(first, second);", 2)]
    [InlineData("Show(Alloc(\"a\"), Alloc(\"b\"));", 2)]
    [InlineData("lock (s_gate) { s_page = Alloc(\"a\", fails: true); s_count++; }", 1)]
    [InlineData("s_count++; s_page = Alloc(\"a\");", 0)]
    [InlineData("s_page = Alloc(\"a\"); s_page = Alloc(\"b\", fails: true);", 1)]
    [InlineData("s_page = Alloc(name);", 1)]
    [InlineData("string long_name = name; s_page = Alloc(long_name); Show(long_name);", 1)]
    [InlineData("int before = s_count; s_page = Counted(\"a\"); Show(before);", 0)]
    [InlineData("s_page = Counted(\"a\"); Show(s_count);", 1)]
    [InlineData("if (s_count == 0) s_page = Alloc(\"a\");", 0)]
    [InlineData("Fill(\"f\"); Show(s_page);", 1)]
    public async Task The_program_prints_the_same(string body, int fixes)
    {
        int applied = await FixedProgram.PrintsTheSameAsync(
            $$"""
            static class P
            {
                static readonly object s_gate = new();
                static object s_page = "none";
                static int s_count;

                [MayAllocate]
                static object Alloc(string name, bool fails = false)
                {
                    Log.Add("alloc " + name);
                    return fails ? throw new OutOfMemoryException(name) : "page " + name;
                }

                [MayAllocate]
                static object Counted(string name)
                {
                    s_count++;
                    return "page " + name;
                }

                static void Fill(string name) => s_page = Alloc(name);

                [AssumeFenceSafe("a test shows what happened")]
                static void Show(object value, object other = null) => Log.Add("show " + value + other);

                [FenceCritical]
                static void Execute(string name)
                {
                    {{body}}
                }

                public static string Run()
                {
                    try
                    {
                        Execute("n");
                        Execute(name: "m");
                    }
                    catch (OutOfMemoryException e)
                    {
                        Log.Add("caught " + e.Message + Monitor.IsEntered(s_gate));
                    }
                    Log.Add("end " + s_page + s_count);
                    return Log.Text();
                }
            }

            {{FixedProgram.Log}}
            """,
            new LiftAllocationCodeFixProvider(),
            "FENCE001");
        Assert.Equal(fixes, applied);
    }
}
