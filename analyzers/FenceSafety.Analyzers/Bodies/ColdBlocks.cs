using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace FenceSafety.Analyzers.Bodies;

/// <summary>Blocks that always end in a throw or in a call that does not return. An endless loop is not cold.</summary>
static class ColdBlocks
{
    public static bool[] Find(ControlFlowGraph cfg, bool includeThrowPaths)
    {
        var cold = new bool[cfg.Blocks.Length];
        if (includeThrowPaths)
            return cold;
        bool changed = true;
        while (changed)
        {
            changed = false;
            for (int i = cfg.Blocks.Length - 1; i >= 0; i--)
            {
                if (cold[i] || !IsCold(cfg.Blocks[i], cold))
                    continue;
                cold[i] = true;
                changed = true;
            }
        }
        return cold;
    }

    static bool IsCold(BasicBlock block, bool[] cold)
    {
        if (block.Kind != BasicBlockKind.Block)
            return false;
        if (block.Operations.Any(NeverReturns) || (block.BranchValue is { } value && NeverReturns(value)))
            return true;
        var fall = block.FallThroughSuccessor;
        var conditional = block.ConditionalSuccessor;
        return fall is not null && Leads(fall) && (conditional is null || Leads(conditional));

        bool Leads(ControlFlowBranch branch) =>
            branch.Semantics is ControlFlowBranchSemantics.Throw or ControlFlowBranchSemantics.Rethrow
            || (branch.Destination is { } destination && cold[destination.Ordinal]);
    }

    static bool NeverReturns(IOperation operation)
    {
        foreach (var o in operation.DescendantsAndSelf())
        {
            if (o is IInvocationOperation call && call.TargetMethod.GetAttributes().Any(static a =>
                    a.AttributeClass is { Name: "DoesNotReturnAttribute", ContainingNamespace.Name: "CodeAnalysis" }))
                return true;
        }
        return false;
    }
}
