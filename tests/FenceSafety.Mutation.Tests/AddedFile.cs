namespace FenceSafety.Mutation.Tests;

/// <summary>The file that a mutation adds to the runtime: what the mistakes are made with, and the ways to them.</summary>
internal static class AddedFile
{
    public const string Path = "Mutants.cs";

    public static string Source(Mutation mutation) =>
        $$"""
        // No field has an initialiser: a static constructor would be a mistake of its own.
        #nullable disable
        using System.Collections.Generic;
        using System.Runtime.InteropServices;
        using FenceSafety;
        using FenceSafety.Runtime.Fences;
        using FenceSafety.Runtime.Memory;

        namespace Mutants;

        internal static class Things
        {
            public static List<int> Numbers;
            public static DmaFence Fence;
            public static AllocatedBlocks Blocks;
            {{(mutation == Mutation.AllocatorLock ? "public static object Gate;" : "")}}

            [MayAllocate]
            public static void MayAllocate()
            {
            }

            {{(mutation == Mutation.AllocatorLock ? "public static void Refill() { lock (Gate) { MayAllocate(); } }" : "")}}

            [DllImport("elsewhere")]
            public static extern void Outside();

            public static void Nothing()
            {
            }
        }

        internal static class First
        {
            public static void Call() => Second.Call();
        }

        internal static class Second
        {
            public static void Call() => Third.Call();
        }

        internal static class Third
        {
            public static void Call()
            {
                {{mutation.Statement}}
            }
        }

        internal interface IWay
        {
            void Call();
        }

        internal sealed class Way : IWay
        {
            public void Call()
            {
                {{mutation.Statement}}
            }
        }

        internal static class Ways
        {
            public static IWay Way;
        }
        """;

    /// <summary>What is inserted into the critical body.</summary>
    public static string Inserted(Mutation mutation, Route route) => route switch
    {
        Route.ThroughThreeCalls => "global::Mutants.First.Call();",
        Route.ThroughAnInterface => "global::Mutants.Ways.Way.Call();",
        _ => mutation.Statement,
    };
}
