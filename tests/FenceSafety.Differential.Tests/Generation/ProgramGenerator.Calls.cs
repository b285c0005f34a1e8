namespace FenceSafety.Differential.Tests.Generation;

internal sealed partial class ProgramGenerator
{
    private void Call(Scope scope)
    {
        if (scope.Callable >= _methods.Count)
        {
            Effect(scope with { ActionParameter = null });
            return;
        }

        Method method = _methods[scope.Callable + _rng.Next(_methods.Count - scope.Callable)];
        using var _ = _w.With(method.Feature);
        Calls(method);
        string n = method.Name;
        switch (method.Shape)
        {
            case Shape.LockParameter:
                string own = $"{In(method)}.gate{method.Index}";
                _w.Line($"{n}.Go({_rng.Pick(["W.g0", "W.g1", "W.d0.Gate", "W.arr[D.Index()]", scope.LockParameter ?? "W.g2", own, own, own])});");
                break;
            case Shape.Flags:
                _w.Line($"{n}.Go({scope.FlagsParameter ?? _rng.Pick(["AllocFlags.Kernel", "AllocFlags.High"])});");
                break;
            case Shape.DelegateParameter:
                DelegateArgument(scope, n);
                break;
            case Shape.Interface:
                Dispatched(method, "I" + n);
                break;
            case Shape.Virtual:
                Dispatched(method, "B" + n);
                break;
            case Shape.Generic:
                _w.Line($"{n}.Go({In(method)}.{_rng.Pick(["a", "b"])}{method.Index});");
                break;
            case Shape.Property:
                _w.Line($"D.Use({n}.Go);");
                break;
            case Shape.Constructor:
                _w.Line($"_ = new {n}(1);");
                break;
            case Shape.Operator:
                _w.Line($"_ = default({n}) + 1;");
                break;
            case Shape.Instance or Shape.Injected:
                _w.Line($"{_rng.Pick(["W.d0", "W.d1"])}.{n}();");
                break;
            case Shape.RequiresLock:
                string device = _rng.Pick(["W.d0", "W.d1"]);
                _w.Line($"lock ({device}.Gate) {{ {device}.{n}(); }}");
                break;
            case Shape.RequiresLockOnly:
                if (_rng.Chance(50))
                    _w.Line($"{In(method)}.own{method.Index}.Go();", "required lock not held");
                else
                    _w.Line($"lock ({In(method)}.own{method.Index}.Mine) {{ {In(method)}.own{method.Index}.Go(); }}", "required lock held");
                break;
            case Shape.Thrower:
                Caught($"{n}.Go();", scope);
                break;
            case Shape.TakeAndGive or Shape.DeclaredTakeAndGive:
                Between($"{In(method)}.pair{method.Index}.Take();", scope.Deeper().NoReturn(), $"{In(method)}.pair{method.Index}.Give();", method.Feature);
                break;
            case Shape.TryHelper:
                _w.Open($"if ({n}.TryTake()) {{");
                Body(scope.Deeper().NoReturn());
                _w.Line($"{n}.Give();");
                _w.Close();
                break;
            case Shape.GuardHelper:
                Using(n + ".Take()", scope.Deeper(), method.Feature);
                break;
            case Shape.DelegateField:
                _w.Line($"{In(method)}.act{method.Index}();", "delegate in a field");
                break;
            case Shape.Iterator:
                _w.Line($"foreach (int item in {n}.Go()) {{ D.Use(item); }}");
                break;
            case Shape.Opaque:
                _w.Line($"{In(method)}.hook{method.Index}();", "opaque call");
                break;
            case Shape.Retaker:
                string gate = scope.Held.Count > 0 ? _rng.Pick(scope.Held) : "W.g0";
                _w.Line($"lock ({gate}) {{ {n}.Go({gate}); }}");
                break;
            case Shape.LocalFunction or Shape.Capturing or Shape.CapturingLambda:
                _w.Line($"{n}.Go();");
                break;
            case >= Shape.AsyncIterator:
                CallMember(scope, method);
                break;
            case >= Shape.Async:
                CallFeature(scope, method);
                break;
            default:
                Static(scope, n);
                break;
        }
    }

    /// <summary>Remembers who may call whom, whether or not it ever happens.</summary>
    private void Calls(Method method)
    {
        if (!_calls.TryGetValue(_unit, out HashSet<string>? callees))
            _calls.Add(_unit, callees = new HashSet<string>(StringComparer.Ordinal));
        callees.Add(method.Name);
    }

    private void Static(Scope scope, string name)
    {
        switch (_rng.Next(6))
        {
            case 0:
                string action = Local("action");
                _w.Line($"Action {action} = {name}.Go;", "method group");
                _w.Line($"{action}();", "method group");
                break;
            case 1:
                string lambda = Local("action");
                using (_w.With("lambda"))
                {
                    _w.OpenBody($"Action {lambda} = () => {{");
                    Body(scope.Nested());
                    _w.CloseBody("};");
                    _w.Line($"{lambda}();");
                }

                break;
            case 2 when !scope.IsCritical:
                using (_w.With("critical delegate"))
                {
                    if (_rng.Chance(50))
                    {
                        _w.Line($"Run.Critical({name}.Go);");
                        break;
                    }

                    _w.OpenBody("Run.Critical(() => {");
                    Body(scope.Nested() with { IsCritical = true });
                    _w.CloseBody("});");
                }

                break;
            default:
                _w.Line($"{name}.Go();");
                break;
        }
    }

    private void DelegateArgument(Scope scope, string name)
    {
        if (_rng.Chance(40) && _methods[^1].Index >= scope.Callable)
        {
            Calls(_methods[^1]);
            _w.Line($"{name}.Go({_methods[^1].Name}.Go);", "method group");
            return;
        }

        using (_w.With("lambda"))
        {
            _w.OpenBody($"{name}.Go(() => {{");
            Body(scope.Nested());
            _w.CloseBody("});");
        }
    }

    private void Dispatched(Method method, string type)
    {
        string receiver = Local("receiver");
        string a = $"{In(method)}.a{method.Index}", b = $"{In(method)}.b{method.Index}";
        string value = method.Shape == Shape.Virtual && _rng.Chance(30) ? a : $"D.Flip() ? {a} : {b}";
        _w.Line($"{type} {receiver} = {value};");
        _w.Line($"{receiver}.Go();");
    }
}
