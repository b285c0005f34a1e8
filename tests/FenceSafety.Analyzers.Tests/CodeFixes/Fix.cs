using FenceSafety.Testing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FenceSafety.Analyzers.Tests.CodeFixes;

/// <summary>A test of one code fix on code that uses the <see cref="Vocabulary"/>. Without fixed code, no fix is offered.</summary>
sealed class Fix<TFix> : CSharpCodeFixTest<FenceSafetyAnalyzer, TFix>
    where TFix : CodeFixProvider, new()
{
    /// <summary>Members of <see cref="Hoist.Class"/>, before and after.</summary>
    public static Task Member(string member, string? fixedMember = null, int? applications = null)
        => Code(Hoist.Class(member), fixedMember is null ? null : Hoist.Class(fixedMember), applications);

    /// <summary>Files before and after, where one fix may make another possible.</summary>
    public static Task Code(string code, string? fixedCode = null, int? applications = null)
    {
        var test = Test(code, fixedCode);
        test.NumberOfIncrementalIterations = applications;
        return test.RunAsync();
    }

    /// <summary>A program with top-level statements, before and after.</summary>
    public static Task Program(string code, string? fixedCode = null)
    {
        var test = Test(code, fixedCode);
        test.TestState.OutputKind = OutputKind.ConsoleApplication;
        return test.RunAsync();
    }

    /// <summary>The test, to set more before it is run.</summary>
    public static Fix<TFix> Test(string code, string? fixedCode)
    {
        var test = new Fix<TFix> { TestCode = code };
        if (fixedCode is not null)
            test.FixedCode = fixedCode;
        test.TestState.Sources.Add(("Usings.cs", Vocabulary.Usings));
        test.TestState.Sources.Add(("Vocabulary.cs", Vocabulary.Types));
        return test;
    }
}
