using Xunit.Abstractions;

namespace FenceSafety.Mutation.Tests;

/// <summary>
/// Every fence-critical body of the runtime × every mistake × every route to it: each is reported, at the edited line, by the right rule,
/// and nothing else is. All bodies have the mistake at once, each on a line of its own, so that one compilation does for a column.
/// </summary>
public sealed class MutationMatrixTests(RuntimeFixture runtime, ITestOutputHelper output) : IClassFixture<RuntimeFixture>
{
    public static TheoryData<string, Route> Matrix => Product(Mutation.Mistakes);

    public static TheoryData<string, Route> LockMatrix => Product([.. Mutation.Mistakes.Where(mutation => mutation.LockClass is not null)]);

    public static TheoryData<string, Route> ControlMatrix => Product(Mutation.Controls);

    [Fact]
    public async Task The_runtime_as_it_is_has_no_report() =>
        Assert.Empty(await RuntimeSources.AnalyzeAsync(runtime.Sources.Baseline));

    [Fact]
    public void The_bodies_are_found()
    {
        Assert.Contains(runtime.Bodies, body => body.Name.Contains("Vmm.ExecuteMap", StringComparison.Ordinal));
        Assert.Contains(runtime.Bodies, body => body.Name.Contains("Vmm.UnmapPages", StringComparison.Ordinal));
        Assert.Contains(runtime.Bodies, body => body.Name.Contains("GpuBuddy.FreeDeferred", StringComparison.Ordinal));
        Assert.Equal(runtime.Bodies.Count, runtime.Bodies.Select(body => (body.Path, body.Line)).Distinct().Count());
        output.WriteLine($"{runtime.Bodies.Count} critical bodies:\n{string.Join('\n', runtime.Bodies.Select(body => body.Name))}");
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task Each_mistake_is_reported_where_it_was_made(string name, Route route)
    {
        Mutation mutation = Mutation.Mistakes.Single(candidate => candidate.Name == name);
        var bodies = runtime.Bodies.Where(body => mutation.LockClass is null || !IsFlush(body)).ToList();
        Assert.Empty(Check(mutation, route, bodies, await RunAsync(mutation, route, bodies)));
    }

    /// <summary>
    /// The flush is called with the manager's lock held, also outside of critical sections: a lock that is taken in it comes after that
    /// lock, so that critical code may not take the manager's lock either.
    /// </summary>
    [Theory]
    [MemberData(nameof(LockMatrix))]
    public async Task A_lock_in_the_flush_is_reported_where_critical_code_takes_the_lock_around_it_too(string name, Route route)
    {
        Mutation mutation = Mutation.Mistakes.Single(candidate => candidate.Name == name);
        var bodies = runtime.Bodies.Where(IsFlush).ToList();
        Assert.Single(bodies);
        var others = Check(mutation, route, bodies, await RunAsync(mutation, route, bodies));
        Assert.All(others, report => Assert.True(report.IsThrough(mutation.LockClass), report.ToString()));
        Assert.All(others, report => Assert.Contains("order vmm → ", report.Message, StringComparison.Ordinal));
        Assert.Equal(["Vmm.ExecuteMap", "Vmm.ProtectPages", "Vmm.UnmapPages"], others.Select(Body).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(ControlMatrix))]
    public async Task An_edit_at_the_same_place_that_is_no_mistake_is_not_reported(string name, Route route) =>
        Assert.Empty(await RunAsync(Mutation.Controls.Single(candidate => candidate.Name == name), route, runtime.Bodies));

    private static bool IsFlush(CriticalBody body) => body.Name.Contains("Tlb.TryFlush", StringComparison.Ordinal);

    /// <summary>The body that a report's chain begins with.</summary>
    private static string Body(Reported report) => report.Message.Split(": ")[1].Split(" → ")[0];

    private static bool IsAt(Reported report, CriticalBody body) => report.File == body.Path && report.Line == body.Line;

    private static TheoryData<string, Route> Product(Mutation[] mutations)
    {
        var data = new TheoryData<string, Route>();
        foreach (Mutation mutation in mutations)
        {
            foreach (Route route in Enum.GetValues<Route>())
                data.Add(mutation.Name, route);
        }

        return data;
    }

    /// <summary>Expects the mistake to be reported once in each body, and its other end somewhere.</summary>
    /// <returns>What else is reported.</returns>
    private List<Reported> Check(Mutation mutation, Route route, List<CriticalBody> bodies, List<Reported> reports)
    {
        var made = reports.Where(report => bodies.Exists(body => IsAt(report, body) && report.Rule == mutation.Rule)).ToList();
        var ends = reports.Where(report => report.IsOtherEnd(mutation.LockClass)).ToList();
        var missing = bodies.Where(body => !made.Exists(report => IsAt(report, body))).ToList();
        output.WriteLine($"{mutation}, {route}: {bodies.Count - missing.Count} of {bodies.Count} bodies, {ends.Count} other ends");
        Assert.True(missing.Count == 0, $"not reported:\n{string.Join('\n', missing.Select(body => body.Name))}");
        Assert.Equal(bodies.Count, made.Count);
        Assert.Equal(mutation.LockClass is not null, ends.Exists(report => report.Rule == "FENCE004"));
        return [.. reports.Except(made).Except(ends)];
    }

    private Task<List<Reported>> RunAsync(Mutation mutation, Route route, List<CriticalBody> bodies) => RuntimeSources.AnalyzeAsync(
        runtime.Sources.Mutate(AddedFile.Source(mutation), bodies, AddedFile.Inserted(mutation, route)));
}

/// <summary>The runtime's sources, parsed once.</summary>
public sealed class RuntimeFixture
{
    public RuntimeFixture() => Bodies = CriticalBody.FindAll(Sources.Baseline);

    internal RuntimeSources Sources { get; } = RuntimeSources.Load();

    internal List<CriticalBody> Bodies { get; }
}
