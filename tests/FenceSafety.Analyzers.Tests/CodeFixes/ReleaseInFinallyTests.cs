using FenceSafety.CodeFixes.ReleaseInFinally;

namespace FenceSafety.Analyzers.Tests.CodeFixes;

using Release = Fix<ReleaseInFinallyCodeFixProvider>;

/// <summary>Locks, regions and guards are given back on every way out.</summary>
public class ReleaseInFinallyTests
{
    static Task Member(string member, string? fixedMember = null) => Release.Code(Class(member), fixedMember is null ? null : Class(fixedMember));

    internal static string Class(string member) => $$"""
        class C
        {
            readonly object _gate = new();
            readonly KMutex _mutex = new();
            readonly Lock _lock = new();
            readonly SemaphoreSlim _sem = new(1);
            readonly ReaderWriterLockSlim _rw = new();
            readonly SpinGate _spin = new();
            int _count;

            void Work() { }

        {{member}}
        }
        """;

    [Fact]
    public Task Monitor_that_an_early_return_keeps() => Member(
        """
            bool M(int n)
            {
                {|FENCE016:Monitor.Enter(_gate)|};

                // Nothing to do?
                if (n < 0)
                    return false;
                _count += n; // counted

                // Done.
                Monitor.Exit(_gate);
                return true;
            }
        """,
        """
            bool M(int n)
            {
                Monitor.Enter(_gate);

                try
                {
                    // Nothing to do?
                    if (n < 0)
                        return false;
                    _count += n; // counted
                }
                finally
                {
                    // Done.
                    Monitor.Exit(_gate);
                }
                return true;
            }
        """);

    [Fact]
    public Task Releases_before_other_ways_out_are_left_to_the_finally() => Member(
        """
            int M(int n)
            {
                for (int i = 0; i < n; i++)
                {
                    {|FENCE016:_spin.Enter()|};
                    if (i == 3)
                    {
                        // The fourth.
                        _spin.Leave();
                        continue;
                    }

                    if (i == 4)
                        throw new InvalidOperationException();
                    if (i == 5) { _spin.Leave(); return _count; }
                    else if (i == 6)
                        return 0;
                    else
                    {
                        _count++;
                        _spin.Leave();
                    }
                }
                return 1;
            }
        """,
        """
            int M(int n)
            {
                for (int i = 0; i < n; i++)
                {
                    _spin.Enter();
                    try
                    {
                        if (i == 3)
                        {
                            // The fourth.
                            continue;
                        }

                        if (i == 4)
                            throw new InvalidOperationException();
                        if (i == 5) { return _count; }
                        else if (i == 6)
                            return 0;
                        else
                        {
                            _count++;
                        }
                    }
                    finally
                    {
                        _spin.Leave();
                    }
                }
                return 1;
            }
        """);

    [Fact]
    public Task A_lock_that_is_never_released() => Member(
        """
            void M() { {|FENCE016:_lock.Enter()|}; _count++; }

            void N()
            {
                {|FENCE016:_rw.EnterReadLock()|};
                _count++;
            }

            void O()
            {
                {|FENCE016:Monitor.Enter(_gate)|};
                _count++;
            }

            async Task P()
            {
                await {|FENCE016:_sem.WaitAsync()|};
                await Task.Yield();
            }

            void Q()
            {
                {|FENCE016:_spin.Enter()|};
                _count++;
            }
        """,
        """
            void M() { {|FENCE016:_lock.Enter()|}; _count++; }

            void N()
            {
                _rw.EnterReadLock();
                try
                {
                    _count++;
                }
                finally
                {
                    _rw.ExitReadLock();
                }
            }

            void O()
            {
                Monitor.Enter(_gate);
                try
                {
                    _count++;
                }
                finally
                {
                    Monitor.Exit(_gate);
                }
            }

            async Task P()
            {
                await _sem.WaitAsync();
                try
                {
                    await Task.Yield();
                }
                finally
                {
                    _sem.Release();
                }
            }

            void Q()
            {
                _spin.Enter();
                try
                {
                    _count++;
                }
                finally
                {
                    _spin.Leave();
                }
            }
        """);

    [Fact]
    public Task Members_that_take_and_give_and_a_region() => Member(
        """
            [AcquiresLock(nameof(_gate))] void Take() => Monitor.Enter(_gate);

            [ReleasesLock(nameof(_gate))] void Give() => Monitor.Exit(_gate);

            void M(bool stop)
            {
                {|FENCE016:Take()|};
                if (stop)
                    return;
                Give();
            }

            bool N(bool stop)
            {
                var cookie = {|FENCE016:Fence.Begin()|};
                if (stop)
                    return false;
                Fence.End(cookie);
                Work();
                return true;
            }
        """,
        """
            [AcquiresLock(nameof(_gate))] void Take() => Monitor.Enter(_gate);

            [ReleasesLock(nameof(_gate))] void Give() => Monitor.Exit(_gate);

            void M(bool stop)
            {
                Take();
                try
                {
                    if (stop)
                        return;
                }
                finally
                {
                    Give();
                }
            }

            bool N(bool stop)
            {
                var cookie = Fence.Begin();
                try
                {
                    if (stop)
                        return false;
                }
                finally
                {
                    Fence.End(cookie);
                }
                Work();
                return true;
            }
        """);

    [Fact]
    public Task The_code_before_a_try_goes_into_it() => Member(
        """
            bool M(int n)
            {
                {|FENCE016:Monitor.Enter(_gate)|};

                if (n < 0)
                    return false;

                try
                {
                    _count += n;
                    return true;
                }
                finally
                {
                    Monitor.Exit(_gate);
                }
            }
        """,
        """
            bool M(int n)
            {
                Monitor.Enter(_gate);

                try
                {
                    if (n < 0)
                        return false;
                    _count += n;
                    return true;
                }
                finally
                {
                    Monitor.Exit(_gate);
                }
            }
        """);

    [Fact]
    public Task Guards_get_a_using() => Member(
        """
            void Dropped()
            {
                {|FENCE016:_mutex.Lock()|};
                _count++;
            }

            void Discarded()
            {
                _ = {|FENCE016:_mutex.Lock()|};
                int held = _count;
            }

            void Local(bool stop)
            {
                var held = {|FENCE016:_mutex.Lock()|};
                if (stop)
                    return;
                _count++;
                held.Dispose();
            }

            void Scope(bool stop)
            {
                var scope = {|FENCE016:_lock.EnterScope()|};
                if (stop)
                {
                    scope.Dispose();
                    return;
                }
                if (_count == 1)
                    return;
                _count++;
                scope.Dispose();
            }

            void Longer(bool stop)
            {
                var held = {|FENCE016:_mutex.Lock()|};
                if (stop)
                    return;
                held.Dispose();
                Work();
            }
        """,
        """
            void Dropped()
            {
                using var held = _mutex.Lock();
                _count++;
            }

            void Discarded()
            {
                using var held2 = _mutex.Lock();
                int held = _count;
            }

            void Local(bool stop)
            {
                using var held = _mutex.Lock();
                if (stop)
                    return;
                _count++;
            }

            void Scope(bool stop)
            {
                using var scope = _lock.EnterScope();
                if (stop)
                {
                    return;
                }
                if (_count == 1)
                    return;
                _count++;
            }

            void Longer(bool stop)
            {
                var held = _mutex.Lock();
                try
                {
                    if (stop)
                        return;
                }
                finally
                {
                    held.Dispose();
                }
                Work();
            }
        """);

    [Fact]
    public Task Top_level_statements() => Release.Program(
        """
        object gate = new();
        int count = 0;
        {|FENCE016:Monitor.Enter(P.Gate)|};
        if (args.Length == 0)
            return;
        count++;
        Monitor.Exit(P.Gate);

        static class P
        {
            public static readonly object Gate = new();
        }
        """,
        """
        object gate = new();
        int count = 0;
        Monitor.Enter(P.Gate);
        try
        {
            if (args.Length == 0)
                return;
            count++;
        }
        finally
        {
            Monitor.Exit(P.Gate);
        }

        static class P
        {
            public static readonly object Gate = new();
        }
        """);

    [Fact]
    public Task Strings_keep_their_lines() => Member(
        """"
            string M(bool stop)
            {
                string text = "";
                {|FENCE016:Monitor.Enter(_gate)|};
                if (stop)
                    return text;
                text = @"
        one
            two";
                Monitor.Exit(_gate);
                return text;
            }
        """",
        """"
            string M(bool stop)
            {
                string text = "";
                Monitor.Enter(_gate);
                try
                {
                    if (stop)
                        return text;
                    text = @"
        one
            two";
                }
                finally
                {
                    Monitor.Exit(_gate);
                }
                return text;
            }
        """");
}
