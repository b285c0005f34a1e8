using FenceSafety.Testing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FenceSafety.Analyzers.Tests.CodeFixes;

/// <summary>A test of one provider on code that uses the <see cref="Vocabulary"/>.</summary>
sealed class Fix<TProvider> : CSharpCodeFixTest<FenceSafetyAnalyzer, TProvider>
    where TProvider : CodeFixProvider, new()
{
    /// <summary>One file before and after; without the second no fix is offered.</summary>
    public static Task Code(string code, string? fixedCode = null) => Of(code, fixedCode).RunAsync();

    /// <summary>A program with top-level statements, before and after.</summary>
    public static Task Program(string code, string? fixedCode = null)
    {
        var test = Of(code, fixedCode);
        test.TestState.OutputKind = OutputKind.ConsoleApplication;
        return test.RunAsync();
    }

    /// <summary>The test, to set more before it is run.</summary>
    public static Fix<TProvider> Of(string code, string? fixedCode)
    {
        var test = new Fix<TProvider> { TestCode = code };
        if (fixedCode is not null)
        {
            test.FixedCode = fixedCode;
        }

        test.TestState.Sources.Add(("Usings.cs", Vocabulary.Usings));
        test.TestState.Sources.Add(("Vocabulary.cs", Vocabulary.Types));
        return test;
    }
}
