using FenceSafety.Analyzers.Live;
using FenceSafety.Analyzers.Program;
using FenceSafety.Benchmarks.Analyzer;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FenceSafety.Analyzers.Tests.Live;

/// <summary>The index of names answers from raw text and then from tokens: just what the tokens of all members say.</summary>
public class IdentifierIndexTests
{
    static readonly string[] s_texts =
    [
        "class C { void M() { /* Enter */ @lock.\\u0045nter(\"Exit\", $\"{Wait}\", @\"a\"\"Release\", '\\'', \"\"\"Take \"{0}\" \"\"\"); } // Enter\n void N() => Exit(); }",
        "class Zwei\u200dWort : Base<Key> { Zwei\u200dWort() : base(Arg) { } C x = new(1), y = new C(2); int Größe => größe\u00a0+ Ελ; }",
        "[assembly: Mark(typeof(T))] [Attr] enum E { A = B } delegate void D(P p); interface I { int this[int i] { get; } }",
        "class P(int a, Q b) : R(a)\n{\n#if NEVER\n void Disabled() { Enter(); }\n#endif\n event Action Changed { add { Wait(); } remove { } }\n}",
        "global using X; Call(); void Local() { lock (Gate) { } } record struct S(int A);",
        "class Broken { void M( { lock } Enter( ; } } Stray",
        "class A { }",
        "",
    ];

    public static TheoryData<string> Texts => new(s_texts);

    [Theory]
    [MemberData(nameof(Texts))]
    public void It_says_what_tokens_say(string text) => Check(text);

    [Fact]
    public void It_says_what_tokens_say_in_every_prefix()
    {
        string text = s_texts[0] + s_texts[3];
        for (int length = 0; length <= text.Length; length++)
            Check(text[..length]);
    }

    [Fact]
    public void It_says_what_tokens_say_in_a_whole_program()
    {
        foreach (var (_, text) in new GeneratedProgram(Lines: 800, CriticalRoots: 2, LockRegions: 6).Files())
            Check(text);
    }

    static void Check(string text)
    {
        var tree = CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.Preview));
        var index = new IdentifierIndex(tree.GetRoot(), new TextWords(tree.GetText()), default);
        var names = tree.GetRoot().DescendantTokens().Where(t => t.IsKind(SyntaxKind.IdentifierToken)).Select(t => t.ValueText)
            .Concat(["lock", IdentifierIndex.TargetTypedNew, "new", "Enter", "Exit", "Wait", "Release", "Take", "class"]).Where(n => n.Length > 0).Distinct();
        var tokens = index.Members.Select(m => Tokens(m.Find(tree.GetRoot())!).ToHashSet()).ToList();
        foreach (string name in names)
        {
            var expected = Enumerable.Range(0, tokens.Count).Where(m => tokens[m].Contains(name));
            Assert.Equal(expected, index.Mentioning(name, IdentifierIndex.Key(name), tree, default));
        }

        // Every name of the file is somebody's, but for those of usings and namespaces.
        var all = tree.GetRoot().DescendantNodes(n => n is not (UsingDirectiveSyntax or BaseNamespaceDeclarationSyntax { Members.Count: 0 }))
            .OfType<MemberDeclarationSyntax>().Where(m => m is not BaseNamespaceDeclarationSyntax)
            .SelectMany(m => m.DescendantTokens()).Where(t => t.IsKind(SyntaxKind.IdentifierToken)).Select(t => t.ValueText);
        Assert.Subset(tokens.SelectMany(t => t).ToHashSet(), all.ToHashSet());
    }

    /// <summary>The names of one member; the header of a type is what is no member of it.</summary>
    static IEnumerable<string> Tokens(SyntaxNode node)
    {
        var own = node switch
        {
            TypeDeclarationSyntax type => type.DescendantTokens(n => n == type || n is not MemberDeclarationSyntax).Where(t => t.Parent == type || !t.Parent!.AncestorsAndSelf().TakeWhile(a => a != type).Any(a => a is MemberDeclarationSyntax)),
            CompilationUnitSyntax unit => unit.AttributeLists.SelectMany(l => l.DescendantTokens()),
            ConstructorDeclarationSyntax { Initializer: not null, Parent: TypeDeclarationSyntax { BaseList: { } bases } } => node.DescendantTokens().Concat(bases.DescendantTokens()),
            _ => node.DescendantTokens(),
        };
        foreach (var token in own)
        {
            if (token.IsKind(SyntaxKind.IdentifierToken))
                yield return token.ValueText;
            else if (token.IsKind(SyntaxKind.LockKeyword))
                yield return "lock";
            else if (token.IsKind(SyntaxKind.NewKeyword) && token.Parent is ImplicitObjectCreationExpressionSyntax)
                yield return IdentifierIndex.TargetTypedNew;
        }
    }
}
