using System.Text.Json.Nodes;

namespace Quiesce.Engine.Activities;

/// <summary>The counters of one execution of a flowchart.</summary>
internal sealed class FlowchartState : Scratch
{
    private const string Key = "FlowScope";

    // How many forward connections into a child were visited more often than the child itself.
    private readonly int[] arrived;

    public FlowchartState(FlowchartPlan plan, int start)
    {
        Plan = plan;
        Start = start;
        Paths = plan.PathsFrom(start);
        Visits = new int[plan.Children.Length];
        Active = new int[plan.Children.Length];
        ConnectionVisits = new int[plan.Connections.Length];
        Followed = new bool[plan.Connections.Length];
        arrived = new int[plan.Children.Length];
    }

    public FlowchartPlan Plan { get; }

    public FlowchartPaths Paths { get; }

    public int Start { get; }

    public int[] Visits { get; }

    /// <summary>How often a child is queued or running.</summary>
    public int[] Active { get; }

    public int[] ConnectionVisits { get; }

    /// <summary>Whether the last visit of a connection was followed.</summary>
    public bool[] Followed { get; }

    public static FlowchartState Load(FlowchartPlan plan, JsonObject properties)
    {
        var saved = properties[Key] as JsonObject ?? throw new InvalidOperationException("A flowchart was resumed that never began.");
        var state = new FlowchartState(plan, saved["start"]!.GetValue<int>());
        Copy(saved["visits"], state.Visits);
        Copy(saved["active"], state.Active);
        Copy(saved["connections"], state.ConnectionVisits);
        foreach (var index in saved["followed"]!.AsArray())
            state.Followed[index!.GetValue<int>()] = true;
        for (var child = 0; child < state.arrived.Length; child++)
            state.CountArrived(child);
        return state;
    }

    /// <summary>Somebody, or nobody, came along a connection.</summary>
    public void VisitConnection(int connection, bool followed)
    {
        var target = Plan.Connections[connection].Target;
        Followed[connection] = followed;
        if (++ConnectionVisits[connection] == Visits[target] + 1 && Paths.IsForward[connection])
            arrived[target]++;
    }

    /// <summary>A child ran, or was skipped.</summary>
    public void Visit(int child)
    {
        Visits[child]++;
        CountArrived(child);
    }

    /// <summary>Every forward connection into a child was visited since the child itself was.</summary>
    public bool IsVisitedByAll(int child) => arrived[child] == Paths.ForwardInbound[child].Length;

    public override void Save(JsonObject properties)
    {
        var followed = new JsonArray();
        for (var i = 0; i < Followed.Length; i++)
            if (Followed[i])
                followed.Add(i);
        properties[Key] = new JsonObject
        {
            ["start"] = Start,
            ["visits"] = Numbers(Visits),
            ["active"] = Numbers(Active),
            ["connections"] = Numbers(ConnectionVisits),
            ["followed"] = followed,
        };
    }

    /// <summary>Over the forward connections into a child: least and most visits, whether one at the most was followed, whether all were.</summary>
    public (int Least, int Most, bool MostFollowed, bool AllFollowed) Inbound(int child)
    {
        var least = int.MaxValue;
        var most = 0;
        var mostFollowed = false;
        var allFollowed = true;
        foreach (var connection in Paths.ForwardInbound[child])
        {
            var visits = ConnectionVisits[connection];
            least = Math.Min(least, visits);
            if (visits > most)
                (most, mostFollowed) = (visits, Followed[connection]);
            else if (visits == most)
                mostFollowed |= Followed[connection];
            allFollowed &= Followed[connection];
        }

        return (least, most, mostFollowed, allFollowed);
    }

    private void CountArrived(int child)
    {
        var count = 0;
        foreach (var connection in Paths.ForwardInbound[child])
            if (ConnectionVisits[connection] > Visits[child])
                count++;
        arrived[child] = count;
    }

    private static JsonArray Numbers(int[] numbers) => new([.. numbers.Select(n => JsonValue.Create(n))]);

    private static void Copy(JsonNode? saved, int[] into)
    {
        var array = saved!.AsArray();
        for (var i = 0; i < into.Length; i++)
            into[i] = array[i]!.GetValue<int>();
    }
}
