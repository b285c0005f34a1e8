namespace FenceSafety.Core.Memo;

/// <summary>
/// A dictionary that begins as another one, which nobody changes any more, and shares with it what stays the same: to go on from a
/// large one costs what is changed in it.
/// </summary>
sealed class Table<TKey, TValue>
    where TKey : notnull
{
    readonly Dictionary<TKey, TValue>? _shared;
    readonly Dictionary<TKey, TValue> _own;
    int _hidden;

    public Table(IEqualityComparer<TKey>? comparer = null) => _own = new(comparer);

    Table(Dictionary<TKey, TValue>? shared, Dictionary<TKey, TValue> own, int hidden) => (_shared, _own, _hidden) = (shared, own, hidden);

    public int Count => (_shared?.Count ?? 0) - _hidden + _own.Count;

    public bool TryGetValue(TKey key, out TValue value) =>
        _own.TryGetValue(key, out value!) || (_shared is not null && _shared.TryGetValue(key, out value!));

    public bool ContainsKey(TKey key) => _own.ContainsKey(key) || (_shared is not null && _shared.ContainsKey(key));

    public TValue this[TKey key]
    {
        get => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"There is no {key}");
        set
        {
            if (_shared is not null && _shared.ContainsKey(key) && !_own.ContainsKey(key))
                _hidden++;
            _own[key] = value;
        }
    }

    /// <summary>False if the key is there already.</summary>
    public bool TryAdd(TKey key, TValue value)
    {
        if (ContainsKey(key))
            return false;
        _own.Add(key, value);
        return true;
    }

    /// <summary>What is shared is never taken away.</summary>
    public void Remove(TKey key) => Unshared().Remove(key);

    public void Clear() => Unshared().Clear();

    Dictionary<TKey, TValue> Unshared() => _shared is null ? _own : throw new InvalidOperationException("This table shares with another one");

    /// <summary>In no order.</summary>
    public IEnumerable<KeyValuePair<TKey, TValue>> Pairs =>
        _shared is null ? _own : _own.Concat(_shared.Where(p => !_own.ContainsKey(p.Key)));

    /// <summary>Another one that begins as this one, which must not be changed from now on.</summary>
    public Table<TKey, TValue> Fork()
    {
        if (_shared is null)
            return new(_own, new(_own.Comparer), 0);
        if (_own.Count * 16 < _shared.Count)
            return new(_shared, new(_own, _own.Comparer), _hidden);
        // Many edits later: what is shared is made anew, so that a lookup stays two at most.
        var all = new Dictionary<TKey, TValue>(_shared, _own.Comparer);
        foreach (var p in _own)
            all[p.Key] = p.Value;
        return new(all, new(_own.Comparer), 0);
    }
}

/// <summary>Who depends on whom, in the same way.</summary>
sealed class Dependents
{
    static readonly HashSet<string> s_none = new();

    readonly Table<string, HashSet<string>> _sets;

    /// <summary>The keys whose sets are nobody else's; null: all are.</summary>
    readonly HashSet<string>? _mine;

    public Dependents() => _sets = new(StringComparer.Ordinal);

    Dependents(Table<string, HashSet<string>> sets) => (_sets, _mine) = (sets, new(StringComparer.Ordinal));

    public IReadOnlyCollection<string> Of(string key) => Set(key);

    public bool Contains(string key, string dependent) => Set(key).Contains(dependent);

    public IEnumerable<KeyValuePair<string, HashSet<string>>> Pairs => _sets.Pairs;

    public void Add(string key, string dependent)
    {
        if (!Contains(key, dependent))
            Own(key).Add(dependent);
    }

    public void Remove(string key, string dependent)
    {
        if (Contains(key, dependent))
            Own(key).Remove(dependent);
    }

    public void Clear() => _sets.Clear();

    public Dependents Fork() => new(_sets.Fork());

    HashSet<string> Set(string key) => _sets.TryGetValue(key, out var set) ? set : s_none;

    HashSet<string> Own(string key)
    {
        bool known = _sets.TryGetValue(key, out var set);
        if (known && (_mine is null || _mine.Contains(key)))
            return set!;
        _mine?.Add(key);
        return _sets[key] = known ? new HashSet<string>(set!, StringComparer.Ordinal) : new HashSet<string>(StringComparer.Ordinal);
    }
}
