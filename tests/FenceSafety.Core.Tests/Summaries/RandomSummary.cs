using System.Collections.Immutable;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Flow;
using FenceSafety.Core.Graph;
using FenceSafety.Core.Summaries;
using FenceSafety.Core.Summaries.External;

namespace FenceSafety.Core.Tests.Summaries;

/// <summary>Makes summaries of every shape the format has, with names that an obfuscator might make.</summary>
sealed class RandomSummary(int seed)
{
    static readonly string[] Pieces =
    [
        "a", "Pool", "M:Lib.Pool.Refill", "\t", "\n", "\r\n", " ", "\"", "\\", "\\u0041", "'", "ä", "→", "\u2028", "\u0085", "\u007f", "\u0001", "\ufeff", "\ufffe",
        "😀", "\ud83d", "\ude00", "=", ";", "#0", "{``0}", "-",
    ];

    readonly Random _random = new(seed);

    public ExternalAssembly Assembly()
    {
        var ids = Enumerable.Range(0, _random.Next(8)).Select(i => Text() + i).ToList();
        var bodies = Enumerable.Range(0, _random.Next(4)).Select(i => new ExternalBody(
            Text() + i, Text(), ids.Where(_ => _random.Next(2) == 0).Order(StringComparer.Ordinal).ToImmutableArray(), Some(Edge)));
        return new ExternalAssembly(Text() + "A", new Guid(Bytes(16)), Text(), ids.Select(Member).ToImmutableArray(), bodies.ToImmutableArray());
    }

    byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }

    ImmutableArray<T> Some<T>(Func<T> make) => Enumerable.Range(0, _random.Next(4)).Select(_ => make()).ToImmutableArray();

    bool Flip() => _random.Next(2) == 0;

    public string Text() => string.Concat(Enumerable.Range(0, _random.Next(5)).Select(_ => Pieces[_random.Next(Pieces.Length)]));

    ExternalMember Member(string id) => Plain(id) with { IsIterator = Flip() } is { IsIterator: false } member ? member with { RunsAtCalls = member.HasBody && Flip() } : Plain(id) with { IsIterator = true };

    ExternalMember Plain(string id) => new(
        id, Text(), Text(),
        new Signature(
            Some(() => new HeldOnReturn(Set(), Mode(), Text(), Flip() ? null : Flip(), (HandOver)_random.Next(3), _random.Next(-1, 3))),
            Some(() => Ref(0)), Set(), Some(() => _random.Next(5)))
        {
            OutValues = Some(() => (_random.Next(4), Set())),
        },
        new Summary(Some(Reach), Some(() => new Pending(
            Text(), _random.Next(), new HeldLock(_random.Next(), Set(), Mode(), SourceSpan.None, Text()), Ref(0), Reach()))))
    {
        HasBody = Flip(),
        Implementations = Some(Text),
        Stores = Some(() => (Info(), Set())),
    };

    ExternalEdge Edge()
    {
        var from = Flip() ? Class() : null;
        var reach = Reach();
        return new ExternalEdge(from, Mode(), _random.Next(), reach)
        {
            To = reach.Sink is Sink.Acquire ? Class() : null,
            Critical = from is null || Flip(),
            InReclaim = Flip(),
            Gates = Some(Text),
        };
    }

    LockClass Class() => new(Text(), Text(), Flip());

    LockInfo Info() => new(Text(), Text(), Flip(), Flip() ? null : Text());

    LockMode Mode() => new((LockKind)_random.Next(3), Flip(), Flip(), Flip(), Flip());

    RefSet Set() => RefSet.Of(Some(() => Ref(0)));

    Ref Ref(int depth) => _random.Next(depth < 4 ? 10 : 6) switch
    {
        0 => Flow.Ref.Parameter(_random.Next(-1, 5)),
        1 => Flow.Ref.TypeOf(Text(), Text()),
        2 => Flow.Ref.Constant((ConstantKind)_random.Next(3), _random.NextInt64(long.MinValue, long.MaxValue)),
        3 => Flow.Ref.Unknown,
        4 => Flow.Ref.Opaque(Text() + "T", Text()),
        5 => Flow.Ref.Field(null, Text(), Info()),
        6 => Flow.Ref.Field(Ref(depth + 1), Text(), Info()),
        7 => Flow.Ref.Element(Ref(depth + 1)),
        8 => Flow.Ref.Query(Ref(depth + 1), Flip(), "", 0),
        _ => Flow.Ref.Delegate(Text(), Text(), Flip() ? null : Ref(depth + 1)),
    };

    Reach Reach()
    {
        Chain? chain = null;
        for (int i = _random.Next(1, 5); i > 0; i--)
            chain = new Chain(SourceSpan.None, Text(), chain);
        return new Reach(Sink(), Some(Text), Some(() => Ref(0)), Flip(), chain!);
    }

    Sink Sink() => _random.Next(6) switch
    {
        0 => new Sink.Effect((EffectKind)_random.Next(5), Text()),
        1 => new Sink.Acquire(Ref(0), Mode()),
        2 => new Sink.Invoke(Ref(0)),
        3 => new Sink.AllocateIf(Ref(0), _random.NextInt64(long.MinValue, long.MaxValue)),
        4 => new Sink.Constrained(Text(), Flip() ? null : Text(), Text()),
        _ => new Sink.Call(Text(), Set(), Some(Set), Some(Text))
        {
            ReceiverType = Flip() ? null : Text(),
            DeclaredIn = Text(),
            Enumerates = Flip(),
            Known = Flip(),
        },
    };
}
