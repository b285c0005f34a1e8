using FenceSafety.Testing.Tests.Subjects;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Verify = FenceSafety.Testing.CSharpAnalyzerVerifier<FenceSafety.Testing.Tests.Subjects.BadNameAnalyzer>;

namespace FenceSafety.Testing.Tests;

public class OptionTests
{
    const string Broken = "class {|TEST001:BadOne|} : Nothing { }";

    [Fact]
    public Task Code_that_does_not_compile_fails() => Failing.WithAsync(Verify.VerifyAnalyzerAsync(Broken), "CS0246", "Nothing");

    [Fact]
    public Task Errors_can_be_tolerated()
        => new CSharpAnalyzerTest<BadNameAnalyzer> { TestCode = Broken, CompilerDiagnostics = CompilerDiagnostics.None }.RunAsync();

    [Fact]
    public Task An_error_can_be_expected() => Verify.VerifyAnalyzerAsync(
        "class Fine : {|#0:Nothing|} { }", DiagnosticResult.CompilerError("CS0246").WithLocation(0));

    [Fact]
    public Task Warnings_of_the_compiler_count_when_asked()
    {
        var test = new CSharpAnalyzerTest<BadNameAnalyzer>
        {
            TestCode = "class Fine { void M() { int {|CS0168:x|}; } }",
            CompilerDiagnostics = CompilerDiagnostics.Warnings,
        };
        return test.RunAsync();
    }

    [Fact]
    public Task A_rule_that_is_off_by_default_is_off() => Verify.VerifyAnalyzerAsync("class OffOne { }");

    [Fact]
    public Task A_rule_that_is_off_can_be_enabled()
        => new CSharpAnalyzerTest<BadNameAnalyzer> { TestCode = "class {|TEST002:OffOne|} { }", EnabledDiagnostics = { "TEST002" } }.RunAsync();

    [Fact]
    public Task A_rule_can_be_disabled()
        => new CSharpAnalyzerTest<BadNameAnalyzer> { TestCode = "class BadOne { }", DisabledDiagnostics = { "TEST001" } }.RunAsync();

    [Fact]
    public Task A_pragma_suppresses() => Verify.VerifyAnalyzerAsync(
        "#pragma warning disable TEST001\nclass BadOne { }\n#pragma warning restore TEST001\nclass {|TEST001:BadTwo|} { }");

    [Fact]
    public Task Preprocessor_symbols()
    {
        const string Code = "#if SPECIAL\nclass {|TEST001:BadOne|} { }\n#endif";
        return new CSharpAnalyzerTest<BadNameAnalyzer> { TestCode = Code, Options = { PreprocessorSymbols = { "SPECIAL" } } }.RunAsync();
    }

    [Fact]
    public Task Language_version() => Failing.WithAsync(
        new CSharpAnalyzerTest<BadNameAnalyzer> { TestCode = "namespace N;", Options = { LanguageVersion = LanguageVersion.CSharp9 } }.RunAsync(),
        "CS8773");

    [Fact]
    public Task Top_level_statements() => new CSharpAnalyzerTest<BadNameAnalyzer>
    {
        TestCode = "System.Console.WriteLine();\nclass {|TEST001:BadOne|} { }",
        TestState = { OutputKind = OutputKind.ConsoleApplication },
    }.RunAsync();

    [Fact]
    public Task Annotations_are_referenced() => Verify.VerifyAnalyzerAsync(
        "using FenceSafety; class C { [FenceCritical] void Run() { } }");

    [Fact]
    public Task Editorconfig_severity()
    {
        var test = new CSharpAnalyzerTest<BadNameAnalyzer> { TestCode = "class {|#0:BadOne|} { }" };
        test.TestState.AnalyzerConfigFiles.Add((".editorconfig", "root = true\n[*.cs]\ndotnet_diagnostic.TEST001.severity = error"));
        test.ExpectedDiagnostics.Add(new DiagnosticResult("TEST001", DiagnosticSeverity.Error).WithLocation(0));
        return test.RunAsync();
    }

    [Fact]
    public Task Additional_files_and_global_options()
    {
        var test = new CSharpAnalyzerTest<FileAnalyzer> { TestCode = "class C { }" };
        test.TestState.AdditionalFiles.Add(("a.fence.txt", "good\n{|TEST003:bad line|}"));
        test.TestState.AdditionalFiles.Add(("b.fence.txt", "{|#0:bad|}"));
        test.TestState.AnalyzerConfigFiles.Add(("/.globalconfig", "is_global = true\ntest.complain = nonsense"));
        test.ExpectedDiagnostics.Add(new DiagnosticResult("TEST003").WithLocation(0).WithArguments("/0/b.fence.txt"));
        test.ExpectedDiagnostics.Add(new DiagnosticResult("TEST003").WithNoLocation().WithArguments("nonsense"));
        return test.RunAsync();
    }

    [Theory]
    [InlineData(ProjectReferenceKind.Compilation)]
    [InlineData(ProjectReferenceKind.MetadataImage)]
    public Task Another_assembly(ProjectReferenceKind kind)
    {
        var test = new CSharpAnalyzerTest<BadNameAnalyzer> { TestCode = "class {|TEST001:BadOne|} : Lib { }", Options = { ReferenceKind = kind } };
        test.TestState.AdditionalProjects["Library"].Sources.Add("public class Lib { }\nclass {|TEST001:BadInLib|} { }");
        test.TestState.AdditionalProjectReferences.Add("Library");
        return test.RunAsync();
    }

    [Fact]
    public Task Says_that_a_referenced_project_does_not_compile()
    {
        var test = new CSharpAnalyzerTest<BadNameAnalyzer> { TestCode = "class C { }", Options = { ReferenceKind = ProjectReferenceKind.MetadataImage } };
        test.TestState.AdditionalProjects["Library"].Sources.Add("class Lib : Nothing { }");
        test.TestState.AdditionalProjectReferences.Add("Library");
        return Failing.WithAsync(test.RunAsync(), "The project Library does not compile", "CS0246");
    }

    [Fact]
    public Task Says_that_a_referenced_project_is_missing()
    {
        var test = new CSharpAnalyzerTest<BadNameAnalyzer> { TestCode = "class C { }" };
        test.TestState.AdditionalProjectReferences.Add("Nowhere");
        return Failing.WithAsync(test.RunAsync(), "references Nowhere");
    }
}
