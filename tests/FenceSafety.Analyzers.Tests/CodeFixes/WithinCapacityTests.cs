using FenceSafety.CodeFixes.WithinCapacity;

namespace FenceSafety.Analyzers.Tests.CodeFixes;

/// <summary>Growing collections that are made with a capacity.</summary>
public class WithinCapacityTests
{
    static Task Code(string code, string? fixedCode = null) => Fix<WithinCapacityCodeFixProvider>.Code(code, fixedCode);

    [Fact]
    public Task A_list_with_a_capacity() => Code(
        """
        class Mapping
        {
            readonly List<ulong> _pages = new(64);

            // Runs in the scheduler.
            [FenceCritical]
            void Install(ulong page)
            {
                {|FENCE011:_pages.Add(page)|};
            }

            int Count => _pages.Count;
        }
        """,
        """
        class Mapping
        {
            readonly List<ulong> _pages = new(64);

            // Runs in the scheduler.
            [FenceCritical]
            void Install(ulong page)
            {
                AddWithinCapacity(page);
            }

            /// <summary>Adds to <see cref="_pages"/> within the capacity that it is made with.</summary>
            [AssumeFenceSafe("Throws where _pages would grow.")]
            void AddWithinCapacity(ulong item)
            {
                if (_pages.Count == _pages.Capacity)
                    throw new InvalidOperationException("_pages is full.");
                _pages.Add(item);
            }

            int Count => _pages.Count;
        }
        """);

    [Fact]
    public Task A_set_that_the_constructor_makes_and_a_result() => Code(
        """
        class Mapping<T>
        {
            readonly HashSet<T> _pages;

            Mapping(int capacity) => _pages = new HashSet<T>(capacity);

            [FenceCritical]
            bool Install(T page) => {|FENCE011:this._pages.Add(page)|};
        }
        """,
        """
        class Mapping<T>
        {
            readonly HashSet<T> _pages;

            Mapping(int capacity) => _pages = new HashSet<T>(capacity);

            [FenceCritical]
            bool Install(T page) => AddWithinCapacity(page);

            /// <summary>Adds to <see cref="_pages"/> within the capacity that it is made with.</summary>
            [AssumeFenceSafe("Throws where _pages would grow.")]
            bool AddWithinCapacity(T item)
            {
                if (_pages.Count == _pages.Capacity)
                    throw new InvalidOperationException("_pages is full.");
                return _pages.Add(item);
            }
        }
        """);

    [Theory]
    [InlineData("readonly List<int> _list = new();", "{|FENCE011:_list.Add(n)|};")]
    [InlineData("List<int> _list = new(8);", "{|FENCE011:_list.Add(n)|};")]
    [InlineData("readonly List<int> _list = new(8);", "{|FENCE011:_list.AddRange(_all)|};")]
    [InlineData("readonly LinkedList<int> _list = new();", "{|FENCE011:_list.AddLast(n)|};")]
    [InlineData("readonly C _other; readonly List<int> _list = new(8);", "{|FENCE011:_other._list.Add(n)|};")]
    public Task Is_not_offered(string field, string body) => Code($$"""
        class C
        {
            {{field}}
            readonly int[] _all = new int[2];

            [FenceCritical]
            void Run(int n)
            {
                {{body}}
            }
        }
        """);

    [Fact]
    public void A_batch_does_not_apply_it() => Assert.Null(new WithinCapacityCodeFixProvider().GetFixAllProvider());

    [Fact]
    public async Task The_program_prints_the_same() => Assert.Equal(1, await FixedProgram.PrintsTheSameAsync(
        """
        static class P
        {
            static readonly List<int> s_list = new(2);

            [FenceCritical]
            static void Execute(int n) => s_list.Add(n);

            public static string Run()
            {
                Execute(1);
                Execute(2);
                return string.Join(',', s_list);
            }
        }
        """,
        new WithinCapacityCodeFixProvider()));
}
