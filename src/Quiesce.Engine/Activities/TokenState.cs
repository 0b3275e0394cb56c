using System.Text.Json.Nodes;

namespace Quiesce.Engine.Activities;

/// <summary>
/// The tokens of one execution of a flowchart, counted by connection. A token says that somebody came along a connection and that its target has not
/// used that yet; a blocked one stands for somebody who will come too late.
/// </summary>
internal sealed class TokenState : Scratch
{
    private const string Key = "FlowTokens";

    // Unblocked tokens by the child that they lead to, and in all.
    private readonly int[] waiting;

    // How many forward connections into a child come from somebody who is awaited himself.
    private readonly int[] pending;
    private readonly int[] tokens;
    private readonly bool[] blocked;

    public TokenState(FlowchartPlan plan, int start)
    {
        Plan = plan;
        Start = start;
        Paths = plan.PathsFrom(start);
        Active = new int[plan.Children.Length];
        waiting = new int[plan.Children.Length];
        pending = new int[plan.Children.Length];
        tokens = new int[plan.Connections.Length];
        blocked = new bool[plan.Connections.Length];
    }

    public FlowchartPlan Plan { get; }

    public FlowchartPaths Paths { get; }

    public int Start { get; }

    /// <summary>How often a child is queued or running.</summary>
    public int[] Active { get; }

    /// <summary>Targets that somebody reached and that wait for a neighbour, in the order in which they began to.</summary>
    public List<int> Held { get; } = [];

    /// <summary>Tokens that are not blocked.</summary>
    public int Count { get; private set; }

    public int BlockedCount { get; private set; }

    /// <summary>The tokens of an execution that runs by tokens; null for one that counts.</summary>
    public static TokenState? Of(ActivityContext context)
    {
        if (context.Scratch is TokenState state)
            return state;
        if (context.Scratch is not null || context.State[Key] is not JsonObject saved)
            return null;
        state = Load((FlowchartPlan)context.Node.Plan!, saved);
        context.Scratch = state;
        return state;
    }

    public bool Has(int connection) => tokens[connection] > 0;

    public bool IsBlocked(int connection) => blocked[connection];

    /// <summary>True while a token that is not blocked leads to the child.</summary>
    public bool IsAwaited(int child) => waiting[child] > 0;

    /// <summary>Nobody who leads straight to the child is still to run.</summary>
    public bool IsFree(int child) => pending[child] == 0;

    public void Add(int connection)
    {
        tokens[connection]++;
        var target = Plan.Connections[connection].Target;
        if (++waiting[target] == 1)
            Announce(target, 1);
        Count++;
    }

    /// <summary>Takes some of the tokens of a connection, by default all.</summary>
    public void Take(int connection, int most = int.MaxValue)
    {
        var taken = Math.Min(tokens[connection], most);
        if (taken == 0)
            return;
        tokens[connection] -= taken;
        var target = Plan.Connections[connection].Target;
        waiting[target] -= taken;
        if (waiting[target] == 0)
            Announce(target, -1);
        Count -= taken;
    }

    public void Block(int connection, bool isBlocked)
    {
        if (blocked[connection] != isBlocked)
            BlockedCount += isBlocked ? 1 : -1;
        blocked[connection] = isBlocked;
    }

    public override void Save(JsonObject properties) => properties[Key] = new JsonObject
    {
        ["start"] = Start,
        ["active"] = Numbers(Active),
        ["tokens"] = Numbers(tokens),
        ["blocked"] = Numbers(Enumerable.Range(0, blocked.Length).Where(c => blocked[c])),
        ["held"] = Numbers(Held),
    };

    private void Announce(int child, int change)
    {
        foreach (var connection in Plan.Outbound[child])
            if (Paths.IsForward[connection])
                pending[Plan.Connections[connection].Target] += change;
    }

    private static JsonArray Numbers(IEnumerable<int> numbers) => new([.. numbers.Select(n => JsonValue.Create(n))]);

    private static TokenState Load(FlowchartPlan plan, JsonObject saved)
    {
        var state = new TokenState(plan, saved["start"]!.GetValue<int>());
        var active = saved["active"]!.AsArray();
        for (var i = 0; i < state.Active.Length; i++)
            state.Active[i] = active[i]!.GetValue<int>();
        var tokens = saved["tokens"]!.AsArray();
        for (var i = 0; i < state.tokens.Length; i++)
            for (var n = tokens[i]!.GetValue<int>(); n > 0; n--)
                state.Add(i);
        foreach (var connection in saved["blocked"]!.AsArray())
            state.Block(connection!.GetValue<int>(), true);
        state.Held.AddRange(saved["held"]!.AsArray().Select(h => h!.GetValue<int>()));
        return state;
    }
}
