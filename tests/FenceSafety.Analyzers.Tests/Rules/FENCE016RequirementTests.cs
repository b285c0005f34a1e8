namespace FenceSafety.Analyzers.Tests.Rules;

/// <summary>What a lambda or local function needs held, the body that runs it holds, or does not.</summary>
public class FENCE016RequirementTests
{
    [Theory]
    [InlineData("lock (_gate) { Do(() => Insert()); }")]
    [InlineData("lock (_gate) { _list.ForEach(n => Insert()); }")]
    [InlineData("lock (_gate) { Local(); } void Local() => Insert();")]
    [InlineData("lock (_gate) { Outer(); } void Outer() => Inner(); void Inner() => Insert();")]
    [InlineData("var insert = () => Insert(); lock (_gate) insert();")]
    [InlineData("Locked(() => Insert());")]
    [InlineData("Under(_gate, () => Insert());")]
    public Task Silent_on_what_runs_under_the_lock(string body) => Code(body).RunAsync();

    [Theory]
    [InlineData("Do(() => {|FENCE016:Insert()|});")]
    [InlineData("lock (_other) { Do(() => {|FENCE016:Insert()|}); }")]
    [InlineData("lock (_gate) { Keep(() => {|FENCE016:Insert()|}); }")]
    [InlineData("lock (_gate) { _kept = () => {|FENCE016:Insert()|}; }")]
    [InlineData("lock (_gate) { Task.Run(() => {|FENCE016:Insert()|}); }")]
    [InlineData("lock (_gate) { Local(); } Local(); void Local() => {|FENCE016:Insert()|};")]
    [InlineData("lock (_gate) { } Outer(); void Outer() => Inner(); void Inner() => {|FENCE016:Insert()|};")]
    [InlineData("var insert = () => {|FENCE016:Insert()|}; lock (_gate) { } insert();")]
    [InlineData("Under(_other, () => {|FENCE016:Insert()|});")]
    [InlineData("void Local() => {|FENCE016:Insert()|};")]
    public Task Reports_what_runs_without_it_or_nobody_knows_when(string body) => Code(body).RunAsync();

    static FenceTest Code(string body) => new(
        $$"""
        class C
        {
            readonly object _gate = new(), _other = new();
            readonly List<int> _list = new();
            Action _kept;

            [RequiresLock("_gate")] void Insert() { }

            static void Do(Action action) => action();
            void Keep(Action action) => _kept = action;
            void Locked(Action action) { lock (_gate) action(); }
            static void Under(object gate, Action action) { lock (gate) action(); }

            void Run() { {{body}} }
        }
        """);
}
