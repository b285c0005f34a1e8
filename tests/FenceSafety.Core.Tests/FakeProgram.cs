using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Summaries;
using FenceSafety.Core.Summaries.External;

namespace FenceSafety.Core.Tests;

/// <summary>A program of hand-written facts: one line a body. Every op has a place of its own, in the order of writing.</summary>
sealed class FakeProgram : IProgram
{
    readonly Dictionary<string, MethodFacts> _facts = new(StringComparer.Ordinal);
    readonly Dictionary<string, MemberContract> _contracts = new(StringComparer.Ordinal);
    readonly Dictionary<string, Dispatch> _dispatch = new(StringComparer.Ordinal);
    readonly Dictionary<string, List<string>> _mentions = new(StringComparer.Ordinal);
    int _position;

    /// <summary>Bodies that were asked for: what the analysis cost.</summary>
    public HashSet<string> Read { get; } = new(StringComparer.Ordinal);

    public List<string> SeedIds { get; } = new();

    public IEnumerable<string> Seeds => SeedIds;

    public MethodFacts? Facts(string method)
    {
        Read.Add(method);
        return _facts.TryGetValue(method, out var facts) ? facts : null;
    }

    public MemberContract Contract(string method) =>
        _contracts.TryGetValue(method, out var contract) ? contract : new MemberContract(method);

    public MemberContract DelegateContract(string type) => MemberContract.Nothing;

    public ImmutableArray<string> TypeArguments(string type) => ImmutableArray<string>.Empty;

    public Dispatch Resolve(string method, string receiverType, string? exactType, string declaredIn) =>
        _dispatch.TryGetValue(exactType ?? method, out var dispatch) ? dispatch : new Dispatch(ImmutableArray.Create(method), false);

    public Dispatch ResolveConstrained(string? method, string type) =>
        _dispatch.TryGetValue(type, out var dispatch) ? dispatch : Dispatch.Unknown;

    public IReadOnlyList<string>? FieldWriters(string field) => null;

    public IEnumerable<string> BodiesMentioning(string name)
    {
        _asked.Add(name);
        return _mentions.TryGetValue(name, out var list) ? list : Enumerable.Empty<string>();
    }

    readonly Dictionary<string, ExternalMember> _external = new(StringComparer.Ordinal);

    public List<ExternalBody> References { get; } = new();

    public ExternalMember? External(string method) => _external.TryGetValue(method, out var member) ? member : null;

    public IReadOnlyList<ExternalBody> ExternalBodies => References;

    public IEnumerable<string> ExternalCallNames => _external.Values.Where(m => m.ConcernsCallers).Select(m => m.CallName);

    public IEnumerable<ExternalMember> ExternalCallersOf(string method) =>
        _external.Values.Where(m => m.Summary.Reaches.Any(r => r.Sink is Sink.Call c && c.Method == method));

    /// <summary>References a library by its summary, as a file would say it.</summary>
    public FakeProgram Reference(FakeProgram library, params string[] visible)
    {
        var assembly = ExternalSummaryBuilder.Build(library, "Lib", Guid.Empty, "", visible, CancellationToken.None);
        var file = SummaryFile.Open(SummaryWriter.Write(assembly));
        foreach (var member in assembly.Members)
            _external.Add(member.Id, file.Find(member.Id, out _)!);
        References.AddRange(file.Bodies(out _));
        return this;
    }

    public void Reference(ExternalMember member) => _external[member.Id] = member;

    // ---- writing

    public SourceSpan Next() => new("A.cs", ++_position, 1);

    public static Value.Field Lock(string name) => new(Value.This.Instance, name, new LockInfo(name, name));

    public static Value.Slot Parameter(string body, int index) => new(body, index);

    public CallOp Call(string target, params Value[] arguments)
    {
        Note(target);
        return new CallOp(Next(), new CallTarget.Exact(target, ImmutableArray<string>.Empty), Value.This.Instance, arguments.ToImmutableArray(), -1);
    }

    public CallOp Invoke(Value target) =>
        new(Next(), new CallTarget.Invoke("Action", "a"), target, ImmutableArray<Value>.Empty, -1);

    public AcquireOp Take(Value @lock, LockMode? mode = null) => new(Next(), @lock, mode ?? LockMode.Monitor, -1, -1, "Enter");

    public ReleaseOp Give(Value @lock) => new(Next(), @lock, LockMode.Monitor);

    public EffectOp Managed() => new(Next(), EffectKind.ManagedAllocation, "object", "new Thing");

    /// <summary>A body of one block.</summary>
    public FakeProgram Body(string id, params Op[] ops) => Body(id, 0, ops);

    /// <summary>A body of one block with parameters.</summary>
    public FakeProgram Body(string id, int parameters, params Op[] ops) =>
        Body(id, parameters, new Block { Ops = ops.ToImmutableArray(), IsExit = true });

    public FakeProgram Body(string id, int parameters, params Block[] blocks)
    {
        _changed[id] = ++_version;
        _facts[id] = new MethodFacts
        {
            Id = id,
            Display = id,
            Name = Next(),
            Blocks = blocks.ToImmutableArray(),
            ParameterSlots = Enumerable.Range(0, parameters).ToImmutableArray(),
            ParameterDefaults = Enumerable.Range(0, parameters).Select(_ => (Value)new Value.Opaque(null, "object")).ToImmutableArray(),
            CallName = id,
        };
        foreach (var call in blocks.SelectMany(b => b.Ops).OfType<CallOp>())
        {
            if (call.Target is CallTarget.Exact exact)
                Mention(exact.Method, id);
        }
        SeedIds.Add(id);
        return this;
    }

    public FakeProgram NotSeed(string id)
    {
        SeedIds.Remove(id);
        return this;
    }

    public FakeProgram Declare(string id, Func<MemberContract, MemberContract> change)
    {
        _contracts[id] = change(Contract(id));
        return this;
    }

    public FakeProgram Implementations(string method, bool open, params string[] targets)
    {
        _dispatch[method] = new Dispatch(targets.ToImmutableArray(), open);
        return this;
    }

    /// <summary>The blocking allocator, with no body.</summary>
    public FakeProgram WithAllocator() => Declare("Alloc", c => c with { MayAllocate = true });

    void Note(string target) => Mention(target, null);

    void Mention(string name, string? body)
    {
        if (!_mentions.TryGetValue(name, out var list))
            _mentions.Add(name, list = new List<string>());
        if (body is null || list.Contains(body))
            return;
        list.Add(body);
        if (_asked.Contains(name))
            _declared = ++_version;
    }

    // ---- one run after the other

    readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    readonly Dictionary<string, int> _changed = new(StringComparer.Ordinal);
    readonly ConditionalWeakTable<AnalysisResult, Version> _versions = new();
    int _version, _declared;

    sealed record Version(int Number, string Seeds);

    /// <summary>A run that may go on from an earlier one, if only bodies changed since then.</summary>
    public AnalysisResult Run(AnalysisResult? before = null)
    {
        var now = new Version(_version, string.Join(' ', SeedIds.Distinct().Order(StringComparer.Ordinal)));
        var changed = before is not null && _versions.TryGetValue(before, out var then) && then.Number >= _declared && then.Seeds == now.Seeds
            ? _changed.Where(c => c.Value > then.Number).Select(c => c.Key).ToList()
            : null;
        var result = (changed is null ? null : Engine.Update(this, new EngineOptions(), before!.Memo, changed, CancellationToken.None))
            ?? Engine.Analyze(this, new EngineOptions(), before?.Memo, CancellationToken.None);
        _versions.Add(result, now);
        return result;
    }

    public List<string> Analyze(EngineOptions? options = null) => Findings(options).Select(f => f.Rule + "@" + f.Span.Start).ToList();

    public IReadOnlyList<Findings.Finding> Findings(EngineOptions? options = null) =>
        Engine.Analyze(this, options ?? new EngineOptions(), CancellationToken.None).Findings;
}
