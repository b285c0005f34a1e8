namespace FenceSafety.Differential.Tests.Generation;

internal sealed partial class ProgramGenerator
{
    private const int MaxDepth = 3;

    private void Statement(Scope scope)
    {
        _lines = _w.Count;
        if (scope.Depth >= MaxDepth || _lines > 110)
        {
            Effect(scope);
            return;
        }

        switch (_rng.Next(100))
        {
            case < 36:
                Lock(scope);
                break;
            case < 58:
                Call(scope);
                break;
            case < 70:
                Effect(scope);
                break;
            case < 75:
                Branch(scope);
                break;
            case < 79:
                Loop(scope);
                break;
            case < 86:
                Exceptions(scope);
                break;
            case < 89:
                Region(scope);
                break;
            case < 94 when scope.Held.Count > 0:
                Retake(scope);
                break;
            case < 96 when scope.Return is not null && scope.Depth > 0:
                _w.Line($"if (D.Flip()) {{ {scope.Return} }}");
                _w.Remember("early return");
                Statement(scope);
                break;
            case < 98:
                Ownership(scope);
                break;
            default:
                Imbalance(scope);
                break;
        }
    }

    private void Effect(Scope scope)
    {
        switch (_rng.Next(100))
        {
            case < 45 when scope.FlagsParameter is { } passed:
                _w.Line($"Kmem.Get({passed});", "allocation by passed flags");
                break;
            case < 30:
                _w.Line("Kmem.Get();", "allocation");
                break;
            case < 42:
                string flags = _rng.Pick(["AllocFlags.Kernel", "AllocFlags.Reclaim", "AllocFlags.High", "D.Flip() ? AllocFlags.High : AllocFlags.Kernel"]);
                _w.Line($"Kmem.Get({flags});", "allocation by flags");
                break;
            case < 56:
                _w.Line("Fence.Wait();", "fence wait");
                break;
            case < 64:
                _w.Line("W.ev.Wait();", "blocking wait");
                break;
            case < 68:
                var (old, feature) = _rng.Pick(new (string, string)[]
                {
                    ("Old.Pool.Refill();", "allocation annotated in a file"),
                    ("Old.Pool.Fill(D.Flip() ? 3 : 2);", "allocation annotated in a file"),
                    ("Old.Signal.Await();", "wait annotated in a file"),
                    ("Old.Trusted.Poke();", Trusted),
                });
                _w.Line(old, feature);
                break;
            case < 74 when scope.ActionParameter is { } action:
                _w.Line(action + "();", "invoked parameter");
                break;
            case < 74 when scope.Callable < _methods.Count:
                Call(scope);
                break;
            case < 76 when scope.Recursion is { } again:
                _w.Line(again);
                break;
            case < 80 when scope.Catches:
                Throw();
                break;
            default:
                Managed();
                break;
        }
    }

    private void Managed()
    {
        int number = _locals++;
        var (statement, feature) = _rng.Pick(new (string, string)[]
        {
            ("D.Keep(new object());", "managed: new"),
            ("D.Keep(new int[3]);", "managed: array"),
            ($"object boxed{number} = 5;", "managed: boxing"),
            ($"string text{number} = \"n\" + W.numbers.Count;", "managed: string"),
            ($"string text{number} = $\"{{W.numbers.Count}}\";", "managed: string"),
            ($"int[] made{number} = [W.numbers.Count, 2];", "managed: collection expression"),
            ($"var tuple{number} = new {{ A = 1 }};", "managed: anonymous object"),
            ($"var list{number} = new List<int>();", "managed: new"),
            ("W.numbers.Add(1);", Growth),
        });
        _w.Measured(statement, number, feature);
    }

    /// <summary>A call that an annotation file vouches for: nothing is to be said of it.</summary>
    public const string Trusted = "trusted by a file";

    /// <summary>What allocates only when a collection grows.</summary>
    public const string Growth = "managed: growth";

    private void Branch(Scope scope)
    {
        if (_rng.Chance(30))
        {
            using (_w.With("switch"))
            {
                _w.Open("switch (D.Loop()) {");
                _w.Open("case 0: {");
                Body(scope.Deeper());
                _w.Line("break;");
                _w.Middle("} case 1: {");
                Body(scope.Deeper());
                _w.Line("break;");
                _w.Close();
                _w.Close();
            }

            return;
        }

        using (_w.With("branch"))
        {
            _w.Open("if (D.Flip()) {");
            Body(scope.Deeper());
            if (_rng.Chance(60))
            {
                _w.Middle("} else {", "else");
                using (_w.With("else"))
                    Body(scope.Deeper());
            }

            _w.Close();
        }
    }

    private void Loop(Scope scope)
    {
        string i = Local("i");
        if (_rng.Chance(40))
        {
            // Taken in a loop, still held behind it.
            string taken = Local("taken");
            string gate = _rng.Pick(["W.g0", "W.g1", "W.d0.Gate"]);
            using (_w.With("lock taken in loop"))
            {
                _w.Line($"bool {taken} = false;");
                _w.Open($"for (int {i} = 0; {i} < 2; {i}++) {{");
                _w.Line(_rng.Chance(60)
                    ? $"if (!{taken} && D.Flip()) {{ Monitor.Enter({gate}, ref {taken}); }}"
                    : $"if (!{taken} && D.Flip()) {{ Monitor.Enter({gate}); {taken} = true; }}");
                _w.Close();
                Body(scope.Holding(null).NoReturn());
                _w.Line($"if ({taken}) {{ Monitor.Exit({gate}); }}");
            }

            return;
        }

        if (_rng.Chance(25))
        {
            string each = Local("each");
            var (all, type) = _rng.Pick(new[] { ("W.list", "object"), ("W.map.Values", "object"), ("W.arr", "object") });
            using (_w.With("lock of each", all == "W.arr" ? "array element" : "lock in a collection"))
            {
                _w.Open($"foreach ({type} {each} in {all}) {{");
                _w.Open($"lock ({each}) {{");
                Body(scope.Holding(each));
                _w.Close();
                _w.Close();
            }

            return;
        }

        if (_rng.Chance(35))
        {
            string last = Local("last"), next = Local("next");
            using (_w.With("hand over hand"))
            {
                _w.Line($"object {last} = W.arr[D.Index()];");
                _w.Line($"Monitor.Enter({last});");
                _w.Open($"for (int {i} = 0; {i} < D.Loop(); {i}++) {{");
                _w.Line($"object {next} = W.arr[D.Index()];");
                _w.Line($"Monitor.Enter({next});");
                _w.Line($"Monitor.Exit({last});");
                _w.Line($"{last} = {next};");
                _w.Close();
                Body(scope.Holding(null).NoReturn());
                _w.Line($"Monitor.Exit({last});");
            }

            return;
        }

        using (_w.With("loop"))
        {
            _w.Open(_rng.Chance(50) ? $"for (int {i} = 0; {i} < D.Loop(); {i}++) {{" : "while (D.Flip()) {");
            Body(scope.Deeper());
            _w.Close();
        }
    }

    private void Region(Scope scope)
    {
        Scope inside = scope.Deeper() with { IsCritical = true };
        using (_w.With("region"))
        {
            if (_rng.Chance(50))
            {
                _w.Open("using (Fence.BeginSignalling()) {");
                Body(inside);
                _w.Close();
                return;
            }

            string cookie = Local("cookie");
            _w.Line($"bool {cookie} = Fence.Begin();", "region by cookie");
            using (_w.With("region by cookie"))
                Body(inside.NoReturn());
            _w.Line($"Fence.End({cookie});");
        }
    }

    /// <summary>Gives back a lock of the body, and takes it again.</summary>
    private void Retake(Scope scope)
    {
        string gate = _rng.Pick(scope.Held);
        Scope without = scope.Deeper().NoReturn() with { Held = [.. scope.Held.Where(h => h != gate)] };
        if (_rng.Chance(25))
        {
            _w.Line($"Monitor.Wait({gate});", "Monitor.Wait");
            return;
        }

        using (_w.With("release and retake"))
        {
            _w.Line($"Monitor.Exit({gate});");
            Body(without);
            _w.Line($"Monitor.Enter({gate});");
            using (_w.With("after retake"))
                Effect(scope);
        }
    }
}
