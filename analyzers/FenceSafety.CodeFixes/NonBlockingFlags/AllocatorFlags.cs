using System.Globalization;
using FenceSafety.Analyzers.Annotations;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace FenceSafety.CodeFixes.NonBlockingFlags;

/// <summary>The enum by which an allocator is told how to get its memory, and the bits that let it wait.</summary>
sealed class AllocatorFlags(INamedTypeSymbol type, ulong blocking)
{
    /// <summary>What members that never wait are called; the first that exists is taken where no other bit is left.</summary>
    static readonly string[] Conventions = { "NoWait", "Nowait", "NonBlocking", "Atomic", "NoReclaim" };

    public static AllocatorFlags? Of(IOperation call)
    {
        var method = call is IInvocationOperation i ? i.TargetMethod : ((IObjectCreationOperation)call).Constructor;
        for (var m = method?.OriginalDefinition; m is not null; m = m.OverriddenMethod?.OriginalDefinition)
        {
            foreach (var attribute in m.GetAttributes().Where(static a => Attributes.NameOf(a) == Attributes.MayAllocate))
            {
                string? name = attribute.NamedArguments.FirstOrDefault(static n => n.Key == "FlagsParameter").Value.Value as string;
                object? bits = attribute.NamedArguments.FirstOrDefault(static n => n.Key == "BlockingFlags").Value.Value;
                if (bits is not null && m.Parameters.FirstOrDefault(p => p.Name == name)?.Type is INamedTypeSymbol { TypeKind: TypeKind.Enum } flags)
                    return new AllocatorFlags(flags, Bits(bits));
            }
        }
        return null;
    }

    public bool Blocks(IOperation argument) =>
        SymbolEqualityComparer.Default.Equals(argument.Type, type) && argument.ConstantValue is { HasValue: true, Value: { } value } && (Bits(value) & blocking) != 0;

    /// <summary>The other bits stay. Without any, the member that says that it never waits, or the one that is zero.</summary>
    public string NonBlocking(IOperation argument, SemanticModel model, int position)
    {
        ulong rest = Bits(argument.ConstantValue.Value!) & ~blocking;
        string name = type.ToMinimalDisplayString(model, position);
        var members = type.GetMembers().OfType<IFieldSymbol>().Where(static f => f.HasConstantValue).Select(static f => (f.Name, Bits: Bits(f.ConstantValue!))).ToList();
        if (rest == 0)
        {
            var convention = Conventions.Select(c => members.FirstOrDefault(m => m.Name == c && (m.Bits & blocking) == 0).Name).FirstOrDefault(static n => n is not null);
            string? zero = convention ?? members.FirstOrDefault(static m => m.Bits == 0).Name;
            return zero is null ? "default(" + name + ")" : name + "." + zero;
        }
        if (members.FirstOrDefault(m => m.Bits == rest).Name is { } same)
            return name + "." + same;
        var parts = new List<string>();
        ulong left = rest;
        foreach (var (part, bits) in members.Where(m => m.Bits != 0 && (m.Bits & ~rest) == 0).OrderByDescending(static m => m.Bits))
        {
            if ((left & bits) == 0)
                continue;
            left &= ~bits;
            parts.Insert(0, name + "." + part);
        }
        return left == 0 ? string.Join(" | ", parts) : "(" + name + ")" + rest.ToString(CultureInfo.InvariantCulture);
    }

    static ulong Bits(object value) => value is ulong u ? u : unchecked((ulong)Convert.ToInt64(value, CultureInfo.InvariantCulture));
}
