namespace FenceSafety.Analyzers.Tests.Rules;

/// <summary>Values read without the lock.</summary>
public class FENCE015Tests
{
    /// <summary>Puts members into a class that has a table, two locks, a snapshot and two users of entries.</summary>
    static string With(string members) =>
        """
        class C
        {
            readonly object _lock = new();
            readonly object _other = new();
            readonly long[] _entries = new long[16];

            [Snapshot]
            long Peek(int i) => Volatile.Read(ref _entries[i]);

            void Split(int i, [RequiresStable] long entry) { }

            void Zap(int i, [RequiresStable("_lock")] long entry) { }


        """ + members + "\n}\n";

    [Fact]
    public Task Reports_a_value_read_without_a_lock() => Verify.Async(With(
        """
            void Fault(int i)
            {
                var entry = Peek(i);
                Split(i, {|#0:entry|});
            }
        """),
        Verify.At0("FENCE015", "C.Peek"));

    [Fact]
    public Task Silent_on_a_value_read_under_the_lock() => Verify.Async(With(
        """
            void Fault(int i)
            {
                var entry = Peek(i);
                if (entry == 0)
                    return;
                lock (_lock)
                {
                    entry = Peek(i);
                    Split(i, entry);
                    Zap(i, entry);
                }
            }
        """));

    [Fact]
    public Task Reports_a_value_that_the_lock_came_too_late_for() => Verify.Async(With(
        """
            void Fault(int i)
            {
                var entry = Peek(i);
                lock (_lock)
                    Split(i, {|FENCE015:entry|});
            }
        """));

    [Fact]
    public Task Silent_on_a_value_that_was_compared_under_the_lock() => Verify.Async(With(
        """
            void Fault(int i)
            {
                var entry = Peek(i);
                lock (_lock)
                {
                    if (Peek(i) != entry)
                        return;
                    Split(i, entry);
                }
            }

            void Same(int i)
            {
                var entry = Peek(i);
                lock (_lock)
                {
                    var now = Peek(i);
                    if (now == entry)
                        Split(i, entry);
                }
            }
        """));

    [Fact]
    public Task Reports_on_the_side_where_they_differ() => Verify.Async(With(
        """
            void Fault(int i)
            {
                var entry = Peek(i);
                lock (_lock)
                {
                    if (Peek(i) != entry)
                        Split(i, {|FENCE015:entry|});
                }
            }
        """));

    [Fact]
    public Task Reports_a_value_read_under_another_lock() => Verify.Async(With(
        """
            void Fault(int i)
            {
                lock (_other)
                {
                    var entry = Peek(i);
                    Split(i, entry);
                    Zap(i, {|FENCE015:entry|});
                }
            }
        """));

    [Fact]
    public Task Reports_a_value_that_outlived_its_lock() => Verify.Async(With(
        """
            void Fault(int i)
            {
                long entry;
                lock (_lock)
                    entry = Peek(i);
                Split(i, {|FENCE015:entry|});
            }
        """));

    [Fact]
    public Task Silent_on_a_value_that_is_no_snapshot() => Verify.Async(With(
        """
            void Fault(int i) => Split(i, _entries[i]);
        """));
}
