using System.Collections.Immutable;
using System.Reflection;

namespace FenceSafety.Differential.Tests.Execution;

/// <summary>
/// The stack of an executed program, which keeps it itself: what the runtime tells of a frame that is in a <c>finally</c> block says
/// nothing of the line.
/// </summary>
/// <param name="methods">The methods behind the numbers of bodies, found when they are first called.</param>
/// <param name="bodies">The line of each body.</param>
/// <param name="lines">Takes the lines that are reached.</param>
internal sealed class ShadowStack(Dictionary<int, MethodData> methods, IReadOnlyList<int> bodies, HashSet<int> lines)
{
    private readonly List<Frame> _frames = [];
    private bool _isConverted;

    public int Count => _frames.Count;

    public bool Knows(int number) => methods.ContainsKey(number);

    public void Learn(int number, MethodBase method) => methods.Add(number, MethodData.Of(method, bodies[number]));

    public void Push(int number)
    {
        _frames.Add(new Frame(methods[number], 0, _isConverted));
        _isConverted = false;
    }

    public void Pop() => _frames.RemoveAt(_frames.Count - 1);

    public void At(int line)
    {
        _frames[^1] = _frames[^1] with { Line = line };
        lines.Add(line);
    }

    public void Converted() => _isConverted = true;

    /// <summary>The innermost body was called through a delegate type with a contract, or from a line that cannot be seen through.</summary>
    public bool IsBehindContract(IReadOnlySet<int> opaqueLines) =>
        _frames[^1].IsConverted || (_frames.Count > 1 && opaqueLines.Contains(_frames[^2].Line));

    /// <summary>Innermost first.</summary>
    public ImmutableArray<Frame> Read() => [.. _frames.AsEnumerable().Reverse()];
}
