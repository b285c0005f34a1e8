using FenceSafety.CodeFixes.TakeReference;

namespace FenceSafety.Analyzers.Tests.CodeFixes;

using Take = Fix<TakeReferenceCodeFixProvider>;

/// <summary>A reference is taken under the lock and put after the last use.</summary>
public class TakeReferenceTests
{
    static Task Member(string member, string? fixedMember = null) => Take.Code(Class(member), fixedMember is null ? null : Class(fixedMember));

    static string Class(string member) => $$"""
        class C
        {
            readonly KMutex _table = new();
            readonly Page[] _pages = new Page[4];
            readonly object _gate = new();
            Bo _bo;
            int _moved;

        {{member}}
        }

        [LockPrimitive(LockKind.Sleeping)]
        [RefCounted(Acquire = nameof(TryGet), Release = nameof(Put))]
        sealed class Page
        {
            public readonly object Contents = new();

            public bool TryGet() => true;

            public void Put() { }

            [AcquiresLock]
            public void Lock() { }

            [ReleasesLock]
            public void Unlock() { }
        }

        [RefCounted(Acquire = nameof(Get), Release = nameof(Put))]
        sealed class Bo
        {
            public readonly KMutex Lock = new();

            public void Get() { }

            public void Put() { }
        }
        """;

    [Fact]
    public Task A_reference_that_may_be_refused() => Member(
        """
            void Block(int i)
            {
                Page page;
                using (_table.Lock())
                {
                    // Find it.
                    page = _pages[i];
                }

                // Wait for it.
                {|FENCE014:page.Lock()|};
                page.Unlock();
                _moved++;
            }

            async Task Embedded(int i)
            {
                await Task.Yield();
                Page page;
                using (_table.Lock())
                    page = _pages[i];
                {|FENCE014:page.Lock()|};
                page.Unlock();
            }

            void Null(int i)
            {
                Page page = null;
                lock (_gate)
                {
                    page = _pages[i];
                    if (page == null)
                        return;
                }
                lock ({|FENCE014:page.Contents|})
                    _moved++;
            }
        """,
        """
            void Block(int i)
            {
                Page page;
                using (_table.Lock())
                {
                    // Find it.
                    page = _pages[i];
                    if (!page.TryGet())
                        return;
                }

                try
                {
                    // Wait for it.
                    page.Lock();
                    page.Unlock();
                }
                finally
                {
                    page.Put();
                }
                _moved++;
            }

            async Task Embedded(int i)
            {
                await Task.Yield();
                Page page;
                using (_table.Lock())
                {
                    page = _pages[i];
                    if (!page.TryGet())
                        return;
                }
                try
                {
                    page.Lock();
                    page.Unlock();
                }
                finally
                {
                    page.Put();
                }
            }

            void Null(int i)
            {
                Page page = null;
                lock (_gate)
                {
                    page = _pages[i];
                    if (page == null)
                        return;
                    if (!page.TryGet())
                        return;
                }
                try
                {
                    lock (page.Contents)
                        _moved++;
                }
                finally
                {
                    page.Put();
                }
            }
        """);

    [Fact]
    public Task A_reference_that_is_always_given() => Member(
        """
            int Guard()
            {
                Bo bo;
                lock (_gate)
                    bo = _bo;
                if (_moved == 1)
                    return 0;
                using (var held = {|FENCE014:bo.Lock.Lock()|})
                    return 1;
            }

            int Enter()
            {
                Monitor.Enter(_gate);
                var bo = _bo;
                Monitor.Exit(_gate);
                using var held = {|FENCE014:bo.Lock.Lock()|};
                int moved = _moved;
                return moved;
            }
        """,
        """
            int Guard()
            {
                Bo bo;
                lock (_gate)
                {
                    bo = _bo;
                    bo.Get();
                }
                try
                {
                    if (_moved == 1)
                        return 0;
                    using (var held = bo.Lock.Lock())
                        return 1;
                }
                finally
                {
                    bo.Put();
                }
            }

            int Enter()
            {
                Monitor.Enter(_gate);
                var bo = _bo;
                bo.Get();
                Monitor.Exit(_gate);
                try
                {
                    using var held = bo.Lock.Lock();
                    int moved = _moved;
                    return moved;
                }
                finally
                {
                    bo.Put();
                }
            }
        """);

    [Fact]
    public Task Refused_where_it_is_handed_on_found_twice_counted_already_or_has_a_result() => Member(
        """
            Bo Returned()
            {
                Bo bo;
                lock (_gate)
                    bo = _bo;
                using ({|FENCE014:bo.Lock.Lock()|}) { }
                return bo;
            }

            void Twice(bool other, Bo that)
            {
                Bo bo;
                lock (_gate)
                    bo = _bo;
                if (other)
                    bo = that;
                using ({|FENCE014:bo.Lock.Lock()|}) { }
            }

            void Counted()
            {
                Bo bo;
                lock (_gate)
                {
                    bo = _bo;
                    bo.Get();
                }
                bo.Put();
                using ({|FENCE014:bo.Lock.Lock()|}) { }
            }

            int Result(int i)
            {
                Page page;
                lock (_gate)
                    page = _pages[i];
                {|FENCE014:page.Lock()|};
                page.Unlock();
                return 1;
            }

            void TestedLater(int i)
            {
                Page page;
                lock (_gate)
                    page = _pages[i];
                if (page is null)
                    return;
                {|FENCE014:page.Lock()|};
                page.Unlock();
            }
        """);
}
