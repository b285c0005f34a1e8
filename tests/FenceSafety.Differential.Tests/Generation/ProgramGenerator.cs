namespace FenceSafety.Differential.Tests.Generation;

/// <summary>
/// Writes random well-formed programs over the vocabulary of the rules. Locks balance and calls end by construction, except where a
/// defect is meant; everything else is left to chance.
/// </summary>
internal sealed partial class ProgramGenerator
{
    private readonly Rng _rng;
    private readonly CodeWriter _w = new();
    private readonly List<Method> _methods = [];
    private readonly List<string> _fields = [];
    private readonly List<string> _appFields = [];
    private readonly List<string> _annotations = [];
    private readonly string _name;
    private readonly Dictionary<string, HashSet<string>> _calls = new(StringComparer.Ordinal);
    private string _unit = "";
    private int _lines;
    private bool _ordered;

    /// <summary>The body that is written can see what annotation files say of locks: its caller's own summary could not.</summary>
    private bool HasFiled => _cut == 0 || _w.Part == Part.App;

    private int _locals;

    /// <summary>Methods before this one are the application's, the others the library's; 0: the program is not split.</summary>
    private int _cut;

    private ProgramGenerator(string name, ulong seed)
    {
        _name = name;
        _rng = new Rng(seed);
    }

    /// <param name="name">The program's namespace.</param>
    /// <param name="seed">Decides everything.</param>
    /// <param name="split">It must be possible to split it into two assemblies.</param>
    public static GeneratedProgram Generate(string name, ulong seed, bool split) => new ProgramGenerator(name, seed).Run(split);

    private GeneratedProgram Run(bool split)
    {
        int count = 5 + _rng.Next(4);
        _cut = split ? 1 + _rng.Next(count - 2) : 0;
        var shapes = Enum.GetValues<Shape>();
        for (int i = 0; i < count; i++)
            _methods.Add(new Method(i, _rng.Chance(30) ? _rng.Pick(s_often) : _rng.Pick(shapes)));
        _methods[^1] = _methods[^1] with { Shape = Shape.Static };
        for (int i = 0; i < count; i++)
        {
            // An event that other assemblies can subscribe to is unknown.
            if (split && _methods[i].Shape == Shape.Event)
                _methods[i] = _methods[i] with { Shape = Shape.Static };
        }

        // One that awaits another.
        int awaiting = _methods.FindIndex(m => m.Shape == Shape.Async);
        if (awaiting >= 0 && awaiting < count - 2)
            _methods[count - 2] = _methods[count - 2] with { Shape = Shape.Async };
        for (int i = 0; i < _cut; i++)
        {
            // The class of devices is the library's.
            if (_methods[i].Shape is Shape.Instance or Shape.Injected or Shape.RequiresLock)
                _methods[i] = _methods[i] with { Shape = Shape.Static };
        }

        for (int i = 0; i < count; i++)
        {
            if (_methods[i].Shape is Shape.Static or Shape.Instance or Shape.Interface or Shape.Partial && _rng.Chance(12))
                _methods[i] = _methods[i] with { IsCritical = true };
            // The summary of a library tells nothing of what a file says of the library's own members.
            if (!split && _rng.Chance(40))
                _methods[i] = _methods[i] with { IsFiled = true };
        }

        if (_rng.Chance(30))
        {
            _ordered = true;
            _w.Part = Part.Library;
            _w.Line($"[assembly: LockOrder(\"{_name}.W.g0\", \"{_name}.W.g1\", \"{_name}.Dev.Gate\")]");
            _w.Part = null;
        }

        _w.Line($"namespace {_name};");
        _w.Part = Part.App;
        using var ordered = _ordered ? _w.With("declared order") : _w.With();
        var entries = Entries();
        foreach (Method method in _methods)
        {
            _w.Part = method.Index < _cut ? Part.App : Part.Library;
            _unit = method.Name;
            Declare(method);
        }

        _w.Part = Part.Library;
        World();
        return new GeneratedProgram(
            _name, _w.Analysed, _w.Executed, entries, _w.Features, _calls,
            _ordered ? [$"{_name}.W.g0", $"{_name}.W.g1", $"{_name}.Dev.Gate"] : [], split ? new Split(_w.AnalysedIn(Part.App), _w.AnalysedIn(Part.Library)) : null)
        {
            Attributed = _w.Attributed,
            Annotations = _annotations,
            Bodies = _w.BodyLines,
        };
    }

    /// <summary>An attribute of a member: in the text, or in the annotation file of the program.</summary>
    /// <param name="isFiled">In the file.</param>
    /// <param name="member">The documentation-comment id.</param>
    private string Attribute(bool isFiled, string attribute, string member, string arguments = "")
    {
        string text = arguments.Length == 0 ? attribute : $"{attribute}({arguments})";
        if (!isFiled)
            return $"[{text}] ";
        _annotations.Add($"{member}; {attribute}{(arguments.Length == 0 ? "" : "; " + arguments)}");
        return CodeWriter.Elsewhere(text) + " ";
    }

    /// <summary>The attribute of a critical method.</summary>
    private string Critical(Method method, string member) => method.IsCritical ? Attribute(method.IsFiled, "FenceCritical", member) : "";

    private static readonly Shape[] s_often =
        [Shape.Static, Shape.Static, Shape.Static, Shape.LockParameter, Shape.LockParameter, Shape.Flags, Shape.Thrower, Shape.Mutual, Shape.Opaque, Shape.Record, Shape.StaticConstructor];

    private List<string> Entries()
    {
        var names = new List<string>();
        string[] kinds = ["", "", "FenceCritical", _rng.Chance(50) ? "FenceCritical" : "", _rng.Chance(25) ? "RunsAtomic" : ""];
        _w.Open("public static class Entries {");
        for (int i = 0; i < kinds.Length; i++)
        {
            string feature = kinds[i] switch { "FenceCritical" => "critical body", "RunsAtomic" => "atomic body", _ => "plain body" };
            bool isFiled = _cut == 0 && kinds[i].Length > 0 && _rng.Chance(30);
            _unit = "E" + i;
            using (_w.With(isFiled ? [feature, Filed] : [feature]))
            {
                string attribute = kinds[i].Length == 0 ? "" : Attribute(isFiled, kinds[i], $"M:{_name}.Entries.E{i}");
                _w.OpenBody($"{attribute}public static void E{i}() {{");
                HandOver(i);
                Body(new Scope(0, 0) { IsCritical = kinds[i] == "FenceCritical" });
                _w.CloseBody();
            }

            names.Add("E" + i);
        }

        if (_rng.Chance(40))
        {
            names.Add(_unit = "E" + kinds.Length);
            (_cut > 0 ? _appFields : _fields).Add("public static readonly IShrink shrinker = new Shrinker();");
            OneLine($"public static void {names[^1]}()", _cut > 0 ? "V.shrinker.Scan();" : "W.shrinker.Scan();");
            _w.Close();
            bool isFiled = _cut == 0 && _rng.Chance(30);
            _w.Line($"{Attribute(isFiled, "RunsInReclaim", $"T:{_name}.IShrink")}public interface IShrink {{ void Scan(); }}");
            _w.Open("public sealed class Shrinker : IShrink {");
            _unit = "Shrinker";
            using (_w.With(isFiled ? ["reclaim body", Filed] : ["reclaim body"]))
            {
                Member("public void Scan()", new Scope(0, 0));
            }
        }

        _w.Close();
        return names;
    }

    /// <summary>Critical code takes a lock that other code hands to a library, which takes it and may do anything under it.</summary>
    private void HandOver(int entry)
    {
        Method? taker = _cut == 0 ? null : _methods.Find(m => m.Shape == Shape.LockParameter && m.Index >= _cut);
        if (taker is null || entry is not (0 or 2))
            return;
        using var _ = _w.With(taker.Feature, "lock that is handed over");
        if (entry == 0)
            Calls(taker);
        _w.Line(entry == 0 ? $"{taker.Name}.Go(W.gate{taker.Index});" : $"lock (W.gate{taker.Index}) {{ D.Use(1); }}");
    }

    /// <summary>The objects that programs share. Set up before anything runs, so that no access counts as their creation.</summary>
    private void World()
    {
        _w.Open("public class Dev(object injected) {");
        _w.Line("public readonly object Gate = new();");
        _w.Line("private readonly object _injected = injected;");
        OneLine("public void WithInjected()", "lock (_injected) { D.Use(1); }");
        foreach (Method method in _methods)
        {
            _unit = method.Name;
            DeclareInDev(method);
        }

        _w.Close();
        _w.Line("public sealed class Cell<T> { public readonly object Mine = new(); }");
        _w.Line("public sealed record Gauge(object Gate);");
        _w.Open("public sealed class Wrapped : IDisposable {");
        _w.Line("readonly Token _inner = W.km.Take();");
        _w.Line("public void Dispose() { _inner.Dispose(); }");
        _w.Close();
        _w.Open("public readonly ref struct Own(object gate) {");
        _w.Line("readonly object _gate = gate;");
        _w.Line("public void Dispose() => Monitor.Exit(_gate);");
        _w.Close();
        _w.Open("public static class Library {");
        _w.Line("public static object SameGate => W.g0;");
        _w.Line("public static object PickGate() => D.Flip() ? W.g0 : W.g1;");
        _w.Close();
        _w.Line("[AssumeFenceSafe(\"set up before anything runs\")]");
        _w.Open("public static class W {");
        foreach (string field in s_fields.Concat(_fields))
            _w.Line(field);
        bool isFiled = _cut == 0 && _rng.Chance(50);
        Named(isFiled, "g2", "");
        Named(isFiled, "level1", ", Subclass = 1");
        Named(isFiled, "level0", ", Subclass = 2");
        _w.Line($"{Attribute(isFiled, "FenceSafeLock", $"F:{_name}.W.safe")}public static readonly object safe = new();");
        _w.Close();
        if (_cut == 0)
            return;
        _w.Part = Part.App;
        _w.Line("[AssumeFenceSafe(\"set up before anything runs\")]");
        _w.Open("public static class V {");
        foreach (string field in _appFields)
            _w.Line(field);
        _w.Close();
    }

    private void Named(bool isFiled, string field, string subclass) =>
        _w.Line($"{Attribute(isFiled, "LockClass", $"F:{_name}.W.{field}", $"\"named of {_name}\"{subclass}")}public static readonly object {field} = new();");

    /// <summary>What an annotation file says.</summary>
    private const string Filed = "annotated in a file";

    /// <summary>The class of the objects that belong to a method.</summary>
    private string In(Method method) => method.Index < _cut ? "V" : "W";

    /// <summary>An object that belongs to a method.</summary>
    private void Field(Method method, string declaration) => (method.Index < _cut ? _appFields : _fields).Add(declaration);

    private static readonly string[] s_fields =
    [
        "public static readonly object g0 = new();",
        "public static readonly object g1 = new();",
        "public static readonly Lock l0 = new();",
        "public static readonly ReaderWriterLockSlim rw = new();",
        "public static readonly SemaphoreSlim sem = new(1, 1);",
        "public static SpinLock spin = new(false);",
        "public static readonly KSpin ks = new();",
        "public static readonly SleepingMutex mx = new(\"mx\");",
        "public static readonly RawSpinLock raw = new(\"raw\");",
        "public static readonly RwSemaphore rs = new(\"rs\");",
        "public static readonly object[] arr = [new object(), new object()];",
        "public static readonly object[][] grid = [[new object(), new object()], [new object(), new object()]];",
        "public static readonly Stack<object> stack = new([new object(), new object()]);",
        "public static readonly Mutex mutex = new();",
        "public static readonly Semaphore gauge = new(1, 1);",
        "public static readonly ReaderWriterLock old = new();",
        "public static readonly KMutex km = new();",
        "public static readonly Old.Latch latch = new();",
        "public static readonly Cell<int> cell = new();",
        "public static readonly Gauge rec = new(new object());",
        "public static readonly List<object> list = [new object(), new object()];",
        "public static readonly Dictionary<int, object> map = new() { [0] = new object(), [1] = new object() };",
        "public static readonly ManualResetEventSlim ev = new(true);",
        "public static readonly BoTable table = new();",
        "public static readonly Pte pte = new();",
        "public static readonly List<int> numbers = new();",
        "public static readonly int[] few = [1];",
        "public static readonly Dev d0 = new(g0), d1 = new(g0);",
        "public static readonly object any = d0;",
    ];

    /// <summary>A name that is used once.</summary>
    private string Local(string prefix) => prefix + _locals++;

    private void Body(Scope scope)
    {
        int statements = 1 + _rng.Next(scope.Depth == 0 ? 3 : 2);
        int remembered = _w.Remembered;
        for (int i = 0; i < statements; i++)
            Statement(scope);
        _w.Forget(remembered);
    }
}
