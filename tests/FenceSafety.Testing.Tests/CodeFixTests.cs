using FenceSafety.Testing.Tests.Subjects;
using Microsoft.CodeAnalysis.CodeFixes;
using Verify = FenceSafety.Testing.CSharpCodeFixVerifier<
    FenceSafety.Testing.Tests.Subjects.SingleRuleAnalyzer, FenceSafety.Testing.Tests.Subjects.GoodFix>;

namespace FenceSafety.Testing.Tests;

public class CodeFixTests
{
    const string Two = "class [|BadOne|] { }\nclass [|BadTwo|] { }";
    const string TwoFixed = "class GoodOne { }\nclass GoodTwo { }";

    static CSharpCodeFixTest<SingleRuleAnalyzer, T> Test<T>(string code = Two, string fixedCode = TwoFixed)
        where T : CodeFixProvider, new()
        => new() { TestCode = code, FixedCode = fixedCode };

    [Fact]
    public Task Single_fixes_and_fix_all_agree() => Verify.VerifyCodeFixAsync(Two, TwoFixed);

    [Fact]
    public Task Expected_diagnostics_besides_the_markup() => Verify.VerifyCodeFixAsync(
        "class {|#0:BadOne|} { }", Verify.Diagnostic().WithLocation(0).WithArguments("BadOne"), "class GoodOne { }");

    [Fact]
    public Task Fails_when_the_fixed_code_differs() => Failing.WithAsync(
        Verify.VerifyCodeFixAsync("class [|BadOne|] { }", "class GoodTwo { }"), "After single fixes", "in line 1", "'class GoodOne { }'");

    [Fact]
    public Task Fails_when_the_test_code_has_other_diagnostics() => Failing.WithAsync(
        Verify.VerifyCodeFixAsync("class BadOne { }", "class GoodOne { }"), "Test code", "found and not expected");

    [Fact]
    public Task Fails_when_the_fix_does_not_compile() => Failing.WithAsync(
        Test<BrokenFix>("class [|BadOne|] { }", "class 1 { }").RunAsync(), "does not compile", "CS1001");

    [Fact]
    public Task Fails_when_the_diagnostic_stays() => Failing.WithAsync(
        Test<UselessFix>("class [|BadOne|] { }", "class BadOneX { }").RunAsync(), "does not remove its TEST001");

    [Fact]
    public Task Fails_when_a_new_diagnostic_appears() => Failing.WithAsync(Worse().RunAsync(), "brings new diagnostics", "TEST002");

    [Fact]
    public Task A_new_diagnostic_can_be_allowed_and_expected()
    {
        var test = Worse();
        test.CodeFixTestBehaviors = CodeFixTestBehaviors.AllowNewDiagnostics;
        return test.RunAsync();
    }

    static CSharpCodeFixTest<BadNameAnalyzer, WorseFix> Worse() => new()
    {
        TestCode = "class {|TEST001:BadOne|} { }",
        FixedCode = "class {|TEST002:OffOne|} { }",
        EnabledDiagnostics = { "TEST002" },
    };

    [Fact]
    public Task Fails_when_fix_all_disagrees() => Failing.WithAsync(Test<DisagreeingFix>().RunAsync(), "Fix All (Document)", "'class FineOne { }'");

    [Fact]
    public async Task Fix_all_may_differ_where_the_test_says_so()
    {
        var test = Test<DisagreeingFix>();
        test.BatchFixedState.Sources.Add("class FineOne { }\nclass FineTwo { }");
        await test.RunAsync();
    }

    [Fact]
    public Task Fails_when_fix_all_leaves_something() => Failing.WithAsync(Test<LazyFix>().RunAsync(), "Fix All (Document) leaves", "BadTwo");

    [Fact]
    public Task Fix_all_over_documents_and_projects()
    {
        var test = Test<GoodFix>();
        test.TestState.Sources.Add("class [|BadThree|] { }");
        test.FixedState.Sources.Add("class GoodThree { }");
        test.TestState.AdditionalProjects["Library"].Sources.Add("class [|BadInLib|] { }");
        test.FixedState.AdditionalProjects["Library"].Sources.Add("class GoodInLib { }");
        test.TestState.Sources.Add(("Untouched.cs", "class Fine { }"));
        return test.RunAsync();
    }

    [Fact]
    public Task Second_fix_by_index()
    {
        var test = Test<GoodFix>(fixedCode: "class FineOne { }\nclass FineTwo { }");
        test.CodeActionIndex = 1;
        return test.RunAsync();
    }

    [Fact]
    public Task Second_fix_by_key()
    {
        var test = Test<GoodFix>(fixedCode: "class FineOne { }\nclass FineTwo { }");
        test.CodeActionEquivalenceKey = "fine";
        return test.RunAsync();
    }

    [Fact]
    public Task Fails_when_index_and_key_disagree()
    {
        var test = Test<GoodFix>();
        test.CodeActionIndex = 1;
        test.CodeActionEquivalenceKey = "good";
        return Failing.WithAsync(test.RunAsync(), "number 1 has the key 'fine', not 'good'");
    }

    [Fact]
    public Task Fails_and_lists_what_is_offered_when_the_key_is_not()
    {
        var test = Test<GoodFix>();
        test.CodeActionEquivalenceKey = "better";
        return Failing.WithAsync(test.RunAsync(), "the fix 'better' is never offered", "'good' (good), 'fine' (fine)");
    }

    [Fact]
    public Task One_fix_only()
    {
        var test = Test<GoodFix>(fixedCode: "class GoodOne { }\nclass [|BadTwo|] { }");
        test.CodeFixTestBehaviors = CodeFixTestBehaviors.FixOne;
        return test.RunAsync();
    }

    [Fact]
    public Task Fails_when_the_number_of_fixes_differs()
    {
        var test = Test<GoodFix>();
        test.NumberOfIncrementalIterations = 3;
        return Failing.WithAsync(test.RunAsync(), "3 single fixes expected, 2 applied");
    }

    [Fact]
    public Task No_fix_offered() => CSharpCodeFixVerifier<SingleRuleAnalyzer, RefusingFix>.VerifyNoCodeFixAsync(Two);

    [Fact]
    public Task Fails_when_a_fix_is_offered_and_none_expected() => Failing.WithAsync(
        Verify.VerifyNoCodeFixAsync(Two), "No fix is expected", "'good' for /0/Test0.cs(1,7)");

    [Fact]
    public Task Fails_when_nothing_could_have_been_offered() => Failing.WithAsync(Verify.VerifyNoCodeFixAsync("class Fine { }"), "proves nothing");
}
