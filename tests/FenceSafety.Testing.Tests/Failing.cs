namespace FenceSafety.Testing.Tests;

/// <summary>Tests of tests: the test has to fail, and say why.</summary>
static class Failing
{
    public static async Task<string> WithAsync(Task test, params string[] parts)
    {
        var failure = await Assert.ThrowsAsync<VerificationException>(() => test);
        Assert.All(parts, part => Assert.Contains(part, failure.Message, StringComparison.Ordinal));
        return failure.Message;
    }
}
