using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using FenceSafety.Analyzers.Annotations;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.Analyzers.Tests.References;

/// <summary>10,000 annotation files that were changed with a fixed seed: every line is understood or a problem, and nothing crashes.</summary>
public sealed class AnnotationFileFuzzTests
{
    const int Inputs = 10_000;

    static readonly CSharpCompilation Library = CSharpCompilation.Create(
        "Lib",
        [
            CSharpSyntaxTree.ParseText(
                """
                namespace Lib
                {
                    public enum Flags { None, Wait }
                    public class Pool<T>
                    {
                        public readonly object Gate = new object();
                        public void Refill(Flags f, T[] items, System.Collections.Generic.List<T> more) { }
                        public U Take<U>(ref U u, int[,] x) => u;
                        public int this[int i] => i;
                        public int Count { get; set; }
                        public event System.Action Changed;
                    }
                }
                """),
        ],
        [MetadataReference.CreateFromFile(typeof(object).Assembly.Location)]);

    static readonly string[] Lines =
    [
        "# a comment",
        "",
        "M:Lib.Pool`1.Refill(Lib.Flags,`0[],System.Collections.Generic.List{`0}); MayAllocate; FlagsParameter = \"f\", BlockingFlags = Lib.Flags.Wait",
        "M:Lib.Pool`1.Take``1(``0@,System.Int32[0:,0:]); AssumeFenceSafe; \"reviewed \\\"2026\\\"\"",
        "F:Lib.Pool`1.Gate; LockClass; \"pool\", Subclass = 1",
        "P:Lib.Pool`1.Item(System.Int32); FenceCritical",
        "E:Lib.Pool`1.Changed; RunsInReclaim",
        "T:Lib.Pool`1; LockPrimitive; LockKind.Spin, Recursive = true",
        "? M:Other.Thing.Go; WaitsForFence",
        "M:Lib.Pool`1.get_Count; RequiresLock; \"Gate\"",
    ];

    sealed class File(string text) : AdditionalText
    {
        public override string Path => "x.fence.txt";

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }

    static AnnotationFileContents Read(string text) => AnnotationFiles.Read(Library, [new File(text)], CancellationToken.None);

    [Fact]
    public void The_originals_are_understood() => Assert.Empty(Read(string.Join('\n', Lines)).Problems.Select(p => p.Message));

    [Fact]
    public void No_input_harms_the_reader()
    {
        var random = new Random(20261121);
        int understood = 0, wrong = 0;
        var clock = Stopwatch.StartNew();
        for (int i = 0; i < Inputs; i++)
        {
            string text = Mutate(string.Join(random.Next(9) == 0 ? "\r\n" : "\n", Enumerable.Range(0, 3).Select(_ => Lines[random.Next(Lines.Length)])), random);
            var contents = Read(text);
            understood += contents.Annotations.Count;
            wrong += contents.Problems.Length;
            foreach (var problem in contents.Problems)
            {
                Assert.False(string.IsNullOrWhiteSpace(problem.Message));
                Assert.InRange(problem.Location.SourceSpan.End, 0, text.Length);
            }
        }
        Assert.True(understood > 2000 && wrong > 2000, $"{understood} understood, {wrong} wrong");
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(60));
    }

    [Theory]
    [InlineData('{')]
    [InlineData('(')]
    [InlineData('[')]
    [InlineData('"')]
    [InlineData(';')]
    [InlineData('.')]
    [InlineData('`')]
    [InlineData('@')]
    [InlineData('?')]
    public void A_line_of_one_character_harms_nobody(char c)
    {
        string many = new(c, 300_000);

        Assert.NotEmpty(Read("M:Lib.Pool`1.Refill(Lib.Pool" + many + "; MayAllocate").Problems);
        Assert.NotEmpty(Read("M:Lib.Pool`1.Refill(Lib.Flags,`0[],System.Collections.Generic.List" + string.Concat(Enumerable.Repeat("{System.Collections.Generic.List", 20_000)) + "; MayAllocate").Problems);
        Assert.NotEmpty(Read("F:Lib.Pool`1.Gate; LockClass; " + many).Problems);
        Assert.NotEmpty(Read("F:Lib.Pool`1.Gate; " + many + "; 1").Problems);
    }

    static string Mutate(string original, Random random)
    {
        const string Alphabet = ";:.,(){}[]`@~^#?\"'\\=! \t\n0123456789MFPTELockClass\u0000\ud800é→";
        var text = new StringBuilder(original);
        for (int n = random.Next(0, 6); n > 0 && text.Length > 0; n--)
        {
            int at = random.Next(text.Length);
            switch (random.Next(5))
            {
                case 0:
                    text[at] = Alphabet[random.Next(Alphabet.Length)];
                    break;
                case 1:
                    text.Insert(at, Alphabet[random.Next(Alphabet.Length)].ToString());
                    break;
                case 2:
                    text.Remove(at, random.Next(Math.Min(20, text.Length - at)));
                    break;
                case 3:
                    text.Insert(at, text.ToString(at, random.Next(Math.Min(30, text.Length - at))));
                    break;
                default:
                    text.Insert(at, (char)random.Next(char.MaxValue));
                    break;
            }
        }
        return text.ToString();
    }
}
