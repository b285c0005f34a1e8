using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using FenceSafety.Analyzers.Tests.Options;
using FenceSafety.Testing.State;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.Analyzers.Tests.Live;

/// <summary>
/// A small program that is edited at random, one edit a step: statements, whitespace, members, annotations, options, annotation files.
/// Each step is a compilation that shares the trees of files which did not change, as in an IDE.
/// </summary>
sealed class EditedProgram
{
    const int Classes = 4;

    static readonly CSharpParseOptions s_parse = new(LanguageVersion.Preview);

    static readonly ImmutableArray<MetadataReference> s_references = [.. new[] { typeof(object), typeof(List<>), typeof(Thread), typeof(FenceCriticalAttribute) }
        .Select(t => t.Assembly.Location)
        .Concat(new[] { "System.Runtime.dll", "System.Collections.dll", "System.Threading.dll", "netstandard.dll" }.Select(f => Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, f)))
        .Distinct().Select(f => MetadataReference.CreateFromFile(f))];

    readonly Random _random;
    readonly int _kinds;
    readonly List<Class> _classes = [];
    readonly Dictionary<string, string> _options = [];
    string _annotations = "";

    /// <param name="seed">Says which program, and which edits.</param>
    /// <param name="iterators">Some members are iterators, which others enumerate there and then, later, or through another.</param>
    public EditedProgram(int seed, bool iterators = false)
    {
        _random = new Random(seed);
        _kinds = iterators ? 28 : 24;
        for (int c = 0; c < Classes; c++)
        {
            var type = new Class();
            for (int m = 0; m < 4; m++)
                type.Methods.Add(new Method("M" + m) { Statements = [Statement(), Statement()] });
            if (iterators)
                type.Methods.Add(new Method("Walk") { Iterates = true, Statements = [Statement()] });
            type.Methods[0].Attributes.Add("FenceCritical");
            _classes.Add(type);
        }

        Compilation = CSharpCompilation.Create(
            "Edited",
            Texts().Prepend(("Vocabulary.cs", Vocabulary.Types)).Prepend(("Usings.cs", Vocabulary.Usings))
                .Select(f => CSharpSyntaxTree.ParseText(SourceText.From(f.Item2), s_parse, f.Item1)),
            s_references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
    }

    /// <summary>No edit changes a declaration.</summary>
    public bool OnlyBodies { get; init; }

    public CSharpCompilation Compilation { get; private set; }

    public AnalyzerOptions Options => new(
        [new AnnotationFile(_annotations)], new FixedOptions(_options.ToImmutableDictionary(StringComparer.Ordinal)));

    /// <summary>One edit.</summary>
    /// <returns>What it was, for messages.</returns>
    public string Step()
    {
        var type = _classes[_random.Next(Classes)];
        var method = type.Methods[_random.Next(type.Methods.Count)];
        string what = Edit(type, method);
        foreach (var (path, text) in Texts())
        {
            var tree = Compilation.SyntaxTrees.Single(t => t.FilePath == path);
            if (tree.ToString() != text)
                Compilation = Compilation.ReplaceSyntaxTree(tree, tree.WithChangedText(SourceText.From(text)));
        }

        return what;
    }

    string Edit(Class type, Method method)
    {
        switch (_random.Next(OnlyBodies ? 11 : 20))
        {
            case < 6:
                method.Statements.Insert(_random.Next(method.Statements.Count + 1), Statement());
                return "a statement more";
            case < 9 when method.Statements.Count > 0:
                method.Statements.RemoveAt(_random.Next(method.Statements.Count));
                return "a statement less";
            case < 11:
                method.Indent = _random.Next(9);
                return "whitespace in a body";
            case 11:
                method.Before = _random.Next(3) switch { 0 => "", 1 => "\n", _ => "    // a comment about lock and FenceCritical\n" };
                return "a comment between members";
            case 12:
                type.Injected = !type.Injected;
                return "what the constructor stores";
            case 13:
                type.Yields = !type.Yields;
                return "an iterator that is none";
            case 14:
                type.Initializer = Pick("null!", "new object()", "Kmem.Get(Gfp.Kernel)", "new C1(new object())");
                return "an initialiser";
            case 15 when type.Methods.Count > 3:
                type.Methods.Remove(method);
                return "a member less";
            case 15 or 16:
                type.Methods.Insert(_random.Next(type.Methods.Count), new Method("N" + _random.Next(1000).ToString(CultureInfo.InvariantCulture)) { Statements = [Statement()] });
                return "a member more";
            case 17:
                string attribute = Pick("FenceCritical", "MayAllocate", "AssumeFenceSafe(\"tested\")", "RunsInReclaim", "RunsAtomic");
                if (!method.Attributes.Remove(attribute))
                    method.Attributes.Add(attribute);
                return "an annotation";
            case 18:
                _options["fence_safety." + Pick("throw_paths", "managed_allocations", "unknown_calls", "scope")] = Pick("include", "exclude", "blocking", "report", "ignore", "critical");
                return "an option";
            default:
                _annotations = Pick("", "M:C1.M1; MayAllocate\n", "M:C2.M2; FenceCritical\n", "M:C0.M3; Nonsense\n");
                return "the annotation file";
        }
    }

    string Statement() => _random.Next(_kinds) switch
    {
        0 => "Kmem.Get(Gfp.Kernel);",
        1 => "Kmem.Get(gfp);",
        2 => "new Fence().Wait();",
        3 => $"lock (_a) {{ {Call()} }}",
        4 => $"lock (_b) {{ lock (_a) {{ {Call()} }} }}",
        5 => $"lock (_a) {{ lock (_b) {{ }} {Call()} }}",
        6 => $"lock (_given) {{ {Call()} }}",
        7 => $"using (_mutex.Lock()) {{ {Call()} }}",
        8 => $"Action run = () => {{ {Call()} }}; run();",
        9 => $"void Local() {{ {Call()} }} Local();",
        10 => "foreach (var x in Each()) { }",
        11 => "if (gfp == Gfp.High) throw new InvalidOperationException(\"no\" + gfp);",
        12 => "_spin.Enter(); _spin.Leave();",
        13 => "_do();",
        14 => "Virtual(gfp);",
        15 => "Monitor.Enter(_b);",
        16 => "_ = Size;",
        17 => "[FenceCritical] void Inner() { Kmem.Get(Gfp.Kernel); } Inner();",
        18 => "_ = C2.Shared;",
        19 => "int n = 1; n++;",
        24 => $"foreach (var x in Walk(gfp)) {{ {Call()} }}",
        25 => "IEnumerable<int> all = Walk(gfp); lock (_b) { foreach (var x in all) { } }",
        26 => "lock (_a) { Through(Walk(gfp)); }",
        _ => Call(),
    };

    string Call() => _random.Next(5) switch
    {
        0 => $"M{_random.Next(4)}(Gfp.None);",
        1 => $"M{_random.Next(4)}(Gfp.Kernel);",
        2 => $"new C{_random.Next(Classes)}(_a).M{_random.Next(4)}(gfp);",
        3 => "object o = gfp;",
        _ => $"M{_random.Next(4)}(gfp);",
    };

    string Pick(params string[] choices) => choices[_random.Next(choices.Length)];

    IEnumerable<(string Path, string Text)> Texts() => _classes.Select((c, i) => ($"C{i.ToString(CultureInfo.InvariantCulture)}.cs", c.Text(i)));

    sealed class Class
    {
        public List<Method> Methods { get; } = [];
        public bool Injected { get; set; } = true;
        public bool Yields { get; set; }
        public string Initializer { get; set; } = "null!";

        public string Text(int number)
        {
            var text = new StringBuilder();
            text.Append(CultureInfo.InvariantCulture, $$"""
                public class C{{number}}{{(number == 0 ? "" : " : C0")}}
                {
                    [LockClass("a{{number}}")] readonly object _a = new();
                    readonly object _b = new();
                    readonly object _given;
                    readonly KMutex _mutex = new();
                    readonly SpinGate _spin = new();
                    readonly Action _do = () => Kmem.Get(Gfp.None);
                    public static readonly object Shared = {{Initializer}};

                    public C{{number}}(object given){{(number == 0 ? "" : " : base(given)")}}
                    {
                        _given = {{(Injected ? "given" : "new object()")}};
                    }

                    static void Through(IEnumerable<int> all) { foreach (var x in all) { } }

                    int Size => {{(Injected ? "1" : "Kmem.Get() is null ? 0 : 1")}};

                    IEnumerable<int> Each()
                    {
                        {{(Yields ? "yield return 1;" : "return null!;")}}
                    }

                    protected {{(number == 0 ? "virtual" : "override")}} void Virtual(Gfp gfp) { {{(number % 2 == 0 ? "" : "Kmem.Get(gfp);")}} }

                """);
            foreach (var m in Methods)
                m.Write(text);
            return text.Append("}\n").ToString();
        }
    }

    sealed class Method(string name)
    {
        public List<string> Attributes { get; } = [];
        public required List<string> Statements { get; init; }
        public int Indent { get; set; } = 8;
        public string Before { get; set; } = "";
        public bool Iterates { get; init; }

        public void Write(StringBuilder text)
        {
            text.Append(Before);
            foreach (string a in Attributes)
                text.Append(CultureInfo.InvariantCulture, $"    [{a}]\n");
            text.Append(CultureInfo.InvariantCulture, $"    public {(Iterates ? "IEnumerable<int>" : "void")} {name}(Gfp gfp)\n    {{\n");
            foreach (string s in Statements)
                text.Append(' ', Indent).Append("{ ").Append(s).Append(" }\n");
            text.Append(Iterates ? "        yield return 1;\n    }\n\n" : "    }\n\n");
        }
    }

    sealed class AnnotationFile(string content) : AdditionalText
    {
        public override string Path => "Test.fence.txt";

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(content);
    }
}
