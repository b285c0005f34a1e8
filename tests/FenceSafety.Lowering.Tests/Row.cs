// What the rows of Lowering.table share. Compiled with them, not with the tests.
using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

/// <summary>Inputs that are not constant, and places for results. As the base of a row its initialisation is never part of one.</summary>
public abstract class Row
{
    public object? O;
    public int I;
    public bool B;
    public string? S;
    public Func<int, int>? F;
    public Func<string>? G;
    public int N = 1;
    public string Text = "some";
    public int[] Items = { 1, 2, 3, 4 };
    public List<int> List = new();
    public IEnumerable<int> Seq = new HashSet<int> { 1, 2 };
    public Point P = new(1, 2);
    public Node Node = new();

    public abstract void Run();

    protected virtual void Step()
    {
    }

    /// <summary>A collection whose builder copies the elements.</summary>
    [CollectionBuilder(typeof(Copies), nameof(Copies.Make))]
    public readonly struct Copy(int[] items)
    {
        public readonly int[] Items = items;

        public ReadOnlySpan<int>.Enumerator GetEnumerator() => new ReadOnlySpan<int>(Items).GetEnumerator();
    }

    public static class Copies
    {
        public static Copy Make(ReadOnlySpan<int> items)
        {
            var copy = new int[items.Length];
            items.CopyTo(copy);
            return new Copy(copy);
        }
    }
}

public static class Shelf
{
    public static object? Last;
}

public sealed class Node
{
    public int Value;

    public static Node operator +(Node a, Node b) => new() { Value = a.Value + b.Value };

    public static implicit operator Node(Point p) => new() { Value = p.X };
}

public sealed class Box<T>(T value)
{
    public readonly T Value = value;
}

public sealed record class Named(int Value);

public interface IThing
{
    int Get();

    /// <summary>Keeps its receiver, so that a box is needed.</summary>
    int Default()
    {
        Shelf.Last = this;
        return Get();
    }
}

public record struct Point(int X, int Y) : IThing
{
    public readonly int Get() => X;

    public readonly int Plus(int n) => X + n;
}

/// <summary>A value that overrides nothing.</summary>
public struct Plain
{
    public int A, B;
}

public static class Extensions
{
    public static string Twofold(this string text) => text;
}

/// <summary>Counts what an interpolated string would be, and makes none.</summary>
[InterpolatedStringHandler]
public ref struct Counter
{
    public Counter(int literals, int holes) => Length = literals;

    public int Length { get; private set; }

    public void AppendLiteral(string text)
    {
    }

    public void AppendFormatted(int value) => Length++;
}
