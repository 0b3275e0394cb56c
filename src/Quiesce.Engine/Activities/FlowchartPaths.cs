using System.Collections.Concurrent;

namespace Quiesce.Engine.Activities;

/// <summary>Which connections lead forward from a start, and what follows from that. Computed once per start.</summary>
internal sealed class FlowchartPaths
{
    // Telling forward from backward is quadratic in the worst case; a drawing that people made stays far below this.
    private const long MaxSteps = 10_000_000;

    private const long MaxKept = 16 * 1024 * 1024;

    private readonly FlowchartPlan plan;
    private readonly int start;
    private readonly bool[] reachable;
    private readonly ConcurrentDictionary<int, bool[]> ancestors = new();
    private readonly ConcurrentDictionary<int, bool> validBackward = new();

    private FlowchartPaths(FlowchartPlan plan, int start, bool[] isForward, bool[] reachable)
    {
        this.plan = plan;
        this.start = start;
        this.reachable = reachable;
        IsForward = isForward;
        ForwardInbound = [.. plan.Inbound.Select(inbound => inbound.Where(c => isForward[c]).ToArray())];
    }

    /// <summary>By connection.</summary>
    public bool[] IsForward { get; }

    /// <summary>Forward connections into a child.</summary>
    public int[][] ForwardInbound { get; }

    public static FlowchartPaths From(FlowchartPlan plan, int start, NodeDraft? draft)
    {
        var count = plan.Children.Length;
        var isForward = new bool[plan.Connections.Length];
        var accepted = new List<int>[count];
        var reachable = new bool[count];
        var stamp = new int[count];
        var round = 0;
        long steps = 0;
        var queue = new Queue<int>([start]);
        reachable[start] = true;
        while (queue.TryDequeue(out var from))
        {
            var decided = new Dictionary<int, bool>();
            foreach (var connection in plan.Outbound[from])
            {
                var to = plan.Connections[connection].Target;
                if (!decided.TryGetValue(to, out var forward))
                {
                    forward = to != from && !Reaches(to, from, accepted, stamp, ++round, ref steps);
                    decided[to] = forward;
                    if (forward)
                        (accepted[from] ??= []).Add(to);
                }

                isForward[connection] = forward;
                if (forward && !reachable[to])
                {
                    reachable[to] = true;
                    queue.Enqueue(to);
                }
            }

            if (steps > MaxSteps)
                throw draft?.Refuse("the flowchart has too many connections that cross to be understood. Split it into several.")
                    ?? new ActivityFaultException("The flowchart has too many connections that cross to be understood. Split it into several.") as Exception;
        }

        return new(plan, start, isForward, reachable);
    }

    public bool IsReachable(int child) => reachable[child];

    /// <summary>Everything that leads to a child over forward connections.</summary>
    /// <param name="child">The child.</param>
    /// <param name="run">Pays for the search.</param>
    public bool[] AncestorsOf(int child, BurstRun run)
    {
        if (ancestors.TryGetValue(child, out var known))
            return known;
        run.CountWork(plan.Connections.Length);
        // Each answer is as large as the drawing, so not all of a large one's are kept.
        var found = FindAncestors(child);
        return ancestors.Count * (long)found.Length < MaxKept ? ancestors.GetOrAdd(child, found) : found;
    }

    /// <summary>A backward connection is valid if every forward path to its source passes its target.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="run">Pays for the search.</param>
    public bool IsValidBackward(int connection, BurstRun run)
    {
        if (validBackward.TryGetValue(connection, out var known))
            return known;
        run.CountWork(plan.Connections.Length);
        return validBackward.GetOrAdd(connection, FindValidity);
    }

    private bool[] FindAncestors(int child)
    {
        var found = new bool[plan.Children.Length];
        var stack = new Stack<int>([child]);
        while (stack.TryPop(out var node))
            foreach (var connection in ForwardInbound[node])
                if (plan.Connections[connection].Source is var source && !found[source])
                {
                    found[source] = true;
                    stack.Push(source);
                }

        return found;
    }

    private bool FindValidity(int connection)
    {
        var (source, _, target, _) = plan.Connections[connection];
        if (target == start || target == source)
            return true;
        var seen = new bool[plan.Children.Length];
        seen[target] = true;
        seen[start] = true;
        var stack = new Stack<int>([start]);
        while (stack.TryPop(out var node))
        {
            if (node == source)
                return false;
            foreach (var next in plan.Outbound[node])
                if (IsForward[next] && plan.Connections[next].Target is var to && !seen[to])
                {
                    seen[to] = true;
                    stack.Push(to);
                }
        }

        return true;
    }

    private static bool Reaches(int from, int to, List<int>[] accepted, int[] stamp, int round, ref long steps)
    {
        if (accepted[from] is null)
            return false;
        var stack = new Stack<int>([from]);
        stamp[from] = round;
        while (stack.TryPop(out var node))
        {
            if (node == to)
                return true;
            foreach (var next in accepted[node] ?? [])
            {
                steps++;
                if (stamp[next] == round)
                    continue;
                stamp[next] = round;
                stack.Push(next);
            }
        }

        return false;
    }
}
