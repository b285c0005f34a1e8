namespace FenceSafety.Differential.Tests.Generation;

internal sealed partial class ProgramGenerator
{
    private void Lock(Scope scope)
    {
        switch (_rng.Next(100))
        {
            case < 85 when scope.LockParameter is not null:
            case < 55:
                MonitorLock(scope);
                break;
            case < 63:
                NewLock(scope);
                break;
            case < 73:
                ReaderWriter(scope);
                break;
            case < 77:
                Semaphore(scope);
                break;
            case < 81:
                WaitHandles(scope);
                break;
            case < 88:
                Spin(scope);
                break;
            default:
                Guarded(scope);
                break;
        }
    }

    /// <summary>An object to lock, as an expression that means the same object each time.</summary>
    private (string Gate, string[] Features) Gate(Scope scope)
    {
        var (expression, feature, isStable) = _rng.Pick(Gates(scope));
        if (isStable && _rng.Chance(75))
            return (expression, [feature]);
        expression = expression.Replace("matched", Local("matched"), StringComparison.Ordinal);
        string local = Local("gate");
        if (feature == "lock out of a deconstruction")
        {
            string first = Local("first");
            _w.Line($"var ({first}, {local}) = {expression};", feature);
            return (local, [feature]);
        }

        _w.Line($"object {local} = {expression};");
        return (local, [feature, "lock in local"]);
    }

    private List<(string Expression, string Feature, bool IsStable)> Gates(Scope scope)
    {
        var gates = new List<(string, string, bool)>
        {
            ("W.g0", "static lock", true),
            ("W.g1", "static lock", true),
            ("W.g2", "named lock", true),
            ("W.d0.Gate", "instance lock", true),
            ("W.d1.Gate", "instance lock", true),
            ("W.arr[D.Index()]", "array element", false),
            ("D.Flip() ? W.g0 : W.g1", "one of two locks", false),
            ("D.Flip() ? W.d0.Gate : W.g1", "one of two locks", false),
            ("W.list[D.Index()]", "lock in a collection", false),
            ("W.map[D.Index()]", "lock in a collection", false),
            ("D.Loop() switch { 0 => W.g0, 1 => W.level1, _ => W.g1 }", "lock from a switch expression", false),
            ("W.any is Dev { Gate: var matched } ? matched : W.g1", "lock from a pattern", false),
            ("W.grid[D.Index()][D.Index()]", "array of arrays", false),
            ("W.stack.Peek()", "lock in a collection", false),
            ("W.map.TryGetValue(D.Index(), out object matched) ? matched : W.g1", "lock in a collection", false),
            ("(W.g0, W.d1.Gate)", "lock out of a deconstruction", false),
            ("W.cell.Mine", "lock of a generic type", true),
            ("W.rec.Gate", "lock of a record", true),
            ("W.level0", "subclass", true),
            ("W.safe", "fence-safe lock", true),
            ("typeof(Dev)", "type as lock", true),
            ("PickGate()", "lock from a method", false),
            ("SameGate", "lock from a property", true),
        };
        foreach (Method method in _methods.Where(m => m.Shape == Shape.LockParameter && (m.Index >= _cut || _w.Part != Part.Library)))
            gates.Add(($"{In(method)}.gate{method.Index}", "lock that is handed over", true));
        if (!scope.IsStatic)
        {
            gates.Add(("Gate", "lock of this", true));
            gates.Add(("Gate", "lock of this", true));
        }

        if (scope.LockParameter is { } parameter)
        {
            for (int i = 0; i < 12; i++)
                gates.Add((parameter, "locked parameter", true));
        }

        return [.. gates.Select(g => (g.Item1.Replace("PickGate", "Library.PickGate", StringComparison.Ordinal)
            .Replace("SameGate", "Library.SameGate", StringComparison.Ordinal), g.Item2, g.Item3))];
    }

    private void MonitorLock(Scope scope)
    {
        var (gate, features) = Gate(scope);
        using var _ = _w.With(features);
        Scope inside = scope.Holding(gate);
        string taken = Local("taken");
        switch (_rng.Next(9))
        {
            case 0:
                Between($"Monitor.Enter({gate});", inside.NoReturn(), $"Monitor.Exit({gate});", "enter and exit");
                break;
            case 1:
                _w.Line($"Monitor.Enter({gate});", "enter in try");
                Finally(inside, $"Monitor.Exit({gate});", "enter in try");
                break;
            case 2:
                _w.Line($"bool {taken} = false;");
                using (_w.With("lockTaken"))
                {
                    _w.Open("try {");
                    _w.Line($"Monitor.Enter({gate}, ref {taken});");
                    Body(inside);
                    _w.Middle("} finally {");
                    _w.Line($"if ({taken}) {{ Monitor.Exit({gate}); }}");
                    _w.Close();
                }

                break;
            case 3:
                using (_w.With("try lock"))
                {
                    _w.Open($"if (Monitor.TryEnter({gate})) {{");
                    Body(inside.NoReturn());
                    _w.Line($"Monitor.Exit({gate});");
                    _w.Close();
                }

                break;
            case 4:
                using (_w.With("stored try result"))
                {
                    _w.Line($"bool {taken} = Monitor.TryEnter({gate});");
                    _w.Open($"if ({taken}) {{");
                    Body(inside.NoReturn());
                    _w.Line($"Monitor.Exit({gate});");
                    _w.Close();
                }

                break;
            case 5:
                using (_w.With("failed try"))
                {
                    _w.Line($"if (!Monitor.TryEnter({gate}, 50)) {{ {scope.Return ?? "Monitor.Enter(" + gate + ");"} }}");
                    Body(inside.NoReturn());
                    _w.Line($"Monitor.Exit({gate});");
                }

                break;
            default:
                using (_w.With("lock statement"))
                {
                    _w.Open($"lock ({gate}) {{");
                    Body(inside);
                    _w.Close();
                }

                break;
        }
    }

    private void NewLock(Scope scope)
    {
        Scope inside = scope.Deeper();
        using var _ = _w.With("System.Threading.Lock");
        switch (_rng.Next(3))
        {
            case 0:
                Using("W.l0.EnterScope()", inside, "lock scope");
                break;
            case 1:
                _w.Line("W.l0.Enter();");
                Finally(inside, "W.l0.Exit();", "enter in try");
                break;
            default:
                _w.Open("lock (W.l0) {");
                Body(inside);
                _w.Close();
                break;
        }
    }

    private void ReaderWriter(Scope scope)
    {
        Scope inside = scope.Deeper();
        switch (_rng.Next(6))
        {
            case 0:
                Between("W.rw.EnterReadLock();", inside.NoReturn(), "W.rw.ExitReadLock();", "read lock");
                break;
            case 1:
                _w.Line("W.rw.EnterWriteLock();", "write lock");
                Finally(inside, "W.rw.ExitWriteLock();", "write lock");
                break;
            case 2:
                Between("W.rw.EnterUpgradeableReadLock();", inside.NoReturn(), "W.rw.ExitUpgradeableReadLock();", "upgradeable lock");
                break;
            case 3:
                using (_w.With("read lock", "try lock"))
                {
                    _w.Open("if (W.rw.TryEnterReadLock(0)) {");
                    Body(inside.NoReturn());
                    _w.Line("W.rw.ExitReadLock();");
                    _w.Close();
                }

                break;
            case 4:
                Using("W.rs.ReadLock()", inside, "shared guard");
                break;
            default:
                Using("W.rs.WriteLock()", inside, "exclusive guard");
                break;
        }
    }

    private void Semaphore(Scope scope)
    {
        if (_rng.Chance(70))
        {
            Between("W.sem.Wait();", scope.Deeper().NoReturn(), "W.sem.Release();", "semaphore");
            return;
        }

        using (_w.With("semaphore", "try lock"))
        {
            _w.Open("if (W.sem.Wait(0)) {");
            Body(scope.Deeper().NoReturn());
            _w.Line("W.sem.Release();");
            _w.Close();
        }
    }

    private void WaitHandles(Scope scope)
    {
        Scope inside = scope.Deeper();
        switch (_rng.Next(5))
        {
            case 0:
                Between("W.mutex.WaitOne();", inside.NoReturn(), "W.mutex.ReleaseMutex();", "mutex");
                break;
            case 1:
                using (_w.With("mutex", "try lock"))
                {
                    _w.Open("if (W.mutex.WaitOne(0)) {");
                    Body(inside.NoReturn());
                    _w.Line("W.mutex.ReleaseMutex();");
                    _w.Close();
                }

                break;
            case 2:
                Between("W.gauge.WaitOne();", inside.NoReturn(), "W.gauge.Release();", "System.Threading.Semaphore");
                break;
            case 3:
                _w.Line("W.old.AcquireWriterLock(-1);", "ReaderWriterLock");
                Finally(inside, "W.old.ReleaseWriterLock();", "ReaderWriterLock");
                break;
            default:
                Between("W.old.AcquireReaderLock(-1);", inside.NoReturn(), "W.old.ReleaseReaderLock();", "ReaderWriterLock");
                break;
        }
    }

    private void Spin(Scope scope)
    {
        Scope inside = scope.Deeper();
        using var _ = _w.With("spin lock");
        string taken = Local("taken");
        switch (_rng.Next(4))
        {
            case 0:
                Between("W.ks.Enter();", inside.NoReturn(), "W.ks.Leave();", "declared spin lock");
                break;
            case 1:
                _w.Line($"bool {taken} = false;");
                _w.Line($"W.spin.Enter(ref {taken});", "System.Threading.SpinLock");
                Finally(inside, "W.spin.Exit();", "System.Threading.SpinLock");
                break;
            case 2:
                string guard = Local("guard");
                using (_w.With("guard of a try"))
                {
                    _w.Open($"if (W.raw.TryLock(out var {guard})) {{");
                    Body(inside.NoReturn());
                    _w.Line($"{guard}.Dispose();");
                    _w.Close();
                }

                break;
            default:
                Using("W.raw.Lock()", inside, "spin guard");
                break;
        }
    }

    private void Guarded(Scope scope)
    {
        Scope inside = scope.Deeper();
        string guard = Local("guard");
        switch (_rng.Next(11))
        {
            case 4:
                using (_w.With("guard in a pattern"))
                {
                    _w.Open($"if (W.km.TryTake() is {{ }} {guard}) {{");
                    Body(inside.NoReturn());
                    _w.Line($"{guard}.Dispose();");
                    _w.Close();
                }

                break;
            case 5:
                using (_w.With("guard in a pattern"))
                {
                    _w.Line($"var {guard} = W.km.TryTake();");
                    _w.Open($"if ({guard} is not null) {{");
                    _w.Open($"using ({guard}) {{");
                    Body(inside);
                    _w.Close();
                    _w.Close();
                }

                break;
            case 6:
                Using("W.km.TryTake()", inside, "guard that may be null");
                break;
            case 7:
                Using("D.Flip() ? W.mx.Lock() : default", inside, "guard or nothing");
                break;
            case 8:
                Using("D.Flip() ? W.km.Take() : null", inside, "guard or nothing");
                break;
            case 9:
                Using("new Wrapped()", inside, "guard that stores a guard");
                break;
            case 10 when HasFiled:
                Between("W.latch.Take();", inside.NoReturn(), "W.latch.Give();", "lock annotated in a file");
                break;
            case 0:
                using (_w.With("using declaration"))
                {
                    _w.Open("{");
                    _w.Line($"using var {guard} = W.mx.Lock();");
                    Body(inside);
                    _w.Close();
                }

                break;
            case 1:
                using (_w.With("guard of a try"))
                {
                    _w.Open($"if (W.mx.TryLock(out var {guard})) {{");
                    Body(inside.NoReturn());
                    _w.Line($"{guard}.Dispose();");
                    _w.Close();
                }

                break;
            case 2:
                using (_w.With("guard disposed by hand"))
                {
                    _w.Line($"var {guard} = W.mx.Lock();");
                    Finally(inside, $"{guard}.Dispose();", "guard disposed by hand");
                }

                break;
            default:
                Using("W.mx.Lock()", inside, "guard");
                break;
        }
    }

    private void Between(string take, Scope inside, string give, string feature)
    {
        using var _ = _w.With(feature);
        _w.Line(take);
        Body(inside);
        _w.Line(give);
    }

    private void Using(string resource, Scope inside, string feature)
    {
        using var _ = _w.With(feature);
        _w.Open($"using ({resource}) {{");
        Body(inside);
        _w.Close();
    }

    private void Finally(Scope inside, string give, string feature)
    {
        using var _ = _w.With(feature);
        _w.Open("try {");
        Body(inside);
        _w.Middle("} finally {");
        _w.Line(give);
        _w.Close();
    }
}
