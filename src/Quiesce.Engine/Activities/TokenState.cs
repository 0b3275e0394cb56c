using System.Text.Json.Nodes;

namespace Quiesce.Engine.Activities;

/// <summary>What lies on a connection: somebody came along it and its target has not used that yet. A blocked token stands for somebody who came too late.</summary>
internal readonly record struct FlowToken(int Connection, bool IsBlocked);

/// <summary>The tokens of one execution of a flowchart.</summary>
internal sealed class TokenState : Scratch
{
    private const string Key = "FlowTokens";

    public TokenState(FlowchartPlan plan, int start)
    {
        Plan = plan;
        Start = start;
        Paths = plan.PathsFrom(start);
        Active = new int[plan.Children.Length];
    }

    public FlowchartPlan Plan { get; }

    public FlowchartPaths Paths { get; }

    public int Start { get; }

    /// <summary>How often a child is queued or running.</summary>
    public int[] Active { get; }

    /// <summary>In the order in which they came; one that is used is gone.</summary>
    public List<FlowToken> Tokens { get; } = [];

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

    public override void Save(JsonObject properties) => properties[Key] = new JsonObject
    {
        ["start"] = Start,
        ["active"] = new JsonArray([.. Active.Select(n => JsonValue.Create(n))]),
        ["tokens"] = new JsonArray([.. Tokens.Where(t => !t.IsBlocked).Select(t => JsonValue.Create(t.Connection))]),
        ["blocked"] = new JsonArray([.. Tokens.Where(t => t.IsBlocked).Select(t => JsonValue.Create(t.Connection))]),
    };

    private static TokenState Load(FlowchartPlan plan, JsonObject saved)
    {
        var state = new TokenState(plan, saved["start"]!.GetValue<int>());
        var active = saved["active"]!.AsArray();
        for (var i = 0; i < state.Active.Length; i++)
            state.Active[i] = active[i]!.GetValue<int>();
        state.Tokens.AddRange(saved["tokens"]!.AsArray().Select(t => new FlowToken(t!.GetValue<int>(), false)));
        state.Tokens.AddRange(saved["blocked"]!.AsArray().Select(t => new FlowToken(t!.GetValue<int>(), true)));
        return state;
    }
}
