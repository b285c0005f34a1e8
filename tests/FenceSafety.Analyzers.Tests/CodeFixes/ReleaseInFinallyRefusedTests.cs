using FenceSafety.CodeFixes.ReleaseInFinally;

namespace FenceSafety.Analyzers.Tests.CodeFixes;

using Release = Fix<ReleaseInFinallyCodeFixProvider>;

/// <summary>Where a <c>finally</c> would do something else than the code does, the fix is not offered.</summary>
public class ReleaseInFinallyRefusedTests
{
    static Task Member(string member) => Release.Code(ReleaseInFinallyTests.Class(member));

    [Fact]
    public Task Refused_where_more_is_done_after_a_release() => Member(
        """
            void After(bool stop, bool other)
            {
                {|FENCE016:Monitor.Enter(_gate)|};
                if (stop)
                {
                    Monitor.Exit(_gate);
                    Work();
                    return;
                }
                if (other)
                    return;
                Monitor.Exit(_gate);
            }

            int Value(bool stop, bool other)
            {
                {|FENCE016:Monitor.Enter(_gate)|};
                if (stop)
                {
                    Monitor.Exit(_gate);
                    return Compute();
                }
                if (other)
                    return 0;
                Monitor.Exit(_gate);
                return 1;
            }

            int Compute() => 0;
        """);

    [Fact]
    public Task Refused_where_a_local_would_be_lost_the_lock_is_taken_again_or_a_loop_releases() => Member(
        """
            int Local(bool stop)
            {
                {|FENCE016:Monitor.Enter(_gate)|};
                if (stop)
                    return 0;
                int count = _count;
                Monitor.Exit(_gate);
                return count;
            }

            void Again(bool stop)
            {
                {|FENCE016:Monitor.Enter(_gate)|};
                if (stop)
                    return;
                Monitor.Exit(_gate);
                Monitor.Enter(_gate);
                Monitor.Exit(_gate);
            }

            void Loop(int n)
            {
                {|FENCE016:Monitor.Enter(_gate)|};
                for (int i = 0; i < n; i++)
                {
                    if (i == 7)
                    {
                        Monitor.Exit(_gate);
                        break;
                    }
                }
            }
        """);

    [Fact]
    public Task Refused_where_the_lock_is_handed_over_or_nothing_follows() => Member(
        """
            void Begin()
            {
                {|FENCE016:Monitor.Enter(_gate)|};
                _count++;
            }

            void End()
            {
                {|FENCE016:Monitor.Exit(_gate)|};
            }

            void Lambda(bool stop)
            {
                {|FENCE016:Monitor.Enter(_gate)|};
                Action give = () => {|FENCE016:Monitor.Exit(_gate)|};
                if (stop)
                    return;
                give();
            }

            void Nothing() => {|FENCE016:_mutex.Lock()|};

            void Nothing2()
            {
                {|FENCE016:_mutex.Lock()|};
            }

            [RequiresLock(nameof(_gate))] void Locked() { }

            void Required() => {|FENCE016:Locked()|};
        """);
}
