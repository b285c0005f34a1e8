namespace FenceSafety.Differential.Tests.Generation;

/// <summary>Members that are called without a call in sight, and types that are not plain classes.</summary>
internal sealed partial class ProgramGenerator
{
    private void DeclareMember(Method method)
    {
        string n = method.Name;
        Scope scope = ScopeOf(method);
        switch (method.Shape)
        {
            case Shape.AsyncIterator:
                AsyncIterator(method);
                break;
            case Shape.Partial:
                _w.Line($"public static partial class {n} {{ {Critical(method, $"M:{_name}.{n}.Go")}public static partial void Go(); }}");
                _w.Open($"public static partial class {n} {{");
                Member("public static partial void Go()", scope);
                _w.Close();
                break;
            case Shape.Extension:
                InClass(n, $"public static void Go{n}(this Dev dev)", scope with { LockParameter = "dev.Gate" });
                break;
            case Shape.Handler:
                _w.Line("[System.Runtime.CompilerServices.InterpolatedStringHandler]");
                _w.Open($"public ref struct {n}Text(int literal, int count) {{");
                _w.Line("public readonly int Size => literal + count;");
                _w.Line("public void AppendLiteral(string text) { D.Use(Size); }");
                Member("public void AppendFormatted(int value)", scope);
                _w.Close();
                _w.Line($"public static class {n} {{ public static void Go({n}Text text) {{ D.Use(text.Size); }} }}");
                break;
            case Shape.Indexer:
                InStruct(n, "public int this[int number] {", "get", scope with { Return = "return 1;" }, "return number;");
                break;
            case Shape.Conversion:
                InStruct(n, null, $"public static implicit operator int({n} value)", scope with { Return = "return 1;" }, "return 2;");
                break;
            case Shape.Deconstruction:
                _w.Open($"public readonly struct {n} {{");
                _w.OpenBody("public void Deconstruct(out int first, out int second) {");
                _w.Line("first = second = 1;");
                Body(scope);
                _w.CloseBody();
                _w.Close();
                break;
            case Shape.Enumerator:
                _w.Open($"public struct {n} {{");
                _w.Line("int _moved;");
                _w.Line($"public readonly {n} GetEnumerator() => this;");
                _w.Line("public readonly int Current => _moved;");
                Member("public bool MoveNext()", scope with { Return = "return false;" }, "return _moved++ < 1;");
                _w.Close();
                break;
            case Shape.Disposed:
                _w.Open($"public readonly ref struct {n} {{");
                Member("public void Dispose()", scope);
                _w.Close();
                break;
            case Shape.StaticConstructor:
                _w.Open($"public static class {n} {{");
                Member($"static {n}()", scope);
                _w.Line("public static void Go() { D.Use(1); }");
                _w.Close();
                break;
            case Shape.Created:
                _w.Open($"public sealed class {n}New {{");
                Member($"public {n}New()", scope);
                _w.Close();
                _w.Open($"public static class {n} {{");
                OneLine("public static T Go<T>() where T : new()", "return new T();");
                _w.Close();
                break;
            case Shape.Record:
                _w.Open($"public sealed record {n}(object Gate) {{");
                Locking(scope, "Gate", "lock of a record");
                _w.Close();
                Field(method, $"public static readonly {n} rec{method.Index} = new(new object());");
                break;
            case Shape.GenericType:
                _w.Open($"public sealed class {n}<T> {{");
                _w.Line("public readonly object Mine = new();");
                Locking(scope, "Mine", "lock of a generic type");
                _w.Close();
                Field(method, $"public static readonly {n}<int> int{method.Index} = new();");
                Field(method, $"public static readonly {n}<string> string{method.Index} = new();");
                break;
            case Shape.Synchronized:
                string header = "public static void Go() {";
                _w.Open($"public static class {n} {{");
                _w.OpenBodyDifferent(
                    $"[System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.Synchronized)] {header}",
                    header, $"using var taken = Probe.Synchronized(typeof({n}));", "synchronized method");
                using (_w.With("synchronized method"))
                    Body(scope);
                _w.CloseBody();
                _w.Close();
                break;
            case Shape.Initializer:
                _w.Open($"public sealed class {n} : System.Collections.IEnumerable {{");
                Member("public void Add(int number)", scope);
                _w.Line("public System.Collections.IEnumerator GetEnumerator() => null;");
                _w.Close();
                break;
            case Shape.Query:
                InStruct(n, null, "public int Select(Func<int, int> what)", scope with { Return = "return 1;" }, "return what(1);");
                break;
            case Shape.Sequence:
                _w.Open($"public static class {n} {{");
                Member("public static int One(int item)", scope with { Return = "return item;" }, "return item;");
                string made = _rng.Pick(["W.few.Select(One)", "W.few.Where(static i => One(i) > 0)", "from item in W.few select One(item)", "W.few.Where(static i => i > 0).OrderBy(One)"]);
                OneLine("public static IEnumerable<int> All()", $"return {made};");
                _w.Close();
                break;
        }
    }

    /// <summary>A method that locks what its own object has.</summary>
    private void Locking(Scope scope, string gate, string feature)
    {
        _w.OpenBody("public void Go() {");
        using (_w.With(feature))
        {
            _w.Open($"lock ({gate}) {{");
            Body(scope.Holding(gate));
            _w.Close();
        }

        _w.CloseBody();
    }

    private void InStruct(string name, string? around, string signature, Scope scope, string last)
    {
        _w.Open($"public readonly struct {name} {{");
        if (around is not null)
            _w.Open(around);
        Member(signature, scope, last);
        if (around is not null)
            _w.Close();
        _w.Close();
    }

    private void AsyncIterator(Method method)
    {
        Scope scope = ScopeOf(method);
        _w.Open($"public static class {method.Name} {{");
        _w.OpenBody("public static async IAsyncEnumerable<int> Go() {");
        Body(scope with { Return = "yield break;" });
        Await(scope);
        _w.Line("yield return 1;");
        Effect(scope with { Return = "yield break;" });
        _w.CloseBody();
        _w.OpenBody("public static async Task Each() {");
        _w.Different("await foreach (int item in Go()) { D.Use(item); }", "await foreach (int item in Go()) { D.Use(item); } Probe.BlockingWait();", "await foreach");
        _w.CloseBody();
        _w.Close();
    }

    private void CallMember(Scope scope, Method method)
    {
        string n = method.Name;
        switch (method.Shape)
        {
            case Shape.AsyncIterator when _rng.Chance(50):
                _w.Line($"_ = {n}.Each();", "async method called and forgotten");
                break;
            case Shape.AsyncIterator:
                _w.Different($"{n}.Each().Wait();", $"{n}.Each().Wait(); Probe.BlockingWait();", "wait for an async method");
                break;
            case Shape.Partial or Shape.StaticConstructor or Shape.Synchronized:
                _w.Line($"{n}.Go();");
                break;
            case Shape.Extension:
                _w.Line($"{_rng.Pick(["W.d0", "W.d1"])}.Go{n}();");
                break;
            case Shape.Handler:
                _w.Line($"{n}.Go($\"x{{D.Index()}}\");");
                break;
            case Shape.Indexer:
                _w.Line($"D.Use(default({n})[1]);");
                break;
            case Shape.Conversion:
                _w.Line($"D.Use(default({n}));");
                break;
            case Shape.Deconstruction:
                _w.Line($"var ({Local("first")}, {Local("second")}) = default({n});");
                break;
            case Shape.Enumerator:
                _w.Line($"foreach (int item in default({n})) {{ D.Use(item); }}");
                break;
            case Shape.Disposed:
                using (_w.With(method.Feature))
                {
                    int line = _w.Count + 1;
                    _w.OpenDifferent($"using (new {n}()) {{", $"using (new {n}()) {{ try {{");
                    Body(scope.Deeper());
                    // It is disposed where the using statement is.
                    _w.CloseDifferent("}", $"}} finally {{ Probe.At({line}); }} }}");
                }

                break;
            case Shape.Created:
                _w.Line($"_ = {n}.Go<{n}New>();");
                break;
            case Shape.Record when _rng.Chance(60):
                _w.Line($"({In(method)}.rec{method.Index} with {{ }}).Go();", "with expression");
                break;
            case Shape.Record:
                _w.Line($"{In(method)}.rec{method.Index}.Go();");
                break;
            case Shape.GenericType:
                _w.Line($"{In(method)}.{_rng.Pick(["int", "string"])}{method.Index}.Go();");
                break;
            case Shape.Initializer:
                _w.Line($"_ = new {n} {{ 1 }};");
                break;
            case Shape.Query:
                _w.Line($"D.Use(from x in default({n}) select x);");
                break;
            case Shape.Sequence:
                Sequence(scope, n);
                break;
        }
    }

    /// <summary>A query of the framework: enumerated where it is made, or later, under more.</summary>
    private void Sequence(Scope scope, string name)
    {
        string made = _rng.Pick([$"{name}.All()", $"W.few.Select({name}.One)"]);
        string each = Local("each");
        switch (_rng.Next(6))
        {
            case 0:
                _w.Line($"foreach (int {each} in {made}) {{ D.Use({each}); }}");
                break;
            case 1:
                _w.Line($"D.Use(W.few.Sum({name}.One));");
                break;
            case 2:
                _w.Line($"D.Use(new List<int>({made}).Count);", "query copied");
                break;
            case 3:
                _w.Line($"D.Use({made}.Count(static i => i > 0));");
                break;
            default:
                string query = Local("query");
                bool isRegion = _rng.Chance(40);
                using (_w.With("query made before"))
                {
                    _w.Measured($"var {query} = {made};", _locals++, "managed: query");
                    _w.Open(isRegion ? "using (Fence.BeginSignalling()) {" : "lock (W.g1) {");
                    _w.Line($"foreach (int {each} in {query}) {{ D.Use({each}); }}");
                    Body(isRegion ? scope.Deeper() with { IsCritical = true } : scope.Holding("W.g1"));
                    _w.Close();
                }

                break;
        }
    }
}
