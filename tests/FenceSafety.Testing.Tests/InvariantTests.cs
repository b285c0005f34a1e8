using FenceSafety.Testing.Tests.Subjects;
using Microsoft.CodeAnalysis.Diagnostics;

namespace FenceSafety.Testing.Tests;

/// <summary>The asserts that no test has to ask for: no crash, local, deterministic.</summary>
public class InvariantTests
{
    static CSharpAnalyzerTest<T> Test<T>(params string[] sources)
        where T : DiagnosticAnalyzer, new()
    {
        var test = new CSharpAnalyzerTest<T>();
        Array.ForEach(sources, test.TestState.Sources.Add);
        return test;
    }

    [Fact]
    public Task A_good_analyzer_passes_with_many_files()
        => Test<BadNameAnalyzer>("class {|TEST001:BadOne|} { }", "class {|TEST001:BadTwo|} { }", "class Fine { }", "class {|TEST001:BadThree|} { }").RunAsync();

    [Fact]
    public Task Fails_when_the_analyzer_throws()
        => Failing.WithAsync(Test<CrashingAnalyzer>("class BadOne { }").RunAsync(), "CrashingAnalyzer threw", "AD0001", "the subject crashes");

    [Fact]
    public Task A_crash_fails_even_when_compiler_errors_are_tolerated()
    {
        var test = Test<CrashingAnalyzer>("class BadOne {");
        test.CompilerDiagnostics = CompilerDiagnostics.None;
        return Failing.WithAsync(test.RunAsync(), "the subject crashes");
    }

    [Fact]
    public Task Fails_when_reported_at_compilation_end()
        => Failing.WithAsync(Test<CompilationEndAnalyzer>("class {|TEST001:BadOne|} { }").RunAsync(), "Not local", "level of the compilation", "BadOne");

    [Fact]
    public Task Fails_when_reported_in_another_file()
        => Failing.WithAsync(
            Test<CalleeAnalyzer>("class A { void M() => B.N(); }", "class B { public static void {|TEST001:N|}() { } }").RunAsync(), "Not local");

    [Fact]
    public Task Fails_when_a_document_alone_gives_something_else()
        => Failing.WithAsync(
            Test<StatefulAnalyzer>("class BadOne { }", "class {|TEST001:BadTwo|} { }").RunAsync(),
            "Not local",
            "by itself gives other diagnostics",
            "only when the whole compilation is analysed");

    [Fact]
    public Task Fails_when_each_run_says_something_else()
        => Failing.WithAsync(Test<RandomAnalyzer>("class BadOne { }").RunAsync(), "Not deterministic");

    [Fact]
    public Task Fails_when_the_order_of_two_files_matters()
        => Failing.WithAsync(
            Test<FirstFileAnalyzer>("class {|TEST001:BadOne|} { }", "class Fine { }").RunAsync(), "Not deterministic", "in reverse order", "Test1.cs");

    [Fact]
    public Task Fails_when_the_order_of_many_files_matters()
        => Failing.WithAsync(
            Test<FirstFileAnalyzer>("class {|TEST001:BadOne|} { }", "class A { }", "class B { }", "class C { }").RunAsync(), "Not deterministic", "seed");

    [Fact]
    public Task Fails_when_only_a_property_depends_on_the_order()
        => Failing.WithAsync(
            Test<FirstFilePropertyAnalyzer>("class {|TEST001:BadOne|} { }", "class Fine { }").RunAsync(), "Not deterministic", "first=/0/Test1.cs");

    [Fact]
    public Task Fails_when_the_analyzer_remembers_the_last_run()
        => Failing.WithAsync(Test<ForgetfulAnalyzer>("class {|TEST001:BadOne|} { }").RunAsync(), "again with the same analyzer instance");

    [Fact]
    public Task Fails_when_concurrency_matters()
        => Failing.WithAsync(Test<ScheduleAnalyzer>("class BadTwo { }\nclass BadOne { }").RunAsync(), "without concurrency");
}
