using FenceSafety.CodeFixes.ReRead;

namespace FenceSafety.Analyzers.Tests.CodeFixes;

using Again = Fix<ReReadCodeFixProvider>;

/// <summary>Snapshots are read again, or compared, under the lock.</summary>
public class ReReadTests
{
    static Task Member(string kind, string member, string? fixedMember = null)
    {
        var test = Again.Test(Class(member), fixedMember is null ? null : Class(fixedMember));
        test.CodeActionEquivalenceKey = "FenceSafety.ReRead." + kind;
        return test.RunAsync();
    }

    static string Class(string member) => $$"""
        class C
        {
            readonly object _lock = new();
            readonly KMutex _mutex = new();
            readonly long[] _entries = new long[16];
            int _at;

            [Snapshot]
            long Peek(int i) => Volatile.Read(ref _entries[i]);

            void Split(int i, [RequiresStable] long entry) { }

            void Zap(int i, [RequiresStable("_lock")] long entry) { }

            void Move() => _at++;

        {{member}}
        }
        """;

    [Fact]
    public Task Read_again_under_lock_and_guard() => Member(
        "read",
        """
            void Block(int i)
            {
                var entry = Peek(i);
                lock (_lock)
                {
                    // Now.
                    if (entry == 0)
                        return;
                    Split(i, {|FENCE015:entry|});
                }
            }

            int Embedded(int i)
            {
                long entry;
                entry = Peek(i + 1);
                lock (_lock)
                    Split(i, {|FENCE015:entry|});
                return 0;
            }

            void Guard(int i)
            {
                var entry = Peek(i);
                Move();
                using var held = _mutex.Lock();
                Split(i, {|FENCE015:entry|});
            }

            void Enter(int i)
            {
                var entry = Peek(i);
                Monitor.Enter(_lock);
                try
                {
                    Split(i, {|FENCE015:entry|});
                }
                finally
                {
                    Monitor.Exit(_lock);
                }
            }
        """,
        """
            void Block(int i)
            {
                var entry = Peek(i);
                lock (_lock)
                {
                    entry = Peek(i);
                    // Now.
                    if (entry == 0)
                        return;
                    Split(i, entry);
                }
            }

            int Embedded(int i)
            {
                long entry;
                entry = Peek(i + 1);
                lock (_lock)
                {
                    entry = Peek(i + 1);
                    Split(i, entry);
                }
                return 0;
            }

            void Guard(int i)
            {
                var entry = Peek(i);
                Move();
                using var held = _mutex.Lock();
                entry = Peek(i);
                Split(i, entry);
            }

            void Enter(int i)
            {
                var entry = Peek(i);
                Monitor.Enter(_lock);
                try
                {
                    entry = Peek(i);
                    Split(i, entry);
                }
                finally
                {
                    Monitor.Exit(_lock);
                }
            }
        """);

    [Fact]
    public Task Compared_where_it_was_tested_before() => Member(
        "compare",
        """
            void Block(int i)
            {
                var entry = Peek(i);
                if (entry == 0)
                    return;
                lock (_lock)
                {
                    Split(i, {|FENCE015:entry|});
                }
            }

            async Task Embedded(int i)
            {
                await Task.Yield();
                var entry = Peek(i);
                if (entry == 0)
                    return;
                lock (_lock)
                    Split(i, {|FENCE015:entry|});
            }
        """,
        """
            void Block(int i)
            {
                var entry = Peek(i);
                if (entry == 0)
                    return;
                lock (_lock)
                {
                    if (Peek(i) != entry)
                        return;
                    Split(i, entry);
                }
            }

            async Task Embedded(int i)
            {
                await Task.Yield();
                var entry = Peek(i);
                if (entry == 0)
                    return;
                lock (_lock)
                {
                    if (Peek(i) != entry)
                        return;
                    Split(i, entry);
                }
            }
        """);

    [Fact]
    public Task The_named_lock_is_taken() => Member(
        "lock",
        """
            void Other(int i)
            {
                var entry = Peek(i);
                // Away with it.
                Zap(i, {|FENCE015:entry|});
            }
        """,
        """
            void Other(int i)
            {
                var entry = Peek(i);
                lock (_lock)
                {
                    entry = Peek(i);
                    // Away with it.
                    Zap(i, entry);
                }
            }
        """);

    /// <summary>Under another lock than the named one it is not read again: that would not be enough.</summary>
    [Fact]
    public Task Refused_under_the_wrong_lock() => Member(
        "read",
        """
            void M(int i)
            {
                var entry = Peek(i);
                using (_mutex.Lock())
                    Zap(i, {|FENCE015:entry|});
            }
        """);

    [Fact]
    public Task Refused_where_it_was_tested_the_place_may_be_another_or_there_are_several_reads() => Member(
        "read",
        """
            int Tested(int i)
            {
                var entry = Peek(i);
                if (entry == 0)
                    return 0;
                lock (_lock)
                    Split(i, {|FENCE015:entry|});
                return 1;
            }

            void Moved(int i)
            {
                var entry = Peek(i);
                i++;
                lock (_lock)
                    Split(i, {|FENCE015:entry|});
            }

            void Loop(int i)
            {
                var entry = Peek(i);
                while (true)
                {
                    lock (_lock)
                        Split(i, {|FENCE015:entry|});
                    i++;
                }
            }

            void Field()
            {
                var entry = Peek(_at);
                lock (_lock)
                    Split(0, {|FENCE015:entry|});
            }

            void Two(int i, bool other)
            {
                var entry = Peek(i);
                if (other)
                    entry = Peek(i + 1);
                lock (_lock)
                    Split(i, {|FENCE015:entry|});
            }

            void NoLock(int i)
            {
                var entry = Peek(i);
                Split(i, {|FENCE015:entry|});
            }
        """);
}
