namespace FenceSafety.Differential.Tests.Generation;

internal sealed partial class ProgramGenerator
{
    private Scope ScopeOf(Method method) => new(method.Index + 1, 1) { IsCritical = method.IsCritical };

    /// <summary>Declares what a method needs, apart from what goes into the class of devices.</summary>
    private void Declare(Method method)
    {
        using var _ = _w.With(method is { IsFiled: true, IsCritical: true } ? [method.Feature, Filed] : [method.Feature]);
        string n = method.Name;
        switch (method.Shape)
        {
            case Shape.LockParameter:
                _w.Open($"public static class {n} {{");
                _w.OpenBody("public static void Go(object gate) {");
                if (_rng.Chance(70))
                {
                    using (_w.With("locked parameter"))
                    {
                        _w.Open("lock (gate) {");
                        if (_rng.Chance(50))
                            _w.Line("Kmem.Get();", "allocation");
                        Body(ScopeOf(method).Holding("gate") with { LockParameter = "gate" });
                        _w.Close();
                    }
                }

                Body(ScopeOf(method) with { LockParameter = "gate" });
                _w.CloseBody();
                _w.Close();
                Field(method, $"public static readonly object gate{method.Index} = new();");
                break;
            case Shape.Flags:
                InClass(n, "public static void Go(AllocFlags flags)", ScopeOf(method) with { FlagsParameter = "flags" });
                break;
            case Shape.DelegateParameter:
                InClass(n, "public static void Go(Action action)", ScopeOf(method) with { ActionParameter = "action" }, "action();", "invoked parameter");
                break;
            case Shape.Interface:
                _w.Line($"public interface I{n} {{ {Critical(method, $"M:{_name}.I{n}.Go")}void Go(); }}");
                Implementations(method, $"I{n}", "public void Go()");
                break;
            case Shape.Virtual:
                _w.Open($"public class B{n} {{");
                Member("public virtual void Go()", ScopeOf(method));
                _w.Close();
                using (_w.With("override"))
                    Implementations(method, $"B{n}", "public override void Go()");
                break;
            case Shape.Generic:
                _w.Line($"public interface I{n} {{ void Go(); }}");
                Implementations(method, $"I{n}", "public void Go()");
                _w.Open($"public static class {n} {{");
                OneLine($"public static void Go<T>(T x) where T : I{n}", "x.Go();");
                _w.Close();
                break;
            case Shape.Property:
                _w.Open($"public static class {n} {{");
                _w.Open("public static int Go {");
                Member("get", ScopeOf(method) with { Return = "return 1;" }, last: "return 2;");
                _w.Close();
                _w.Close();
                break;
            case Shape.Constructor:
                _w.Open($"public readonly struct {n} {{");
                Member($"public {n}(int number)", ScopeOf(method), last: "D.Use(number);");
                _w.Close();
                break;
            case Shape.Operator:
                _w.Open($"public readonly struct {n} {{");
                Member($"public static {n} operator +({n} left, int right)", ScopeOf(method) with { Return = "return left;" }, last: "return left;");
                _w.Close();
                break;
            case Shape.LocalFunction:
                _w.Open($"public static class {n} {{");
                _w.OpenBody("public static void Go() {");
                Member("void Inner()", ScopeOf(method));
                _w.Line("Inner();");
                _w.CloseBody();
                _w.Close();
                break;
            case Shape.RequiresLockOnly:
                // A lock of its own, and nothing that depends on whether it is held in fact: it is called without it too.
                _w.Open($"public class {n} {{");
                _w.Line("public readonly object Mine = new();");
                _w.Line(Attribute(method.IsFiled, "RequiresLock", $"M:{_name}.{n}.Go", "\"Mine\""));
                _w.OpenBody("public void Go() {");
                _w.Told("Probe.Require(Mine);");
                Effect(new Scope(_methods.Count, MaxDepth));
                Effect(new Scope(_methods.Count, MaxDepth));
                _w.CloseBody();
                _w.Close();
                Field(method, $"public static readonly {n} own{method.Index} = new();");
                break;
            case Shape.Thrower:
                _w.Open($"public static class {n} {{");
                _w.OpenBody("public static void Go() {");
                Body(ScopeOf(method));
                if (_rng.Chance(70))
                    _w.Different("if (D.Flip()) { Kmem.Get(); throw new Oops(); }", "if (D.Flip() && Probe.HoldsNothing()) { Kmem.Get(); throw new Oops(); }", ThrowPath);
                // That an exception leaves a body with a lock is not followed, by design.
                _w.Different("if (D.Flip()) { throw new Oops(); }", "if (D.Flip() && Probe.HoldsNothing()) { throw new Oops(); }");
                _w.CloseBody();
                _w.Close();
                break;
            case Shape.TakeAndGive or Shape.DeclaredTakeAndGive:
                Pair(method);
                break;
            case Shape.TryHelper:
                string tried = _rng.Pick(["W.g0", "W.g1", "W.d0.Gate"]);
                _w.Open($"public static class {n} {{");
                OneLine("public static bool TryTake()", $"return Monitor.TryEnter({tried});");
                OneLine("public static void Give()", $"Monitor.Exit({tried});");
                _w.Close();
                break;
            case Shape.GuardHelper:
                string guarded = _rng.Pick(["W.g0", "W.g1", "W.d0.Gate"]);
                _w.Open($"public static class {n} {{");
                OneLine("public static Own Take()", $"Monitor.Enter({guarded}); return new Own({guarded});");
                _w.Close();
                break;
            case Shape.DelegateField:
                InClass(n, "static void Body()", ScopeOf(method));
                Field(method, $"public static readonly Action act{method.Index} = {n}.Go;");
                break;
            case Shape.Iterator:
                _w.Open($"public static class {n} {{");
                Member("public static IEnumerable<int> Go()", ScopeOf(method) with { Return = "yield break;" }, last: "yield return 1;");
                _w.Close();
                break;
            case Shape.Opaque:
                Field(method, $"public static Action hook{method.Index} = {n}.Go;");
                InClass(n, "public static void Go()", ScopeOf(method));
                break;
            case Shape.Retaker:
                _w.Open($"public static class {n} {{");
                _w.OpenBody("public static void Go(object gate) {");
                _w.Line("Monitor.Exit(gate);");
                Body(ScopeOf(method).NoReturn());
                _w.Line("Monitor.Enter(gate);");
                _w.CloseBody();
                _w.Close();
                break;
            case >= Shape.AsyncIterator:
                DeclareMember(method);
                break;
            case >= Shape.Async:
                DeclareFeature(method);
                break;
            case Shape.Static:
                InClass(n, Critical(method, $"M:{_name}.{n}.Go") + "public static void Go()", ScopeOf(method));
                break;
        }
    }

    /// <summary>What is done before a throw, if options have that count.</summary>
    public const string ThrowPath = "throw path";

    private void Pair(Method method)
    {
        string gate = _rng.Pick(["g0", "g1"]);
        bool declared = method.Shape == Shape.DeclaredTakeAndGive;
        _w.Open($"public class {method.Name}(object gate) {{");
        _w.Line("public readonly object Mine = gate;");
        string member = $"M:{_name}.{method.Name}.", mine = "\"Mine\"";
        OneLine((declared ? Attribute(method.IsFiled, "AcquiresLock", member + "Take", mine) : "") + "public void Take()", "Monitor.Enter(Mine);");
        OneLine((declared ? Attribute(method.IsFiled, "ReleasesLock", member + "Give", mine) : "") + "public void Give()", "Monitor.Exit(Mine);");
        _w.Close();
        Field(method, $"public static readonly {method.Name} pair{method.Index} = new(new object());");
        Field(method, $"public static readonly object unused{method.Index} = W.{gate};");
    }

    private void DeclareInDev(Method method)
    {
        using var _ = _w.With(method is { IsFiled: true, IsCritical: true } ? [method.Feature, Filed] : [method.Feature]);
        Scope scope = ScopeOf(method) with { IsStatic = false };
        switch (method.Shape)
        {
            case Shape.Instance:
                Member($"{Critical(method, $"M:{_name}.Dev.{method.Name}")}public void {method.Name}()", scope);
                break;
            case Shape.Injected:
                _w.OpenBody($"public void {method.Name}() {{");
                using (_w.With("injected lock"))
                {
                    _w.Open("lock (_injected) {");
                    Body(scope.Holding("_injected"));
                    _w.Close();
                }

                _w.CloseBody();
                break;
            case Shape.RequiresLock:
                _w.Line("[RequiresLock(\"Gate\")]");
                Member($"public void {method.Name}()", scope with { Held = ["Gate"] });
                break;
        }
    }

    private void Implementations(Method method, string of, string signature)
    {
        string n = method.Name;
        foreach (string which in (string[])["A", "B"])
        {
            _w.Open($"public sealed class {n}{which} : {of} {{");
            Member(signature, ScopeOf(method));
            _w.Close();
        }

        Field(method, $"public static readonly {n}A a{method.Index} = new();");
        Field(method, $"public static readonly {n}B b{method.Index} = new();");
    }

    private void InClass(string name, string signature, Scope scope, string? last = null, params string[] features)
    {
        _w.Open($"public static class {name} {{");
        Member(signature.Replace("static void Body()", "public static void Go()", StringComparison.Ordinal), scope, last, features);
        _w.Close();
    }

    private void OneLine(string signature, string statements)
    {
        _w.OpenBody(signature + " {");
        _w.Line(statements);
        _w.CloseBody();
    }

    private void Member(string signature, Scope scope, string? last = null, params string[] features)
    {
        _w.OpenBody(signature + " {");
        Body(scope);
        if (last is not null)
            _w.Line(last, features);
        _w.CloseBody();
    }
}
