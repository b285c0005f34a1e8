using FenceSafety.CodeFixes.HoistAllocation;

namespace FenceSafety.Analyzers.Tests.CodeFixes;

/// <summary>Programs print the same before and after every fix that is offered.</summary>
public class HoistAllocationOutputTests
{
    /// <summary>Members of a program whose allocator tells of every call, and fails when it is told to.</summary>
    const string Program = """
        static class P
        {
            [FenceSafeLock] static readonly object s_gate = new();
            static object s_page = "none";
            static int s_count;

            [MayAllocate]
            static object Alloc(string name, bool fails = false)
            {
                Log.Add("alloc " + name);
                return fails ? throw new OutOfMemoryException(name) : "page " + name;
            }

            static void Show(params object[] values) => Log.Add(string.Join(' ', values));

            public static string Run()
            {
                try
                {
                    BODY
                }
                catch (OutOfMemoryException e)
                {
                    Show("caught", e.Message, Monitor.IsEntered(s_gate));
                }
                Show("end", s_page, s_count);
                return Log.Text();
            }
        }
        """;

    [Theory]
    [InlineData("lock (s_gate) { Alloc(\"a\"); s_count++; }", 1)]
    [InlineData("lock (s_gate) { s_page = Alloc(\"a\", fails: true); s_count++; }", 1)]
    [InlineData("lock (s_gate) { var a = Alloc(\"a\"); var b = Alloc(\"b\"); s_page = b; Show(a, b); }", 2)]
    [InlineData("lock (s_gate) { Show(Alloc(\"a\"), s_count, Alloc(\"b\")); }", 2)]
    [InlineData("lock (s_gate) { s_page = Alloc(\"a\"); s_page = Alloc(\"b\", fails: true); }", 1)]
    [InlineData("lock (s_gate) { s_count = 1; s_page = Alloc(\"a\", fails: true); }", 0)]
    [InlineData("Monitor.Enter(s_gate); try { var n = s_count; s_page = Alloc(\"a\", fails: true); s_count = n + 1; } finally { Monitor.Exit(s_gate); }", 1)]
    [InlineData("Monitor.Enter(s_gate); try { Alloc(\"a\", fails: true); } finally { s_count = 7; Monitor.Exit(s_gate); }", 0)]
    [InlineData("string name = \"x\"; lock (s_gate) { name += \"y\"; s_page = Alloc(name); }", 0)]
    [InlineData("lock (s_gate) { string name = \"x\" + 1; s_page = Alloc(name); Show(name); }", 1)]
    [InlineData("lock (s_gate) { try { s_page = Alloc(\"a\", fails: true); } catch (OutOfMemoryException) { s_page = \"fallback\"; } }", 0)]
    [InlineData("for (int i = 0; i < 3; i++) { lock (s_gate) { if (i == 1) continue; s_page = Alloc(\"a\"); } }", 0)]
    [InlineData("for (int i = 0; i < 3; i++) { lock (s_gate) { s_page = Alloc(i.ToString()); s_count += i; } }", 1)]
    [InlineData("object page; lock (s_gate) { page = Alloc(\"a\"); } Show(page);", 1)]
    public async Task The_program_prints_the_same(string body, int fixes)
    {
        int applied = await FixedProgram.PrintsTheSameAsync(Program.Replace("BODY", body) + FixedProgram.Log, new HoistAllocationCodeFixProvider());
        Assert.Equal(fixes, applied);
    }
}
