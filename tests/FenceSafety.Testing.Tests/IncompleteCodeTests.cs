using FenceSafety.Testing.Tests.Subjects;

namespace FenceSafety.Testing.Tests;

public class IncompleteCodeTests
{
    const string Code = "class BadOne { int M(int a) => a + 1; }";

    [Fact]
    public async Task Every_prefix_is_tried()
        => Assert.True(await IncompleteCode<BadNameAnalyzer>.VerifyNoCrashOnEveryPrefixAsync(Code) > 20);

    [Fact]
    public async Task Every_token_is_deleted()
        => Assert.Equal(15, await IncompleteCode<BadNameAnalyzer>.VerifyNoCrashOnTokenDeletionAsync(Code));

    [Fact]
    public Task Fails_and_shows_the_code_when_a_prefix_crashes() => Failing.WithAsync(
        IncompleteCode<CrashingOnHalfCodeAnalyzer>.VerifyNoCrashOnEveryPrefixAsync(Code), "CrashingOnHalfCodeAnalyzer threw", "cut off after 5 characters\nclass");

    [Fact]
    public Task Fails_when_a_deletion_crashes() => Failing.WithAsync(
        IncompleteCode<CrashingOnHalfCodeAnalyzer>.VerifyNoCrashOnTokenDeletionAsync(Code), "without 'BadOne' at 6");

    [Fact]
    public Task Fails_when_the_analyzer_hangs() => Failing.WithAsync(
        new IncompleteCode<HangingAnalyzer> { Limit = TimeSpan.FromMilliseconds(200) }.VerifyPrefixesAsync(Code), "does not finish within 0.2 s");

    [Fact]
    public async Task An_instance_without_memory_agrees_with_a_new_one()
        => Assert.True(await new IncompleteCode<BadNameAnalyzer> { CompareWithFreshInstance = true }.VerifyDeletionsAsync(Code) > 10);

    [Fact]
    public Task Fails_when_an_instance_remembers_what_was_edited_away() => Failing.WithAsync(
        new IncompleteCode<ForgetfulAnalyzer> { CompareWithFreshInstance = true }.VerifyPrefixesAsync(Code),
        "kept from before the edit",
        "only from a new instance",
        "'BadOne' is bad");

    [Fact]
    public async Task Other_files_stay_whole()
        => Assert.True(await IncompleteCode<BadNameAnalyzer>.VerifyNoCrashOnEveryPrefixAsync("class A : B { }", ("B.cs", "class B { }")) > 5);
}
