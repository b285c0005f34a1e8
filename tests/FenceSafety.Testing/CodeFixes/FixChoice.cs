using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FenceSafety.Testing.CodeFixes;

/// <summary>The fix that a test wants of those that are offered: by key, by place in the list, or both.</summary>
sealed record FixChoice(int? Index, string? EquivalenceKey)
{
    /// <summary>All that the provider offers for one diagnostic, nested actions flattened, in order.</summary>
    public static async Task<ImmutableArray<CodeAction>> OfferedAsync(
        CodeFixProvider provider, Document document, Diagnostic diagnostic, CancellationToken cancel)
    {
        var offered = ImmutableArray.CreateBuilder<CodeAction>();
        var context = new CodeFixContext(document, diagnostic, (action, _) => Flatten(action, offered), cancel);
        await provider.RegisterCodeFixesAsync(context).ConfigureAwait(false);
        return offered.ToImmutable();
    }

    /// <summary>The wanted one, or null if it is not offered.</summary>
    public CodeAction? Of(ImmutableArray<CodeAction> offered)
    {
        if (Index is not { } index)
        {
            return EquivalenceKey is null ? offered.FirstOrDefault() : offered.FirstOrDefault(a => a.EquivalenceKey == EquivalenceKey);
        }

        var action = index < offered.Length ? offered[index] : null;
        return action is null || EquivalenceKey is null || action.EquivalenceKey == EquivalenceKey
            ? action
            : throw new VerificationException($"The fix number {index} has the key '{action.EquivalenceKey}', not '{EquivalenceKey}'.");
    }

    public override string ToString()
        => (Index, EquivalenceKey) switch
        {
            (null, null) => "any fix",
            ({ } index, null) => $"the fix number {index}",
            (_, { } key) => $"the fix '{key}'",
        };

    static void Flatten(CodeAction action, ImmutableArray<CodeAction>.Builder into)
    {
        if (action.NestedActions.IsEmpty)
        {
            into.Add(action);
            return;
        }

        foreach (var nested in action.NestedActions)
        {
            Flatten(nested, into);
        }
    }
}
