using System.Collections.Immutable;
using FenceSafety.Core;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Flow;
using FenceSafety.Core.Summaries;

namespace FenceSafety.Differential.Tests.Power;

using LockKind = FenceSafety.Core.Facts.LockKind;

/// <summary>The defects that the generated programs must find.</summary>
internal static class Defects
{
    public static ImmutableArray<Defect> All { get; } =
    [
        // Control flow
        new("finally blocks are ignored") { Drops = (op, at) => IsEvent(op) && at.IsInFinally(op.Span) },
        new("catch blocks are ignored") { Drops = (op, at) => IsEvent(op) && at.IsInCatch(op.Span) },
        new("else branches are ignored") { Drops = (op, at) => IsEvent(op) && at.IsInElse(op.Span) },
        new("switch sections are ignored") { Drops = (op, at) => IsEvent(op) && at.IsInSwitch(op.Span) },
        new("loop bodies are ignored") { Drops = (op, at) => IsEvent(op) && at.IsInLoop(op.Span) },
        new("loops run once") { Body = BodyEdits.WithoutBackEdges },
        new("locks are forgotten behind a loop") { Body = BodyEdits.ReleasedAfterLoops },

        new("exceptions lead nowhere") { Body = f => BodyEdits.MapBlocks(f, b => b with { Handlers = [], Rethrows = [] }) },
        new("what a callee throws is not caught") { Body = f => BodyEdits.MapBlocks(f, b => b with { Handlers = [] }) },
        new("what a body throws itself is not caught") { Body = f => BodyEdits.MapBlocks(f, b => b with { Rethrows = [] }) },

        // Locks
        new("try-locks are ignored") { Drops = (op, _) => op is AcquireOp { Result: >= 0, Certain: false } },
        new("guards are ignored") { Drops = (op, _) => op is AcquireOp { Guard: >= 0 } a && IsLock(a) },
        new("shared counts as no lock") { Drops = (op, _) => op is AcquireOp { Mode.Shared: true } },
        new("spin locks count as sleeping") { Maps = op => op is AcquireOp { Mode.Kind: LockKind.Spin } a ? a with { Mode = LockMode.Sleeping } : op },
        new("array elements are no locks") { Maps = op => BodyEdits.MapValues(op, v => v is Value.Element ? Value.None : v) },
        new("typeof is no lock") { Maps = op => BodyEdits.MapValues(op, v => v is Value.TypeOf ? Value.None : v) },
        new("instance fields are no locks") { Maps = op => BodyEdits.MapValues(op, v => v is Value.Field { Base: not null } ? Value.None : v) },
        new("a retaken lock is forgotten") { Body = BodyEdits.WithoutRetakes },
        new("a lock that a callee takes for its caller is forgotten") { Body = BodyEdits.WithoutLocksForCallers },
        new("injected locks are not followed") { Maps = op => BodyEdits.MapValues(op, v => v is Value.Field f ? f with { Lock = f.Lock with { InjectedBy = null } } : v) },
        new("RequiresLock is ignored") { Drops = (op, _) => op is RequireOp or HeldOnEntryOp },
        new("a required lock is not held on entry") { Drops = (op, _) => op is HeldOnEntryOp },
        new("two locks nested twice are taken for one") { Keeps = f => !(f.Rule == "FENCE005" && f.Message.Contains("of another object", StringComparison.Ordinal)) },

        // Calls
        new("parameters are not substituted") { Maps = op => op is CallOp call ? call with { Arguments = [.. call.Arguments.Select(_ => Value.None)] } : op },
        new("delegates are not called") { Drops = (op, _) => op is CallOp { Target: CallTarget.Invoke } },
        new("lambdas and local functions do nothing") { Body = f => f.Parent is null ? f : BodyEdits.MapOps(f, _ => []) },
        new("overrides are ignored") { Dispatch = (method, d) => d.Targets.Contains(method) ? d with { Targets = [method] } : d },
        new("only one implementation is followed") { Dispatch = (_, d) => d with { Targets = [.. d.Targets.Take(1)] } },
        new("constrained calls are ignored") { Drops = (op, _) => op is CallOp { Target: CallTarget.Constrained } },
        new("constructors are ignored") { Drops = (op, _) => Calls(op, "#ctor") },
        new("property accessors are ignored") { Drops = (op, _) => Calls(op, ".get_") },
        new("indexers are ignored") { Drops = (op, _) => Calls(op, ".get_Item(") },
        new("static constructors are ignored") { Drops = (op, _) => Calls(op, "#cctor") },
        new("handlers of interpolated strings are ignored") { Drops = (op, _) => Calls(op, ".AppendFormatted(") },
        new("the disposal of structs is ignored") { Drops = (op, _) => Calls(op, ".Dispose") },
        new("enumerators are ignored") { Drops = (op, _) => Calls(op, ".MoveNext") },
        new("operators are ignored") { Drops = (op, _) => Calls(op, ".op_") },
        new("iterators never run") { Maps = op => op is CallOp call ? call with { Enumerates = false } : op },
        new("delegates in fields are not followed") { ForgetsWriters = true },
        new("chains end after three calls") { Keeps = f => f.Hops.Length < 3 },

        // Several assemblies
        new("edges of references are ignored") { ForgetsExternalEdges = true, IsAcrossAssemblies = true },
        new("effects of references are ignored") { External = m => m with { Summary = Summary.Empty }, IsAcrossAssemblies = true },
        new("locks that references leave held are ignored") { External = m => m with { Signature = Signature.Empty }, IsAcrossAssemblies = true },
        new("iterators of references never run") { Maps = op => op is CallOp call ? call with { Enumerates = false } : op, IsAcrossAssemblies = true },
        new("implementations in references are ignored") { External = m => m with { Implementations = [] }, IsAcrossAssemblies = true },

        new("what a library does under its caller's lock is ignored") { External = m => m with { Summary = new Summary(m.Summary.Reaches, []) }, IsAcrossAssemblies = true },
        new("annotation files are not read for an application") { ForgetsAnnotations = true, IsAcrossAssemblies = true },

        // Options and declarations
        new("annotation files are not read") { ForgetsAnnotations = true },
        new("managed allocations never block") { Options = o => o with { ManagedAllocations = ManagedAllocations.Report } },
        new("rules apply on paths from an annotation alone") { Options = o => o with { Scope = RuleScope.Critical } },
        new("visible members answer for themselves alone") { Keeps = f => f.Rule != "FENCE012" || f.Hops.Length < 2 },

        // Effects and contexts
        new("flags count as not blocking") { Contract = c => c.FlagsParameter >= 0 ? c with { MayAllocate = false } : c },
        new("fence waits are ignored") { Contract = c => c with { WaitsForFence = false } },
        new("waits of the framework are ignored") { Drops = (op, _) => Calls(op, "ManualResetEventSlim.Wait") },
        new("boxing is ignored") { Drops = (op, _) => op is EffectOp { Detail: "boxing" } },
        new("strings are ignored") { Drops = (op, _) => op is EffectOp { Detail: "string" or "concatenation" or "interpolation" } },
        new("regions are ignored") { Drops = (op, _) => op is AcquireOp { Mode.Kind: LockKind.Region } },
        new("reclaim leads to no fence") { Options = o => o with { ReclaimWaitsForFences = false } },
        new("RunsInReclaim is ignored") { Contract = c => c with { RunsInReclaim = false } },
        new("RunsAtomic is ignored") { Contract = c => c with { RunsAtomic = false } },
        new("conversions to critical delegates are ignored") { Drops = (op, _) => op is CriticalConversionOp },

        // Values
        new("values need not be consumed") { Drops = (op, _) => op is AcquireOp { Mode.Kind: LockKind.Obligation } },
        new("counted objects are not followed") { Drops = (op, _) => op is FoundOp },
        new("snapshots are not followed") { Drops = (op, _) => op is SnapshotOp },
    ];

    private static bool IsEvent(Op op) => op is CallOp or AcquireOp or EffectOp;

    private static bool IsLock(AcquireOp op) => op.Mode.Kind is LockKind.Sleeping or LockKind.Spin;

    private static bool Calls(Op op, string part) =>
        op is CallOp { Target: CallTarget.Exact { Method: var method } } && method.Contains(part, StringComparison.Ordinal);
}
