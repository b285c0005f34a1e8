using System.Collections.Immutable;
using FenceSafety.CodeFixes.HoistAllocation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace FenceSafety.CodeFixes.RetryAllocation;

/// <summary>
/// What the allocation needs from under the lock: arguments that can be carried out in a local, and compared at the second look. All
/// else must have the same value, and touch nothing that the lock guards, without it.
/// </summary>
sealed class RetryInputs(SemanticModel model, Target target, Func<ISymbol, bool> isInside, Quiet quiet, CancellationToken cancel)
{
    readonly INamedTypeSymbol? _home = model.GetEnclosingSymbol(target.Syntax.SpanStart, cancel)?.ContainingType;
    readonly ImmutableArray<Captured>.Builder _captured = ImmutableArray.CreateBuilder<Captured>();

    /// <summary>Null if the allocation has to stay.</summary>
    public ImmutableArray<Captured>? Captured()
    {
        if (IsFree(target.Operation))
            return ImmutableArray<Captured>.Empty;
        bool fine = Called(target.Operation) switch
        {
            IInvocationOperation call => (call.Instance is null || IsFree(call.Instance)) && call.Arguments.All(Argument) && New().Accepts(call),
            IObjectCreationOperation { Initializer: null } made => made.Arguments.All(Argument) && New().Accepts(made),
            IArrayCreationOperation { Initializer: null } array => array.DimensionSizes.All(s => IsFree(s) || Capture(s, "length")),
            _ => false,
        };
        return fine ? _captured.ToImmutable() : null;
    }

    /// <summary>Without the <c>await</c> and its <c>ConfigureAwait</c>.</summary>
    static IOperation Called(IOperation operation) => operation switch
    {
        IAwaitOperation { Operation: IInvocationOperation { TargetMethod.Name: "ConfigureAwait", Instance: { } task } } => task,
        IAwaitOperation a => a.Operation,
        _ => operation,
    };

    bool IsFree(IOperation operation)
    {
        var inputs = new Inputs(New());
        return inputs.Are(operation) && !inputs.Needed.Any(isInside);
    }

    /// <summary>What was seen once counts as accepted, so each question is asked afresh.</summary>
    Callees New() => new(model.Compilation, _home, cancel);

    bool Argument(IArgumentOperation argument) => IsFree(argument)
        || (argument.Parameter is { RefKind: RefKind.None, IsParams: false } parameter && Capture(argument.Value, parameter.Name));

    bool Capture(IOperation value, string wish)
    {
        if (value.Syntax is not ExpressionSyntax syntax || syntax.ToString().Contains('\n') || !quiet.Is(value)
            || model.GetTypeInfo(syntax, cancel).Type is not { } type || !IsCompared(type))
        {
            return false;
        }
        _captured.Add(new Captured(syntax, wish, type));
        return true;
    }

    /// <summary>Equal means interchangeable.</summary>
    static bool IsCompared(ITypeSymbol type) => type.TypeKind == TypeKind.Enum
        || type.SpecialType is SpecialType.System_Boolean or SpecialType.System_Char or SpecialType.System_String or SpecialType.System_IntPtr or SpecialType.System_UIntPtr
            or (>= SpecialType.System_SByte and <= SpecialType.System_UInt64);
}
