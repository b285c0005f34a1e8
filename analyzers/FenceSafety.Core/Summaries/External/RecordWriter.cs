using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Flow;
using FenceSafety.Core.Graph;

namespace FenceSafety.Core.Summaries.External;

/// <summary>Writes one record: words with a space between them, a list as its count and then its elements.</summary>
sealed class RecordWriter(TextTable? texts = null)
{
    readonly StringBuilder _text = new();

    public override string ToString() => _text.ToString();

    public void Member(ExternalMember m)
    {
        if (ClosedMember.TryOf(m) is not { } closed)
        {
            Full(m);
            return;
        }
        Closed(closed);
    }

    public void Closed(ClosedMember closed)
    {
        Word("c" + (closed.Waits ? "w" : "") + (closed.CallsBack ? "u" : ""));
        if (closed.Managed is null)
            Word("-");
        else
            Quoted(closed.Managed);
        List(closed.Invokes, i => Number(i));
    }

    public void Full(ExternalMember m)
    {
        Word((m.HasBody ? "m" : "a") + (m.IsIterator ? "i" : "") + (m.RunsAtCalls ? "c" : ""));
        Text(m.CallName);
        Text(m.Display);
        List(m.Implementations, Text);
        List(m.Signature.Held, h =>
        {
            Set(h.Lock);
            Mode(h.Mode);
            Text(h.Api);
            Word(h.OnResult is { } result ? result ? "t" : "f" : h.Uncertain ? "?" : "-");
            Word(h.HandOver switch { HandOver.Plain => "p", HandOver.Result => "r", _ => "o" });
            Number(h.Parameter);
        });
        List(m.Signature.Released, Ref);
        Set(m.Signature.Returns);
        List(m.Signature.DisposedParameters, p => Number(p));
        List(m.Signature.OutValues, o =>
        {
            Number(o.Parameter);
            Set(o.Value);
        });
        List(m.Stores, s =>
        {
            Lock(s.Field);
            Set(s.Value);
        });
        List(m.Summary.Reaches, Reach);
        List(m.Summary.Pendings, p =>
        {
            Text(p.Body);
            Number(p.Site);
            Number(p.Held.Site);
            Set(p.Held.Lock);
            Mode(p.Held.Mode);
            Text(p.Held.Api);
            Ref(p.Lock);
            Reach(p.Reach);
        });
    }

    public void Body(ExternalBody b, IReadOnlyDictionary<string, int> lines)
    {
        Text(b.Display);
        List(b.Via.Select(id => lines[id]).OrderBy(static i => i).ToImmutableArray(), i => Number(i));
        List(b.Edges, e =>
        {
            Word("k" + (e.Critical ? "c" : "") + (e.InReclaim ? "r" : ""));
            Class(e.From);
            Mode(e.Mode);
            Number(e.Site);
            Class(e.To);
            List(e.Gates, Text);
            Reach(e.Reach);
        });
    }

    public void Word(string word)
    {
        if (_text.Length > 0)
            _text.Append(' ');
        _text.Append(word);
    }

    void Number(long number) => Word(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>In quotes, or as its number in the table.</summary>
    public void Text(string text)
    {
        if (texts?.Use(text) is >= 0 and var number)
        {
            Word("^" + number.ToString(CultureInfo.InvariantCulture));
            return;
        }
        Quoted(text);
    }

    void Quoted(string text)
    {
        Word("\"");
        SummaryFormat.Escape(_text, text);
        _text.Append('"');
    }

    void List<T>(ImmutableArray<T> list, Action<T> write)
    {
        Number(list.Length);
        foreach (var item in list)
            write(item);
    }

    void OptionalText(string? text)
    {
        if (text is null)
            Word("-");
        else
            Text(text);
    }

    void Class(LockClass? c)
    {
        if (c is null)
        {
            Word("-");
            return;
        }
        Word(c.FenceSafe ? "cs" : "c");
        Text(c.Name);
        Text(c.Display);
    }

    void Lock(LockInfo info)
    {
        Word(info.FenceSafe ? "ls" : "l");
        Text(info.Class);
        Text(info.Display);
        OptionalText(info.InjectedBy);
    }

    void Mode(LockMode mode)
    {
        string kind = mode.Kind switch
        {
            LockKind.Sleeping => "S",
            LockKind.Spin => "P",
            LockKind.Region => "R",
            _ => throw new ArgumentException("A summary says nothing of " + mode.Kind, nameof(mode)),
        };
        Word(kind + (mode.Recursive ? "r" : "") + (mode.Shared ? "s" : "") + (mode.NonBlocking ? "n" : "") + (mode.Upgrade ? "u" : ""));
    }

    void Set(RefSet set) => List(set.Refs, Ref);

    void OptionalRef(Ref? r)
    {
        if (r is null)
            Word("-");
        else
            Ref(r);
    }

    void Ref(Ref r)
    {
        switch (r.Kind)
        {
            case RefKind.Parameter:
                Word("P");
                Number(r.Index);
                break;
            case RefKind.Field:
                Word("F");
                OptionalRef(r.Base);
                Text(r.Name);
                Lock(r.Info!);
                break;
            case RefKind.Element:
                Word("E");
                Ref(r.Base!);
                break;
            case RefKind.TypeOf:
                Word("Y");
                Text(r.Name);
                Text(r.Display);
                break;
            case RefKind.Delegate:
                Word("D");
                Text(r.Name);
                Text(r.Display);
                OptionalRef(r.Base);
                break;
            case RefKind.Query:
                Word(r.Enumerates ? "Qe" : "Q");
                Ref(r.Base!);
                break;
            case RefKind.Constant:
                Word("C");
                Word((ConstantKind)r.Index switch { ConstantKind.Boolean => "b", ConstantKind.Null => "n", _ => "i" });
                Number(r.Bits);
                break;
            case RefKind.Opaque when r.Name.Length == 0:
                Word("U");
                break;
            case RefKind.Opaque:
                Word("O");
                Text(r.Name);
                Text(r.Display);
                break;
            default:
                throw new ArgumentException("A summary cannot speak of " + r + ", which is inside of a body", nameof(r));
        }
    }

    void Reach(Reach reach)
    {
        Word(reach.EdgeOnly ? "eo" : "e");
        Sink(reach.Sink);
        List(reach.Cover, Text);
        List(reach.Except, Ref);
        List(Hops(reach.Chain), Text);
    }

    /// <summary>The names of a chain; of a long one, those at both ends.</summary>
    static ImmutableArray<string> Hops(Chain chain)
    {
        if (chain.Length <= SummaryFormat.MaxChain)
            return chain.Hops.Select(static h => h.Name).ToImmutableArray();
        const int Half = SummaryFormat.MaxChain / 2;
        string gap = "… " + (chain.Length - SummaryFormat.MaxChain + 1).ToString(CultureInfo.InvariantCulture) + " more …";
        return chain.Hops.Take(Half).Select(static h => h.Name).Append(gap)
            .Concat(chain.Hops.Skip(chain.Length - Half + 1).Select(static h => h.Name)).ToImmutableArray();
    }

    void Sink(Sink sink)
    {
        switch (sink)
        {
            case Sink.Effect effect:
                Word("x");
                Word(effect.Kind switch
                {
                    EffectKind.BlockingAllocation => "a",
                    EffectKind.FenceWait => "f",
                    EffectKind.BlockingWait => "w",
                    EffectKind.ManagedAllocation => "m",
                    _ => "u",
                });
                Text(effect.Detail);
                break;
            case Sink.Acquire acquire:
                Word("t");
                Ref(acquire.Lock);
                Mode(acquire.Mode);
                break;
            case Sink.Invoke invoke:
                Word(invoke.Enumerates ? "n" : "i");
                Ref(invoke.Delegate);
                break;
            case Sink.AllocateIf allocate:
                Word("f");
                Ref(allocate.Flags);
                Number(allocate.Mask);
                break;
            case Sink.Constrained constrained:
                Word("p");
                Text(constrained.TypeParameter);
                OptionalText(constrained.Method);
                Text(constrained.ReceiverType);
                break;
            case Sink.Call call:
                Word("c" + (call.Enumerates ? "e" : "") + (call.Known ? "k" : ""));
                Text(call.Method);
                OptionalText(call.ReceiverType);
                Text(call.DeclaredIn);
                Set(call.Receiver);
                List(call.Arguments, Set);
                List(call.TypeArguments, Text);
                break;
            default:
                throw new ArgumentException("A summary has no word for " + sink, nameof(sink));
        }
    }
}
