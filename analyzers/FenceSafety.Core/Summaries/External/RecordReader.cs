using System.Collections.Immutable;
using System.Globalization;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Flow;
using FenceSafety.Core.Graph;

namespace FenceSafety.Core.Summaries.External;

/// <summary>
/// Reads what <see cref="RecordWriter"/> writes, and nothing else. The text may be hostile: counts are bounded by what is left of the
/// line, nesting by <see cref="SummaryFormat.MaxNesting"/>, and any surprise is a <see cref="SummaryFormatException"/>.
/// </summary>
sealed class RecordReader(string text, TextLines texts, int at = 0)
{
    int _at = at;
    int _depth;

    public ExternalMember Member(string id)
    {
        string flags = Word();
        if (flags is "c" or "cw" or "cu" or "cwu")
        {
            var closed = new ClosedMember(OptionalText(), flags.IndexOf('w') > 0, flags.IndexOf('u') > 0, List(Parameter));
            End();
            return closed.ToMember(id);
        }
        if (flags is not ("m" or "mi" or "mc" or "a" or "ai"))
            throw Wrong("'m', 'a' or 'c'", flags);
        string callName = Text(), display = Text();
        var implementations = List(Text);
        var held = List(() => Held());
        var released = List(Ref);
        var returns = Set();
        var disposed = List(ParameterIndex);
        var outValues = List(() => (Parameter(), Set()));
        var stores = List(() => (Lock(), Set()));
        var reaches = List(Reach);
        var pendings = List(Pending);
        End();
        return new ExternalMember(id, display, callName, new Signature(held, released, returns, disposed) { OutValues = outValues }, new Summary(reaches, pendings))
        {
            HasBody = flags[0] == 'm',
            IsIterator = flags.Length > 1 && flags[1] == 'i',
            RunsAtCalls = flags == "mc",
            Implementations = implementations,
            Stores = stores,
        };
    }

    /// <param name="id">The body.</param>
    /// <param name="member">The id of the member in a line, or null if there is no such line.</param>
    public ExternalBody Body(string id, Func<long, string?> member)
    {
        string display = Text();
        var via = List(() =>
        {
            long line = Number();
            return member(line) ?? throw new SummaryFormatException("there is no member " + line.ToString(CultureInfo.InvariantCulture));
        });
        var edges = List(Edge);
        End();
        return new ExternalBody(id, display, via, edges);
    }

    /// <summary>Words until the end of the record.</summary>
    public ImmutableArray<string> Texts()
    {
        var result = List(Text);
        End();
        return result;
    }

    ExternalEdge Edge()
    {
        string flags = Word();
        if (flags is not ("k" or "kc" or "kr" or "kcr"))
            throw Wrong("'k'", flags);
        bool critical = flags.IndexOf('c') >= 0, reclaim = flags.IndexOf('r') >= 0;
        var from = Class();
        var mode = Mode();
        int site = Small();
        var to = Class();
        var gates = List(Text);
        var reach = Reach();
        if (from is null && !critical && !reclaim)
            throw new SummaryFormatException("an edge begins at a lock, in critical code or in reclaim");
        if ((to is not null) != reach.Sink is Sink.Acquire)
            throw new SummaryFormatException("an edge to a lock ends in an acquisition");
        return new ExternalEdge(from, mode, site, reach) { To = to, Critical = critical, InReclaim = reclaim, Gates = gates };
    }

    Pending Pending()
    {
        string body = Text();
        int site = Small();
        var held = new HeldLock(Small(), Set(), Mode(), SourceSpan.None, Text());
        return new Pending(body, site, held, Ref(), Reach());
    }

    // ---- words

    const string TooShort = "the line ends too early";

    string Word()
    {
        if (_at > text.Length)
            throw new SummaryFormatException(TooShort);
        int begin = _at;
        while (_at < text.Length && text[_at] != ' ')
            _at++;
        string word = text.Substring(begin, _at - begin);
        Next();
        return word;
    }

    /// <summary>Over the space between two words.</summary>
    void Next()
    {
        if (_at == text.Length)
        {
            _at++;
            return;
        }
        if (_at > text.Length)
            throw new SummaryFormatException(TooShort);
        if (text[_at++] != ' ')
            throw new SummaryFormatException("a space is missing at " + _at.ToString(CultureInfo.InvariantCulture));
    }

    void End()
    {
        if (_at != text.Length + 1)
            throw new SummaryFormatException("the record ends at " + _at.ToString(CultureInfo.InvariantCulture) + ", the line does not");
    }

    static SummaryFormatException Wrong(string wanted, string found) =>
        new(wanted + " is wanted, not '" + (found.Length > 40 ? found.Substring(0, 40) + "…" : found) + "'");

    long Number()
    {
        string word = Word();
        if (!long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number))
            throw Wrong("a number", word);
        return number;
    }

    int Small()
    {
        long number = Number();
        return number is >= int.MinValue and <= int.MaxValue ? (int)number : throw new SummaryFormatException("a number is too large");
    }

    /// <summary>The index of a parameter: -1 is the receiver.</summary>
    int Parameter()
    {
        long number = Number();
        return number is >= -1 and <= ushort.MaxValue ? (int)number : throw new SummaryFormatException("there is no such parameter");
    }

    int ParameterIndex() => Parameter() is >= 0 and var index ? index : throw new SummaryFormatException("the receiver is no parameter");

    string Text()
    {
        if (_at < text.Length && text[_at] == '^')
            return Repeated();
        if (_at >= text.Length || text[_at] != '"')
            throw Wrong("a text in quotes", Word());
        _at++;
        string result = SummaryFormat.Unescape(text, ref _at, '"');
        if (_at >= text.Length)
            throw new SummaryFormatException("a quote is not closed");
        if (result.Length > SummaryFormat.MaxText)
            throw new SummaryFormatException("a name is too long");
        _at++;
        Next();
        return result;
    }

    /// <summary>A text of the table.</summary>
    string Repeated()
    {
        string word = Word();
        if (!int.TryParse(word.Substring(1), NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            throw Wrong("the number of a text", word);
        string result = texts[number];
        return result.Length <= SummaryFormat.MaxText ? result : throw new SummaryFormatException("a name is too long");
    }

    string? OptionalText() => Skip("-") ? null : Text();

    bool Skip(string word)
    {
        if (_at > text.Length)
            throw new SummaryFormatException(TooShort);
        if (string.CompareOrdinal(text, _at, word, 0, word.Length) != 0 || (_at + word.Length < text.Length && text[_at + word.Length] != ' '))
            return false;
        _at += word.Length;
        Next();
        return true;
    }

    ImmutableArray<T> List<T>(Func<T> read)
    {
        long count = Number();
        // Each element takes a character and a space at least.
        if (count < 0 || count > (text.Length - _at + 1) / 2)
            throw new SummaryFormatException("a list is longer than its line");
        if (count == 0)
            return ImmutableArray<T>.Empty;
        var builder = ImmutableArray.CreateBuilder<T>((int)count);
        for (long i = 0; i < count; i++)
            builder.Add(read());
        return builder.MoveToImmutable();
    }

    // ---- what records are made of

    HeldOnReturn Held()
    {
        var set = Set();
        var mode = Mode();
        string api = Text(), on = Word();
        bool? result = on switch { "t" => true, "f" => false, "-" or "?" => null, _ => throw Wrong("t, f, ? or -", on) };
        return new HeldOnReturn(set, mode, api, result, Where(), Parameter()) { Uncertain = on == "?" };
    }


    HandOver Where() => Word() switch
    {
        "p" => HandOver.Plain,
        "r" => HandOver.Result,
        "o" => HandOver.OutParameter,
        var w => throw Wrong("p, r or o", w),
    };

    LockClass? Class()
    {
        if (Skip("-"))
            return null;
        bool safe = Safe("c");
        return new LockClass(Text(), Text(), safe);
    }

    LockInfo Lock()
    {
        bool safe = Safe("l");
        return new LockInfo(Text(), Text(), safe, OptionalText());
    }

    bool Safe(string word)
    {
        string found = Word();
        return found == word + "s" || (found == word ? false : throw Wrong("'" + word + "'", found));
    }

    LockMode Mode()
    {
        string word = Word();
        var kind = (word.Length == 0 ? ' ' : word[0]) switch
        {
            'S' => LockKind.Sleeping,
            'P' => LockKind.Spin,
            'R' => LockKind.Region,
            _ => throw Wrong("S, P or R", word),
        };
        int i = 1;
        bool Has(char c)
        {
            if (i == word.Length || word[i] != c)
                return false;
            i++;
            return true;
        }
        var mode = new LockMode(kind, Has('r'), Has('s'), Has('n'), Has('u'));
        return i == word.Length ? mode : throw Wrong("r, s, n, u in this order", word);
    }

    RefSet Set() => RefSet.Of(List(Ref));

    Ref? OptionalRef() => Skip("-") ? null : Ref();

    Ref Ref()
    {
        if (++_depth > SummaryFormat.MaxNesting)
            throw new SummaryFormatException("references are nested too deeply");
        string kind = Word();
        var r = kind switch
        {
            "P" => Flow.Ref.Parameter(Parameter()),
            "F" => Flow.Ref.Field(OptionalRef(), Text(), Lock()),
            "E" => Flow.Ref.Element(Ref()),
            "Y" => Flow.Ref.TypeOf(Text(), Text()),
            "D" => Delegate(),
            "C" => Flow.Ref.Constant(Word() switch { "b" => ConstantKind.Boolean, "n" => ConstantKind.Null, "i" => ConstantKind.Bits, var w => throw Wrong("b, n or i", w) }, Number()),
            "Q" or "Qe" => Flow.Ref.Query(Ref(), kind == "Qe", "", 0),
            "U" => Flow.Ref.Unknown,
            "O" => Flow.Ref.Opaque(Text(), Text()),
            _ => throw Wrong("P, F, E, Y, D, C, Q, U or O", kind),
        };
        _depth--;
        return r;
    }

    Ref Delegate()
    {
        string method = Text(), owner = Text();
        return Flow.Ref.Delegate(method, owner, OptionalRef());
    }

    Reach Reach()
    {
        string word = Word();
        if (word is not ("e" or "eo"))
            throw Wrong("'e'", word);
        var sink = Sink();
        var cover = List(Text);
        var except = List(Ref);
        var names = List(Text);
        if (names.IsEmpty || names.Length > SummaryFormat.MaxChain)
            throw new SummaryFormatException("a chain has 1 to " + SummaryFormat.MaxChain.ToString(CultureInfo.InvariantCulture) + " hops");
        Chain? chain = null;
        for (int i = names.Length - 1; i >= 0; i--)
            chain = new Chain(SourceSpan.None, names[i], chain);
        return new Reach(sink, cover, except, word == "eo", chain!);
    }

    Sink Sink()
    {
        string word = Word();
        switch (word)
        {
            case "x":
                var kind = Word() switch
                {
                    "a" => EffectKind.BlockingAllocation,
                    "f" => EffectKind.FenceWait,
                    "w" => EffectKind.BlockingWait,
                    "m" => EffectKind.ManagedAllocation,
                    "u" => EffectKind.Unknown,
                    var w => throw Wrong("a, f, w, m or u", w),
                };
                return new Sink.Effect(kind, Text());
            case "t":
                return new Sink.Acquire(Ref(), Mode());
            case "i":
                return new Sink.Invoke(Ref());
            case "n":
                return new Sink.Invoke(Ref()) { Enumerates = true };
            case "f":
                return new Sink.AllocateIf(Ref(), Number());
            case "p":
                return new Sink.Constrained(Text(), OptionalText(), Text());
            case "c" or "ce" or "ck" or "cek":
                string method = Text();
                string? receiverType = OptionalText();
                string declaredIn = Text();
                return new Sink.Call(method, Set(), List(Set), List(Text))
                {
                    ReceiverType = receiverType,
                    DeclaredIn = declaredIn,
                    Enumerates = word.IndexOf('e') > 0,
                    Known = word.IndexOf('k') > 0,
                };
            default:
                throw Wrong("a sink (x, t, i, f, p or c)", word);
        }
    }
}
