using System.Globalization;
using System.Text;

namespace FenceSafety.Benchmarks.Analyzer;

/// <summary>
/// A driver-like program of any size: the same text for the same numbers. Most of it is plain code that no rule asks about; lock
/// regions and critical roots are spread evenly and call helpers of their own module, up to four calls deep.
/// </summary>
/// <param name="Lines">About how many lines; the last file is not cut off.</param>
/// <param name="CriticalRoots">Methods with <c>[FenceCritical]</c>.</param>
/// <param name="LockRegions"><c>lock</c> statements.</param>
public sealed record GeneratedProgram(int Lines, int CriticalRoots, int LockRegions)
{
    const int LinesPerMethod = 14;
    const int MethodsPerFile = 17;

    /// <summary>Every so many critical roots allocate.</summary>
    public const int RootsPerMistake = 10;

    /// <summary>The files, in order, with their paths.</summary>
    public IReadOnlyList<(string Path, string Text)> Files()
    {
        int files = Math.Max(1, Lines / (LinesPerMethod * MethodsPerFile + 12));
        var result = new List<(string, string)> { ("Vocabulary.cs", Vocabulary) };
        int roots = 0, regions = 0;
        for (int f = 0; f < files; f++)
        {
            int rootsHere = Share(CriticalRoots, f, files), regionsHere = Share(LockRegions, f, files);
            result.Add((FormattableString.Invariant($"Module{f:D4}.cs"), Module(f, files, roots, rootsHere, regionsHere)));
            roots += rootsHere;
            regions += regionsHere;
        }
        return regions == LockRegions && roots == CriticalRoots
            ? result
            : throw new InvalidOperationException($"{roots} roots and {regions} regions were made, not {CriticalRoots} and {LockRegions}");
    }

    static int Share(int all, int part, int parts) => (int)((long)all * (part + 1) / parts - (long)all * part / parts);

    static string Module(int f, int files, int firstRoot, int roots, int regions)
    {
        var text = new StringBuilder();
        Line(text, 0, $"namespace Generated.Part{f % 16};");
        Line(text, 0, "");
        Line(text, 0, $"public sealed class Module{f:D4} : Module");
        Line(text, 0, "{");
        Line(text, 1, "readonly object _gate = new();");
        Line(text, 1, "readonly object _inner = new();");
        Line(text, 1, "readonly Dictionary<int, string> _names = new();");
        Line(text, 1, "readonly List<int> _values = [1, 2, 3];");
        Line(text, 1, "int _state;");
        for (int i = 0; i < roots; i++)
            Root(text, firstRoot + i);
        for (int i = 0; i < regions; i++)
            Region(text, i);
        if (roots + regions > 0)
            Helpers(text);
        for (int m = 0; m < MethodsPerFile - roots - regions; m++)
            Plain(text, f, m, files);
        Line(text, 0, "}");
        return text.ToString();
    }

    static void Root(StringBuilder text, int number)
    {
        Line(text, 0, "");
        Line(text, 1, "[FenceCritical]");
        Line(text, 1, $"public void Signal{number}(int point)");
        Line(text, 1, "{");
        Line(text, 2, "for (int i = 0; i < point; i++)");
        Line(text, 3, "Step(i);");
        Line(text, 2, "lock (_gate)");
        Line(text, 2, "{");
        Line(text, 3, "_state = Deep(point) + _state;");
        Line(text, 2, "}");
        if (number % RootsPerMistake == 0)
            Line(text, 2, "Heap.Get(Gfp.Kernel);");
        Line(text, 1, "}");
    }

    static void Region(StringBuilder text, int i)
    {
        Line(text, 0, "");
        Line(text, 1, $"public int Locked{i}(int amount)");
        Line(text, 1, "{");
        Line(text, 2, "int before = Compute(amount);");
        Line(text, 2, "lock (_gate)");
        Line(text, 2, "{");
        Line(text, 3, "if (before > amount)");
        Line(text, 4, "_state += Deep(before);");
        Line(text, 3, "else");
        Line(text, 4, "Step(amount);");
        Line(text, 3, "return Shift(_state);");
        Line(text, 2, "}");
        Line(text, 1, "}");
    }

    static void Helpers(StringBuilder text)
    {
        Line(text, 0, "");
        Line(text, 1, "int Compute(int amount) => amount > 0 ? amount * 3 : Shift(-amount);");
        Line(text, 1, "int Deep(int amount) => Deeper(amount) + Shift(amount);");
        Line(text, 1, "int Shift(int amount) => (amount << 1) ^ _state;");
        Line(text, 1, "void Step(int amount) => _state = Deep(amount);");
        Line(text, 0, "");
        Line(text, 1, "int Deeper(int amount)");
        Line(text, 1, "{");
        Line(text, 2, "lock (_inner)");
        Line(text, 3, "return _values.Count + amount;");
        Line(text, 1, "}");
    }

    static void Plain(StringBuilder text, int f, int m, int files)
    {
        int other = (f * 7 + m * 13 + 1) % files;
        Line(text, 0, "");
        Line(text, 1, $"public string Plain{m}(int count, string name)");
        Line(text, 1, "{");
        Line(text, 2, $"var seen = new HashSet<string>(StringComparer.Ordinal) {{ name, \"part {f % 16}\" }};");
        Line(text, 2, "foreach (var pair in _names)");
        Line(text, 2, "{");
        Line(text, 3, "if (pair.Key % 2 == 0 && seen.Add(pair.Value))");
        Line(text, 4, $"count += pair.Value.Length + {m};");
        Line(text, 2, "}");
        Line(text, 2, $"int total = _values.Where(v => v > count).Select(v => v * {m + 1}).Sum();");
        Line(text, 2, $"string text = total > {m} ? $\"{{name}}: {{total}}\" : name.ToUpperInvariant();");
        Line(text, 2, m == 0
            ? $"return seen.Count > 3 ? text : new Part{other % 16}.Module{other:D4}().Plain1(total, text);"
            : $"return seen.Count > {m} ? text : Plain{m - 1}(total, text);");
        Line(text, 1, "}");
    }

    static void Line(StringBuilder text, int indent, FormattableString line) => Line(text, indent, line.ToString(CultureInfo.InvariantCulture));

    static void Line(StringBuilder text, int indent, string line)
    {
        if (line.Length > 0)
            text.Append(' ', indent * 4).Append(line);
        text.Append('\n');
    }

    const string Vocabulary = """
        global using System;
        global using System.Collections.Generic;
        global using System.Linq;
        global using FenceSafety;
        global using Generated;

        namespace Generated;

        [Flags]
        public enum Gfp { None = 0, Reclaim = 2, Kernel = Reclaim }

        public static class Heap
        {
            [MayAllocate(FlagsParameter = "gfp", BlockingFlags = Gfp.Reclaim)]
            public static object? Get(Gfp gfp) => null;
        }

        public abstract class Module
        {
            public virtual int Order => 0;
        }

        """;
}
