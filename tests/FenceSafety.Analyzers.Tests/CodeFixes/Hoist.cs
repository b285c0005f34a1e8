using FenceSafety.CodeFixes.HoistAllocation;
using FenceSafety.Testing;
using Microsoft.CodeAnalysis;

namespace FenceSafety.Analyzers.Tests.CodeFixes;

/// <summary>A test of <see cref="HoistAllocationCodeFixProvider"/> on code that uses the <see cref="Vocabulary"/>.</summary>
sealed class Hoist : CSharpCodeFixTest<FenceSafetyAnalyzer, HoistAllocationCodeFixProvider>
{
    /// <summary>Members of a class with locks that fence-critical code takes, before and after; without the second no fix is offered.</summary>
    public static Task Member(string member, string? fixedMember = null, int? applications = null)
        => Code(Class(member), fixedMember is null ? null : Class(fixedMember), applications);

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
    public static Hoist Test(string code, string? fixedCode)
    {
        var test = new Hoist { TestCode = code };
        if (fixedCode is not null)
            test.FixedCode = fixedCode;
        test.TestState.Sources.Add(("Usings.cs", Vocabulary.Usings));
        test.TestState.Sources.Add(("Vocabulary.cs", Vocabulary.Types));
        return test;
    }

    public static string Class(string member) => $$"""
        class C
        {
            [FenceSafeLock] readonly object _gate = new();
            [FenceSafeLock] readonly KMutex _mutex = new();
            [FenceSafeLock] readonly Lock _lock = new();
            [FenceSafeLock] readonly SemaphoreSlim _sem = new(1);
            readonly SpinGate _spin = new();
            readonly object _plain = new();
            readonly int _size = 1;
            object _page;
            int _count;

        {{member}}
        }
        """;
}
