namespace FenceSafety.Core.Summaries;

/// <summary>Strongly connected components (Tarjan, Depth-first search and linear graph algorithms, 1972), without recursion.</summary>
static class StrongComponents
{
    /// <summary>The components of what the roots reach: each after all that it leads to.</summary>
    public static List<List<string>> Of(IEnumerable<string> roots, Func<string, IReadOnlyList<string>> next)
    {
        var result = new List<List<string>>();
        var index = new Dictionary<string, int>(StringComparer.Ordinal);
        var low = new Dictionary<string, int>(StringComparer.Ordinal);
        var open = new Stack<string>();
        var isOpen = new HashSet<string>(StringComparer.Ordinal);
        var path = new Stack<(string Node, IReadOnlyList<string> Next, int At)>();
        foreach (string root in roots)
        {
            if (!index.ContainsKey(root))
                Enter(root);
            while (path.Count > 0)
            {
                var (node, targets, at) = path.Pop();
                if (at > 0 && isOpen.Contains(targets[at - 1]))
                    low[node] = Math.Min(low[node], low[targets[at - 1]]);
                while (at < targets.Count && index.ContainsKey(targets[at]))
                {
                    if (isOpen.Contains(targets[at]))
                        low[node] = Math.Min(low[node], index[targets[at]]);
                    at++;
                }
                if (at < targets.Count)
                {
                    path.Push((node, targets, at + 1));
                    Enter(targets[at]);
                }
                else if (low[node] == index[node])
                {
                    Close(node);
                }
            }
        }
        return result;

        void Enter(string node)
        {
            low[node] = index[node] = index.Count;
            open.Push(node);
            isOpen.Add(node);
            path.Push((node, next(node), 0));
        }

        void Close(string node)
        {
            var component = new List<string>();
            string member;
            do
            {
                member = open.Pop();
                isOpen.Remove(member);
                component.Add(member);
            }
            while (member != node);
            component.Sort(StringComparer.Ordinal);
            result.Add(component);
        }
    }
}
