namespace FenceSafety.Differential.Tests.Generation;

internal sealed partial class ProgramGenerator
{
    private void Ownership(Scope scope)
    {
        switch (_rng.Next(3))
        {
            case 0:
                MustConsume();
                break;
            case 1:
                Counted(scope);
                break;
            default:
                Snapshot(scope);
                break;
        }
    }

    private void MustConsume()
    {
        string ticket = Local("ticket");
        int variant = _rng.Next(4);
        string feature = variant switch { 0 => "consumed on one path", 1 => "overwritten", 2 => "consumed in finally", _ => "consumed in a loop" };
        using var _ = _w.With("must consume", feature);
        _w.Measured($"var {ticket} = new Ticket();", _locals++, "managed: new");
        switch (variant)
        {
            case 0:
                _w.Line($"if (D.Flip()) {{ {ticket}.Done(); }}");
                break;
            case 1:
                _w.Line($"if (D.Flip()) {{ {ticket} = new Ticket(); }}");
                _w.Line($"{ticket}.Done();");
                break;
            case 2:
                _w.Open("try {");
                Effect(new Scope(_methods.Count, MaxDepth));
                _w.Middle("} finally {");
                _w.Line($"{ticket}.Done();");
                _w.Close();
                break;
            default:
                _w.Line($"for (int {ticket}n = 0; {ticket}n < D.Loop(); {ticket}n++) {{ {ticket}.Done(); }}");
                break;
        }
    }

    private void Counted(Scope scope)
    {
        string bo = Local("bo");
        string gate = _rng.Pick(["W.g0", "W.g1"]);
        using var _ = _w.With("counted");
        _w.Line($"Bo {bo};");
        bool takes = _rng.Chance(40);
        string refused = scope.Return is null ? "false" : $"!{bo}.TryGet()";
        _w.Line(takes && scope.Return is not null
            ? $"lock ({gate}) {{ {bo} = W.table.Head; if ({refused}) {{ {scope.Return} }} }}"
            : $"lock ({gate}) {{ {bo} = W.table.Head; }}");
        _w.Line($"lock ({bo}.Lock) {{ D.Use(1); }}", "blocks on a counted object");
        if (takes && scope.Return is not null)
            _w.Line($"{bo}.Put();");
    }

    private void Snapshot(Scope scope)
    {
        string old = Local("pte");
        string gate = _rng.Pick(["W.g0", "W.d0.Gate"]);
        using var _ = _w.With("snapshot");
        _w.Line($"int {old} = W.pte.Read();");
        if (_rng.Chance(50))
            Effect(scope with { Depth = MaxDepth, ActionParameter = null, Callable = _methods.Count });
        switch (_rng.Next(3))
        {
            case 0:
                _w.Line($"lock ({gate}) {{ W.pte.Install({old}); }}", "stale");
                break;
            case 1:
                _w.Line($"lock ({gate}) {{ if ({old} == W.pte.Read()) {{ W.pte.Install({old}); }} }}", "compared");
                break;
            default:
                _w.Line($"lock ({gate}) {{ {old} = W.pte.Read(); }}");
                _w.Line($"W.pte.Install({old});", "read under a lock that was released");
                break;
        }
    }

    /// <summary>A lock that is not given back on a path, or given back where it is not held.</summary>
    private void Imbalance(Scope scope)
    {
        string gate = _rng.Pick(["W.g0", "W.g1", "W.d0.Gate"]);
        using var _ = _w.With("imbalance");
        switch (_rng.Next(3))
        {
            case 0:
                _w.Line($"Monitor.Enter({gate});", "leak on a path");
                _w.Line($"if (D.Flip()) {{ Monitor.Exit({gate}); }}", "leak on a path");
                break;
            case 1 when scope.Return is not null:
                using (_w.With("leak by return"))
                {
                    _w.Line($"Monitor.Enter({gate});");
                    _w.Line($"if (D.Flip()) {{ {scope.Return} }}");
                    _w.Line($"Monitor.Exit({gate});");
                }

                break;
            case 1:
                _w.Line($"Monitor.Enter({gate});", "leak on a path");
                _w.Line($"while (D.Flip()) {{ D.Use(1); }}");
                _w.Line($"if (D.Flip()) {{ Monitor.Exit({gate}); }}", "leak on a path");
                break;
            default:
                string region = Local("cookie");
                _w.Line($"bool {region} = Fence.Begin();", "region never ended");
                _w.Line($"if (D.Flip()) {{ Fence.End({region}); }}", "region never ended");
                break;
        }
    }
}
