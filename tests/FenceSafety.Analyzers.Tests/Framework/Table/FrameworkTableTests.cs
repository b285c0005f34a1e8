using System.Reflection;

namespace FenceSafety.Analyzers.Tests.Framework.Table;

/// <summary>What the analyzer says of well-known members of the framework, and what the runtime counts, against one table.</summary>
public class FrameworkTableTests
{
    static readonly Lazy<Task<AnalyzedTable>> s_analyzed = new(AnalyzedTable.MakeAsync);

    static readonly SortedDictionary<string, MethodInfo> s_rows = new(
        typeof(RowAttribute).Assembly.GetTypes()
            .SelectMany(static type => type.GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public))
            .Where(static method => method.IsDefined(typeof(RowAttribute), inherit: false))
            .ToDictionary(static method => $"{method.DeclaringType!.Name}.{method.Name}"),
        StringComparer.Ordinal);

    public static TheoryData<string> Rows => [.. s_rows.Keys];

    public static TheoryData<string> MeasuredRows => [.. s_rows.Keys.Where(static name => Row(name).NotMeasured is null)];

    [Theory, MemberData(nameof(Rows))]
    public async Task The_analyzer_says_what_the_table_says(string name)
    {
        var row = Row(name);
        var analyzed = await s_analyzed.Value;

        Assert.Contains(row.Member, analyzed.CalledBy(name));
        Assert.Equal(AnalyzedTable.Expected(row), analyzed.SaidOf(name, row.Member, row.Kind is not null));
        Assert.Empty(analyzed.SaidBesides(name, row.Member));
    }

    [Theory, MemberData(nameof(MeasuredRows))]
    public void The_runtime_counts_what_the_table_says(string name)
    {
        var row = Row(name);
        var measured = new MeasuredRow(s_rows[name]);
        switch (row.Effect & ~Effect.Unknown)
        {
            case Effect.Grows:
                Assert.Equal(0, measured.LeastBytes(row.Before));
                Assert.All(measured.Bytes(row.Full), static bytes => Assert.NotEqual(0, bytes));
                break;
            case Effect.Allocates:
                Assert.All(measured.Bytes(row.Before), static bytes => Assert.NotEqual(0, bytes));
                break;
            default:
                Assert.Equal(0, measured.LeastBytes(row.Before));
                break;
        }
    }

    [Fact]
    public void The_table_has_two_hundred_members_and_measures_most_of_them()
    {
        Assert.True(Members(static _ => true) >= 200);
        Assert.True(Members(static row => row.NotMeasured is null) >= 120);
        foreach (Effect effect in Enum.GetValues<Effect>())
            Assert.Contains(s_rows.Keys, name => Row(name).Effect == effect);
    }

    /// <summary>What the effect is depends on an argument only if it differs between two arguments.</summary>
    [Fact]
    public void Members_that_depend_on_an_argument_have_rows_with_different_effects()
    {
        var effects = s_rows.Where(static row => row.Value.DeclaringType == typeof(ArgumentRows))
            .Select(static row => Row(row.Key)).ToLookup(static row => row.Member, static row => row.Effect);
        Assert.True(effects.Count(static member => member.Distinct().Count() > 1) >= 8);
    }

    static int Members(Func<RowAttribute, bool> has) =>
        s_rows.Keys.Select(Row).Where(has).Select(static row => row.Member).Distinct().Count();

    static RowAttribute Row(string name) => s_rows[name].GetCustomAttribute<RowAttribute>()!;
}
