namespace FenceSafety.Differential.Tests.Generation;

/// <summary>Async methods, events, recursion, parameters by reference, and members that interfaces bring.</summary>
internal sealed partial class ProgramGenerator
{
    private void DeclareFeature(Method method)
    {
        string n = method.Name;
        Scope scope = ScopeOf(method);
        switch (method.Shape)
        {
            case Shape.Async:
                Async(method);
                break;
            case Shape.Event:
                _w.Open($"internal static class {n} {{");
                _w.Line("internal static event Action? Raised;");
                using (_w.With("delegate in a field"))
                    OneLine("public static void Raise()", "Raised?.Invoke();");
                Member("public static void On()", scope);
                _w.Close();
                break;
            case Shape.Recursive:
                _w.Open($"public static class {n} {{");
                Member("public static void Go(int depth)", scope with { Recursion = $"if (depth > 0) {{ {n}.Go(depth - 1); }}" }, $"if (depth > 0) {{ Go(depth - 1); }}");
                _w.Close();
                break;
            case Shape.Mutual:
                _w.Open($"public static class {n} {{");
                Member("public static void Go(int depth)", scope with { Recursion = $"if (depth > 0) {{ {n}.Back(depth - 1); }}" }, $"Back(depth);");
                Member("public static void Back(int depth)", scope with { Recursion = $"if (depth > 0) {{ {n}.Go(depth - 1); }}" }, "if (depth > 0) { Go(depth - 1); }");
                _w.Close();
                break;
            case Shape.RefParameter:
                InClass(n, "public static void Go(ref object gate)", scope with { LockParameter = "gate" }, "if (D.Flip()) { gate = W.g1; }");
                break;
            case Shape.OutParameter:
                _w.Open($"public static class {n} {{");
                OneLine("public static void Go(out object gate)", $"gate = D.Flip() ? W.d0.Gate : {_rng.Pick(["W.g0", "W.g1"])};");
                _w.Close();
                break;
            case Shape.StaticAbstract:
                _w.Line($"public interface I{n} {{ static abstract void Go(); }}");
                foreach (string which in (string[])["A", "B"])
                {
                    _w.Open($"public sealed class {n}{which} : I{n} {{");
                    Member("public static void Go()", scope);
                    _w.Close();
                }

                _w.Open($"public static class {n} {{");
                OneLine($"public static void Go<T>() where T : I{n}", "T.Go();");
                _w.Close();
                break;
            case Shape.DefaultImplementation:
                _w.Open($"public interface I{n} {{");
                Member("void Go()", scope);
                _w.Close();
                _w.Line($"public sealed class {n}A : I{n};");
                _w.Open($"public sealed class {n}B : I{n} {{");
                Member("public void Go()", scope);
                _w.Close();
                Field(method, $"public static readonly I{n} a{method.Index} = new {n}A();");
                Field(method, $"public static readonly I{n} b{method.Index} = new {n}B();");
                break;
            case Shape.Capturing or Shape.CapturingLambda:
                _w.Open($"public static class {n} {{");
                _w.OpenBody("public static void Go() {");
                string kept = Local("kept");
                _w.Line($"object {kept} = {_rng.Pick(["W.g0", "W.g1", "D.Flip() ? W.g0 : W.d0.Gate"])};");
                if (method.Shape == Shape.Capturing)
                    _w.OpenBody("void Inner() {");
                else
                    _w.OpenBody("Action inner = () => {");
                _w.Open($"lock ({kept}) {{", "captured lock");
                using (_w.With("captured lock"))
                    Body(scope.Holding(kept));
                _w.Close();
                _w.CloseBody(method.Shape == Shape.Capturing ? "}" : "};");
                _w.Line(method.Shape == Shape.Capturing ? "Inner();" : "inner();");
                _w.CloseBody();
                _w.Close();
                break;
        }
    }

    /// <summary>What it awaits is complete in fact, so that one thread runs it all; whether the analyzer can know that is another matter.</summary>
    private void Async(Method method)
    {
        Scope scope = ScopeOf(method);
        _w.Open($"public static class {method.Name} {{");
        _w.OpenBody("public static async Task Go() {");
        if (_rng.Chance(50))
            Body(scope);
        switch (_rng.Next(3))
        {
            case 0:
                using (_w.With("lock across await"))
                {
                    _w.Line("await W.sem.WaitAsync();");
                    Effect(scope.NoReturn());
                    Await(scope);
                    Effect(scope.NoReturn());
                    _w.Line("W.sem.Release();");
                }

                break;
            case 1:
                string gate = _rng.Pick(["W.g0", "W.g1", "W.d0.Gate"]);
                using (_w.With("lock across await"))
                {
                    _w.Line($"Monitor.Enter({gate});");
                    _w.Open("try {");
                    Await(scope);
                    Effect(scope.NoReturn());
                    _w.Middle("} finally {");
                    _w.Line($"Monitor.Exit({gate});");
                    _w.Close();
                }

                break;
            default:
                Await(scope);
                break;
        }

        Body(scope);
        _w.CloseBody();
        _w.Close();
    }

    private void Await(Scope scope)
    {
        var other = _methods.Skip(scope.Callable).FirstOrDefault(m => m.Shape == Shape.Async);
        switch (_rng.Next(4))
        {
            case 0:
                _w.Line("await Task.CompletedTask;");
                break;
            case 1 when other is not null:
                Calls(other);
                _w.Different($"await {other.Name}.Go();", $"await {other.Name}.Go(); Probe.BlockingWait();", "await of an async method");
                break;
            default:
                _w.Line("await D.Later();", "await");
                break;
        }
    }

    private void CallFeature(Scope scope, Method method)
    {
        string n = method.Name;
        switch (method.Shape)
        {
            case Shape.Async when _rng.Chance(50):
                _w.Line($"_ = {n}.Go();", "async method called and forgotten");
                break;
            case Shape.Async:
                _w.Different($"{n}.Go().Wait();", $"{n}.Go().Wait(); Probe.BlockingWait();", "wait for an async method");
                break;
            case Shape.Event:
                _w.Line($"{n}.Raised += {n}.On;");
                _w.Line($"{n}.Raise();");
                _w.Line($"{n}.Raised -= {n}.On;");
                break;
            case Shape.Recursive or Shape.Mutual:
                _w.Line($"{n}.Go(D.Index());");
                break;
            case Shape.RefParameter:
                string passed = Local("passed");
                _w.Line($"object {passed} = {_rng.Pick(["W.g0", "W.d0.Gate", "W.arr[D.Index()]"])};");
                _w.Line($"{n}.Go(ref {passed});");
                _w.Line($"lock ({passed}) {{ Kmem.Get(); }}", "lock by reference");
                break;
            case Shape.OutParameter:
                string given = Local("given");
                _w.Line($"{n}.Go(out object {given});");
                _w.Open($"lock ({given}) {{", "lock by reference");
                Body(scope.Holding(given));
                _w.Close();
                break;
            case Shape.StaticAbstract:
                _w.Line($"{n}.Go<{n}{_rng.Pick(["A", "B"])}>();");
                break;
            case Shape.DefaultImplementation:
                Dispatched(method, "I" + n);
                break;
        }
    }
}
