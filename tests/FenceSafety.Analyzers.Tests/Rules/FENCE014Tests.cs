namespace FenceSafety.Analyzers.Tests.Rules;

/// <summary>Objects that were found under a lock and are used after it.</summary>
public class FENCE014Tests
{
    const string Page = """

        [LockPrimitive(LockKind.Sleeping)]
        [RefCounted(Acquire = nameof(TryGet), Release = nameof(Put))]
        sealed class Page
        {
            public readonly KMutex Contents = new();

            public bool TryGet() => true;

            public void Put() { }

            [AcquiresLock]
            public void Lock() { }

            [ReleasesLock]
            public void Unlock() { }
        }
        """;

    [Fact]
    public Task Reports_a_lock_of_what_another_lock_protected() => Verify.Async(
        """
        class C
        {
            readonly KMutex _table = new();
            readonly Page[] _pages = new Page[4];

            void Migrate(int i)
            {
                Page page;
                using (_table.Lock())
                    page = _pages[i];
                {|#0:page.Lock()|};
                page.Unlock();
            }
        }
        """ + Page,
        Verify.At0("FENCE014", "This Page"));

    const string Gate = """

        [LockPrimitive(LockKind.Sleeping)]
        sealed class Gate
        {
            [AcquiresLock(Try = true)]
            public Token TryTake() => null;

            [AcquiresLock]
            public Token Take() => new(this);

            [ReleasesLock]
            public void Give() { }
        }

        sealed class Token(Gate gate) : IDisposable
        {
            public void Dispose() => gate.Give();
        }
        """;

    /// <summary>A try without a result is a try: missed until the differential tests found it.</summary>
    [Theory]
    [InlineData("TryTake", true)]
    [InlineData("Take", false)]
    public Task An_outer_lock_protects_if_it_is_held_for_sure(string take, bool isReported) => Verify.Async(
        $$"""
        class C
        {
            readonly Gate _outer = new();
            readonly KMutex _table = new();
            readonly Page[] _pages = new Page[4];

            void Migrate(int i)
            {
                using (_outer.{{take}}())
                {
                    Page page;
                    using (_table.Lock())
                        page = _pages[i];
                    {{(isReported ? "{|FENCE014:page.Lock()|}" : "page.Lock()")}};
                    page.Unlock();
                }
            }
        }
        """ + Page + Gate);

    [Fact]
    public Task Silent_with_a_reference() => Verify.Async(
        """
        class C
        {
            readonly KMutex _table = new();
            readonly Page[] _pages = new Page[4];

            void Migrate(int i)
            {
                Page page;
                using (_table.Lock())
                {
                    page = _pages[i];
                    if (!page.TryGet())
                        return;
                }

                page.Lock();
                page.Unlock();
                page.Put();
            }
        }
        """ + Page);

    [Fact]
    public Task Reports_after_the_reference_was_given_back() => Verify.Async(
        """
        class C
        {
            readonly object _table = new();
            Page _first;

            void Migrate()
            {
                Page page;
                lock (_table)
                {
                    page = _first;
                    if (!page.TryGet())
                        return;
                }

                page.Put();
                {|FENCE014:page.Lock()|};
                page.Unlock();
            }
        }
        """ + Page);

    [Fact]
    public Task Silent_while_the_lock_is_held() => Verify.Async(
        """
        class C
        {
            readonly KMutex _table = new();
            Page _first;

            void Migrate()
            {
                using (_table.Lock())
                {
                    var page = _first;
                    page.Lock();
                    page.Unlock();
                }
            }
        }
        """ + Page);

    [Fact]
    public Task Reports_a_lock_inside_the_object() => Verify.Async(
        """
        class C
        {
            readonly object _table = new();
            Page _first;

            void Read()
            {
                Page page;
                lock (_table)
                    page = _first;
                using ({|FENCE014:page.Contents.Lock()|})
                {
                }
            }
        }
        """ + Page);

    [Fact]
    public Task Silent_on_a_parameter() => Verify.Async(
        """
        class C
        {
            readonly object _table = new();
            int _moved;

            void Migrate(Page page)
            {
                lock (_table)
                    _moved++;
                page.Lock();
                page.Unlock();
            }
        }
        """ + Page);

    [Fact]
    public Task Missed_a_read_of_a_field_after_the_lock() => Verify.Async(
        """
        class C
        {
            readonly object _table = new();
            Page _first;

            KMutex Read()
            {
                Page page;
                lock (_table)
                    page = _first;
                return page.Contents;
            }
        }
        """ + Page);

    [Fact]
    public Task Reports_what_a_look_up_found_in_an_out_argument() => Verify.Async(
        """
        class C
        {
            readonly object _table = new();
            readonly Dictionary<int, Page> _pages = new();

            void Wrong(int i)
            {
                Page page;
                lock (_table)
                {
                    if (!_pages.TryGetValue(i, out page))
                        return;
                }

                {|FENCE014:page.Lock()|};
                page.Unlock();
            }

            void Right(int i)
            {
                Page page;
                lock (_table)
                {
                    if (!_pages.TryGetValue(i, out page) || !page.TryGet())
                        return;
                }

                page.Lock();
                page.Unlock();
                page.Put();
            }
        }
        """ + Page);

    /// <summary>The walk over a list: a reference is taken where the local is set, and nowhere else.</summary>
    [Theory]
    [InlineData("if (p.TryGet()) { page = p; break; }", "page")]
    [InlineData("if (!p.TryGet()) continue; page = p; break;", "page")]
    [InlineData("page = p; if (page.TryGet()) break;", "{|FENCE014:page|}")]
    [InlineData("if (p.TryGet()) { page = p; break; } page = p;", "{|FENCE014:page|}")]
    [InlineData("page = p; break;", "{|FENCE014:page|}")]
    public Task Follows_a_walk_that_takes_a_reference(string step, string use) => Verify.Async(
        $$"""
        class C
        {
            readonly KMutex _table = new();
            readonly List<Page> _pages = new();

            void Migrate()
            {
                Page page = null;
                using (_table.Lock())
                {
                    foreach (var p in _pages)
                    {
                        {{step}}
                    }
                }
                if (page != null)
                {
                    {{use.Replace("page", "page.Lock()", StringComparison.Ordinal)}};
                    page.Unlock();
                    page.Put();
                }
            }
        }
        """ + Page);

    /// <summary>The finder releases the lock: its callers get what may be freed, unless it took a reference for them.</summary>
    [Theory]
    [InlineData("Page Find() { lock (_table) return _first; }", "var page = Find();", "{|FENCE014:page.Lock()|}; page.Unlock();")]
    [InlineData("Page Find() { lock (_table) { var p = _first; return p; } }", "var page = Find(); if (page == null) return;", "{|FENCE014:page.Lock()|}; page.Unlock();")]
    [InlineData("Page First { get { lock (_table) return _first; } }", "var page = First;", "{|FENCE014:page.Lock()|}; page.Unlock();")]
    [InlineData("bool Find(out Page page) { lock (_table) page = _first; return page != null; }", "if (!Find(out var page)) return;", "{|FENCE014:page.Lock()|}; page.Unlock();")]
    [InlineData("Page Find() { lock (_table) return _first; } Page Again() => Find();", "var page = Again();", "{|FENCE014:page.Lock()|}; page.Unlock();")]
    [InlineData("Page Find() { lock (_table) return _first; }", "var page = Find(); page.ToString();", "")]
    [InlineData("Page Find() { lock (_table) { var p = _first; return p.TryGet() ? p : null; } }", "var page = Find(); if (page == null) return;", "page.Lock(); page.Unlock();")]
    [InlineData("Page Find() { lock (_table) { if (!_first.TryGet()) return null; return _first; } }", "var page = Find();", "page.Lock(); page.Unlock();")]
    [InlineData("Page Find() => _first;", "var page = Find();", "page.Lock(); page.Unlock();")]
    [InlineData("[RequiresLock(\"_table\")] Page Find() => _first;", "Page page; lock (_table) page = Find();", "{|FENCE014:page.Lock()|}; page.Unlock();")]
    [InlineData("Page Find() { lock (_table) return _first; }", "lock (_table) { var page = Find();", "page.Lock(); page.Unlock(); }")]
    [InlineData("Page Find() { lock (_table) return _first; }", "var page = Find(); if (!page.TryGet()) return;", "page.Lock(); page.Unlock();")]
    [InlineData("Page Find() { Page p; lock (_table) p = _first; return new Page(); }", "var page = Find();", "page.Lock(); page.Unlock();")]
    public Task Follows_what_a_finder_returns(string finder, string found, string use) => Verify.Async(
        $$"""
        class C
        {
            readonly object _table = new();
            Page _first;

            {{finder}}

            void Run()
            {
                {{found}}
                {{use}}
            }
        }
        """ + Page);

    /// <summary>Where no reference was taken the local is null, or it is not.</summary>
    [Theory]
    [InlineData("if (page == null || !page.TryGet()) page = null;", "page.Lock(); page.Unlock();")]
    [InlineData("if (!page.TryGet()) page = null;", "page.Lock(); page.Unlock();")]
    [InlineData("if (DateTime.Now.Day > 3 && !page.TryGet()) page = null;", "{|FENCE014:page.Lock()|}; page.Unlock();")]
    [InlineData("if (!page.TryGet()) page = _second;", "{|FENCE014:page.Lock()|}; page.Unlock();")]
    public Task Follows_a_local_that_is_null_without_a_reference(string step, string use) => Verify.Async(
        $$"""
        class C
        {
            readonly object _table = new();
            Page _first, _second;

            void Run()
            {
                Page page;
                lock (_table)
                {
                    page = _first;
                    {{step}}
                }
                if (page != null)
                {
                    {{use}}
                    page.Put();
                }
            }
        }
        """ + Page);
}
