using FenceSafety.Testing.Tests.Subjects;
using Microsoft.CodeAnalysis;
using Verify = FenceSafety.Testing.CSharpAnalyzerVerifier<FenceSafety.Testing.Tests.Subjects.BadNameAnalyzer>;
using VerifyOne = FenceSafety.Testing.CSharpAnalyzerVerifier<FenceSafety.Testing.Tests.Subjects.SingleRuleAnalyzer>;

namespace FenceSafety.Testing.Tests;

/// <summary>What is found is compared with what is expected, and a difference in either direction fails.</summary>
public class ExpectationTests
{
    [Fact]
    public Task Markup_with_an_id() => Verify.VerifyAnalyzerAsync("class {|TEST001:BadOne|} { }\nclass Fine { }");

    [Fact]
    public Task Markup_of_the_only_rule() => VerifyOne.VerifyAnalyzerAsync("class [|BadOne|] { }");

    [Fact]
    public Task Code_without_a_diagnostic() => Verify.VerifyAnalyzerAsync("class Fine { }");

    [Fact]
    public Task A_location_key_with_arguments() => Verify.VerifyAnalyzerAsync(
        "class {|#0:BadOne|} { }\nclass {|#1:BadTwo|} { }",
        Verify.Diagnostic("TEST001").WithLocation(1).WithArguments("BadTwo"),
        Verify.Diagnostic("TEST001").WithLocation(0).WithArguments("BadOne").WithSeverity(DiagnosticSeverity.Info));

    [Fact]
    public Task Lines_columns_messages_and_properties() => VerifyOne.VerifyAnalyzerAsync(
        "class BadOne { }\nclass BadTwo { }",
        VerifyOne.Diagnostic().WithSpan(1, 7, 1, 13).WithMessage("The type 'BadOne' is bad"),
        VerifyOne.Diagnostic().WithLocation(2, 7).WithMessageContaining("'BadTwo'"));

    [Fact]
    public Task Additional_locations_and_properties()
    {
        var test = new CSharpAnalyzerTest<BadNameAnalyzer>();
        test.TestState.Sources.Add(("A.cs", "partial class {|#0:BadOne|} { }"));
        test.TestState.Sources.Add(("B.cs", "partial class {|#1:BadOne|} { }"));
        test.ExpectedDiagnostics.Add(new DiagnosticResult("TEST001").WithLocation(0).WithLocation(1).WithProperty("length", "6"));
        return test.RunAsync();
    }

    [Fact]
    public Task Fails_when_an_additional_location_differs()
    {
        var test = new CSharpAnalyzerTest<BadNameAnalyzer>();
        test.TestState.Sources.Add(("A.cs", "partial class {|#0:BadOne|} { }"));
        test.TestState.Sources.Add(("B.cs", "partial class BadOne { }"));
        test.ExpectedDiagnostics.Add(new DiagnosticResult("TEST001").WithLocation(0).WithLocation("B.cs", 1, 1));
        return Failing.WithAsync(test.RunAsync(), "expected and not found", "/0/B.cs(1,1)");
    }

    [Fact]
    public Task Fails_when_a_diagnostic_is_missing() => Failing.WithAsync(
        Verify.VerifyAnalyzerAsync("class {|TEST001:Fine|} { }"), "1 expected, 0 found", "expected and not found", "/0/Test0.cs(1,7)-(1,11): TEST001");

    [Fact]
    public Task Fails_when_a_diagnostic_is_extra() => Failing.WithAsync(
        Verify.VerifyAnalyzerAsync("class BadOne { }"), "0 expected, 1 found", "found and not expected", "The type 'BadOne' is bad", "`BadOne`");

    [Fact]
    public Task Fails_when_one_diagnostic_comes_twice() => Failing.WithAsync(
        Verify.VerifyAnalyzerAsync("class {|TEST001:{|TEST001:BadOne|}|} { }"), "2 expected, 1 found");

    [Fact]
    public Task Fails_when_the_span_is_wrong() => Failing.WithAsync(
        Verify.VerifyAnalyzerAsync("class {|TEST001:BadOne |}{ }"), "expected and not found", "found and not expected");

    [Fact]
    public Task Fails_when_the_id_is_wrong() => Failing.WithAsync(
        Verify.VerifyAnalyzerAsync("class {|TEST009:BadOne|} { }"), "TEST009");

    [Theory]
    [InlineData("BadTwo", null, "BadOne", "6")]
    [InlineData("BadOne", "The type 'BadOne' is good", "BadOne", "6")]
    [InlineData("BadOne", null, "BadTwo", "6")]
    [InlineData("BadOne", null, "BadOne", "7")]
    public Task Fails_when_message_or_property_is_wrong(string argument, string? message, string part, string length)
    {
        var expected = Verify.Diagnostic("TEST001").WithLocation(0).WithArguments(argument).WithMessageContaining(part).WithProperty("length", length);
        return Failing.WithAsync(
            Verify.VerifyAnalyzerAsync("class {|#0:BadOne|} { }", message is null ? expected : expected.WithMessage(message)),
            "1 expected, 1 found");
    }

    [Fact]
    public Task Fails_when_the_severity_is_wrong() => Failing.WithAsync(
        Verify.VerifyAnalyzerAsync("class {|#0:BadOne|} { }", new DiagnosticResult("TEST001", DiagnosticSeverity.Error).WithLocation(0)),
        "Error TEST001",
        "Info TEST001");

    [Fact]
    public Task Fails_when_a_location_is_expected_to_be_none() => Failing.WithAsync(
        Verify.VerifyAnalyzerAsync("class BadOne { }", Verify.Diagnostic("TEST001").WithNoLocation()), "(no location)");

    [Fact]
    public Task A_strict_expectation_finds_its_diagnostic_after_a_loose_one() => Verify.VerifyAnalyzerAsync(
        "class {|#0:BadOne|} { }\nclass {|#1:BadTwo|} { }",
        Verify.Diagnostic("TEST001").WithLocation(0),
        Verify.Diagnostic("TEST001").WithLocation(1).WithArguments("BadTwo"));

    [Fact]
    public Task A_whole_line() => Verify.VerifyAnalyzerAsync("\n    class BadOne { }", Verify.Diagnostic("TEST001").WithLine(2));

    [Fact]
    public Task Fails_when_the_line_is_wrong() => Failing.WithAsync(
        Verify.VerifyAnalyzerAsync("\nclass BadOne { }", Verify.Diagnostic("TEST001").WithLine(1)), "/0/Test0.cs(1,*): TEST001", "(2,7)");

    [Fact]
    public Task Says_that_a_key_is_unknown() => Failing.WithAsync(
        Verify.VerifyAnalyzerAsync("class BadOne { }", Verify.Diagnostic("TEST001").WithLocation(3)), "WithLocation(3)", "{|#3:…|}");

    [Fact]
    public Task Says_that_a_key_is_unused() => Failing.WithAsync(
        Verify.VerifyAnalyzerAsync("class {|#4:Fine|} { }"), "#4 is used by no expected diagnostic");

    [Fact]
    public Task Says_that_the_short_markup_is_ambiguous() => Failing.WithAsync(
        Verify.VerifyAnalyzerAsync("class [|BadOne|] { }"), "ambiguous", "DefaultDiagnosticId");

    [Fact]
    public Task Default_id_makes_the_short_markup_clear() => new CSharpAnalyzerTest<BadNameAnalyzer>
    {
        TestCode = "class [|BadOne|] { }",
        DefaultDiagnosticId = "TEST001",
    }.RunAsync();
}
