using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.Analyzers.Tests.Framework.Table;

/// <summary>A call of a member.</summary>
/// <param name="Member">Documentation-comment id of its definition.</param>
readonly record struct Call(string Member, TextSpan At);

/// <summary>Finds what methods call, by operations.</summary>
static class FrameworkCalls
{
    /// <summary>The calls in a method that go to other assemblies.</summary>
    public static HashSet<Call> In(SemanticModel model, MethodDeclarationSyntax method)
    {
        var calls = new HashSet<Call>();
        foreach (var operation in model.GetOperation(method)!.DescendantsAndSelf())
        {
            switch (operation)
            {
                case IInvocationOperation call:
                    Add(call.TargetMethod, call);
                    break;
                case IObjectCreationOperation creation:
                    Add(creation.Constructor, creation);
                    break;
                case IPropertyReferenceOperation { Parent: IAssignmentOperation assignment } written when assignment.Target == written:
                    Add(written.Property.SetMethod, written);
                    break;
                case IPropertyReferenceOperation read:
                    Add(read.Property.GetMethod, read);
                    break;
                case IBinaryOperation binary:
                    Add(binary.OperatorMethod, binary);
                    break;
                case IConversionOperation conversion:
                    Add(conversion.OperatorMethod, conversion);
                    break;
                case IForEachLoopOperation loop:
                    // Its calls are no operations of their own: they are at its collection.
                    Add(model.GetForEachStatementInfo((ForEachStatementSyntax)loop.Syntax).GetEnumeratorMethod, loop.Collection);
                    break;
            }
        }

        return calls;

        void Add(IMethodSymbol? member, IOperation at)
        {
            var definition = (member?.ReducedFrom ?? member)?.OriginalDefinition;
            if (definition is { DeclaringSyntaxReferences.Length: 0 } && definition.GetDocumentationCommentId() is { } id)
                calls.Add(new Call(id, at.Syntax.Span));
        }
    }
}
