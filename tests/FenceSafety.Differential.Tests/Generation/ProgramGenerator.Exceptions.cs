namespace FenceSafety.Differential.Tests.Generation;

/// <summary>Exceptions that are caught in the body where they are thrown, or where the call is that throws.</summary>
internal sealed partial class ProgramGenerator
{
    private void Exceptions(Scope scope)
    {
        switch (_rng.Next(10))
        {
            case < 2:
                TryFinally(scope);
                break;
            case < 4:
                TakenInTry(scope);
                break;
            case 4:
                FinallyInTry(scope);
                break;
            case 5:
                Filtered(scope);
                break;
            case 6:
                TakenForCatch(scope);
                break;
            case 7 when _rng.Chance(50):
                LeftBehind(scope);
                break;
            default:
                using (_w.With("try"))
                {
                    _w.Open("try {");
                    Body(scope.Deeper() with { Catches = true });
                    Throw();
                    Catch(scope);
                }

                break;
        }
    }

    private void TryFinally(Scope scope)
    {
        using var _ = _w.With("try");
        _w.Open("try {");
        Body(scope.Deeper());
        using (_w.With("finally"))
        {
            _w.Middle("} finally {");
            Body(scope.Deeper().NoReturn() with { Catches = false });
        }

        _w.Close();
    }

    /// <summary>Taken in the try, given back at its end or in the handler: in the handler it is held.</summary>
    private void TakenInTry(Scope scope)
    {
        string gate = _rng.Pick(["W.g0", "W.g1", "W.d0.Gate", scope.LockParameter ?? "W.g2"]);
        Scope inside = scope.Holding(gate).NoReturn() with { Catches = true };
        using var _ = _w.With("taken in try, given back in catch");
        _w.Open("try {");
        _w.Line($"Monitor.Enter({gate});");
        if (_rng.Chance(50))
            Body(inside);
        Throw();
        _w.Line($"Monitor.Exit({gate});");
        _w.Middle("} catch (Oops) {", "catch");
        using (_w.With("catch"))
        {
            Effect(scope with { Return = null });
            _w.Line($"Monitor.Exit({gate});");
        }

        _w.Close();
    }

    /// <summary>The exception passes through a finally block, which gives back one lock of two.</summary>
    private void FinallyInTry(Scope scope)
    {
        string gate = _rng.Pick(["W.g0", "W.g1"]);
        using var _ = _w.With("finally on the way to catch");
        _w.Open("try {");
        _w.Line($"Monitor.Enter({gate});");
        _w.Open("try {");
        Effect(scope with { Return = null });
        Throw();
        _w.Middle("} finally {");
        Effect(scope with { Return = null, Catches = false });
        if (_rng.Chance(50))
        {
            _w.Line($"Monitor.Exit({gate});");
            _w.Close();
            Catch(scope);
            return;
        }

        _w.Close();
        _w.Line($"Monitor.Exit({gate});");
        _w.Middle("} catch (Oops) {");
        Effect(scope with { Return = null });
        _w.Line($"Monitor.Exit({gate});");
        _w.Close();
    }

    /// <summary>A handler that may refuse, and one that throws again.</summary>
    private void Filtered(Scope scope)
    {
        using var _ = _w.With("exception filter");
        bool again = _rng.Chance(50);
        if (again)
            _w.Open("try {");
        _w.Open("try {");
        Body(scope.Deeper() with { Catches = true });
        Throw();
        _w.Middle("} catch (Oops) when (D.Flip()) {");
        Body(scope.Deeper() with { Catches = again });
        _w.Middle("} catch (Oops) {");
        using (_w.With("second handler"))
        {
            Effect(scope with { Catches = again });
            if (again)
                _w.Line("throw;", "thrown again");
        }

        _w.Close();
        if (again)
        {
            using (_w.With("thrown again"))
                Catch(scope);
        }
    }

    /// <summary>An exception jumps over the release: the lock is still held behind the handler.</summary>
    private void LeftBehind(Scope scope)
    {
        string gate = _rng.Pick(["W.g0", "W.d0.Gate"]);
        using var _ = _w.With("leak by exception");
        _w.Open("try {");
        _w.Line($"Monitor.Enter({gate});");
        Throw();
        _w.Line($"Monitor.Exit({gate});");
        _w.Middle("} catch (Oops) {");
        _w.Line("D.Use(1);");
        _w.Close();
    }

    /// <summary>Taken on the way that throws, and on no other: only the handler holds it.</summary>
    private void TakenForCatch(Scope scope)
    {
        string gate = _rng.Pick(["W.g0", "W.g1", "W.d0.Gate"]);
        using var _ = _w.With("taken where it throws");
        _w.Open("try {");
        Body(scope.Deeper() with { Catches = false });
        _w.Line($"if (D.Flip()) {{ Monitor.Enter({gate}); throw new Oops(); }}");
        _w.Middle("} catch (Oops) {");
        Effect(scope with { Return = null });
        _w.Line($"Monitor.Exit({gate});");
        _w.Close();
    }

    private void Catch(Scope scope)
    {
        using (_w.With("catch"))
        {
            _w.Middle("} catch (Oops) {");
            Body(scope.Deeper());
        }

        _w.Close();
    }

    private void Caught(string statement, Scope scope)
    {
        _w.Open("try {");
        _w.Line(statement);
        Catch(scope);
    }

    /// <summary>Where an exception is caught in the same body.</summary>
    private void Throw()
    {
        bool here = _rng.Chance(50);
        // What comes behind, in the handler too, is there for it.
        _w.Remember(here ? "thrown here" : "thrown by a callee");
        _w.Line(here ? "if (D.Flip()) { throw new Oops(); }" : "D.MayThrow();");
    }
}
