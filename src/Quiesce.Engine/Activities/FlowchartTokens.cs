namespace Quiesce.Engine.Activities;

/// <summary>
/// Token-based: whoever completes puts a token on each connection that it leaves by and takes those that lay on its own inbound ones; how a target
/// waits for tokens is its merge mode.
/// </summary>
internal static class FlowchartTokens
{
    private enum Merge
    {
        Stream,
        Merge,
        Converge,
        Cascade,
        Race,
    }

    public static void Begin(ActivityContext context, TokenState state)
    {
        context.Scratch = state;
        Schedule(context, state, state.Start);
    }

    public static void ChildCompleted(ActivityContext context, TokenState state, ChildCompletion child)
    {
        var index = child.Node!.Position;
        state.Active[index]--;
        var followed = state.Plan.Outbound[index].Where(c => state.Plan.Connections[c].IsFollowedBy(child.Outcomes)).ToList();
        foreach (var connection in followed)
            state.Tokens.Add(new(connection, false));
        state.Tokens.RemoveAll(t => !t.IsBlocked && state.Plan.Connections[t.Connection].Target == index && !followed.Contains(t.Connection));
        DropDeadBlocks(state);
        foreach (var connection in followed)
            Arrive(context, state, connection);
        Settle(context, state);
    }

    public static void ChildCancelled(ActivityContext context, TokenState state, ActivityContext child)
    {
        var index = child.Node.Position;
        state.Active[index]--;
        state.Tokens.RemoveAll(t => state.Plan.Connections[t.Connection] is var c && (c.Source == index || c.Target == index));
        Settle(context, state);
    }

    private static void Schedule(ActivityContext context, TokenState state, int index)
    {
        state.Active[index]++;
        context.Schedule(state.Plan.Children[index]);
    }

    private static void Arrive(ActivityContext context, TokenState state, int connection)
    {
        var target = state.Plan.Connections[connection].Target;
        var forward = state.Paths.ForwardInbound[target];
        switch (ModeOf(context, state.Plan.Children[target]))
        {
            case Merge.Merge when forward.Length > 1:
                if (Array.TrueForAll(forward, c => HasToken(state, c)))
                    Schedule(context, state, target);
                break;
            case Merge.Converge when state.Plan.Inbound[target] is { Length: > 1 } all:
                if (Array.TrueForAll(all, c => HasToken(state, c)))
                    Schedule(context, state, target);
                break;
            case Merge.Cascade:
                Cascade(context, state, connection, target);
                break;
            case Merge.Race:
                Flowchart.CancelAncestors(context, state.Plan.Children[target]);
                Cascade(context, state, connection, target);
                break;
            case Merge.Stream:
                if (IsFree(state, target))
                    Schedule(context, state, target);
                break;
            default:
                Schedule(context, state, target);
                break;
        }
    }

    // The first to arrive is followed, and the others are blocked; one that is blocked ends here, token and all, so that nothing of it stays behind.
    private static void Cascade(ActivityContext context, TokenState state, int connection, int target)
    {
        if (state.Tokens.Remove(new(connection, true)))
        {
            state.Tokens.Remove(new(connection, false));
            return;
        }

        Schedule(context, state, target);
        foreach (var other in state.Paths.ForwardInbound[target])
            if (other != connection && state.Plan.Connections[other].Source != state.Plan.Connections[connection].Source)
                state.Tokens.Add(new(other, true));
    }

    // Whoever could still use a block is gone: in the next round of a loop it would stop somebody who is not late at all.
    private static void DropDeadBlocks(TokenState state)
    {
        if (!state.Tokens.Exists(t => t.IsBlocked))
            return;
        var isAlive = new bool[state.Plan.Children.Length];
        for (var i = 0; i < isAlive.Length; i++)
            isAlive[i] = state.Active[i] > 0;
        foreach (var token in state.Tokens)
            if (!token.IsBlocked && state.Paths.IsForward[token.Connection])
                isAlive[state.Plan.Connections[token.Connection].Target] = true;
        state.Tokens.RemoveAll(t => t.IsBlocked && state.Plan.Connections[t.Connection].Source is var source && !isAlive[source] && !LeadsTo(state, source, isAlive)
            && !HasToken(state, t.Connection));
    }

    private static bool LeadsTo(TokenState state, int child, bool[] isAlive)
    {
        var ancestors = state.Paths.AncestorsOf(child);
        for (var i = 0; i < ancestors.Length; i++)
            if (ancestors[i] && isAlive[i])
                return true;
        return false;
    }

    // A target that waited for a neighbour which then went another way is free now; without this it would wait for ever.
    private static void Settle(ActivityContext context, TokenState state)
    {
        if (context.Status != ActivityStatus.Running)
            return;
        foreach (var target in state.Tokens.Where(t => !t.IsBlocked).Select(t => state.Plan.Connections[t.Connection].Target).Distinct().ToList())
            if (state.Active[target] == 0 && ModeOf(context, state.Plan.Children[target]) == Merge.Stream && IsFree(state, target))
                Schedule(context, state, target);
        if (context.OpenChildren == 0 && state.Tokens.TrueForAll(t => t.IsBlocked))
            context.Complete();
    }

    // Nobody who leads straight to the target is still to run.
    private static bool IsFree(TokenState state, int target)
    {
        foreach (var inbound in state.Paths.ForwardInbound[target])
        {
            var source = state.Plan.Connections[inbound].Source;
            if (state.Tokens.Exists(t => !t.IsBlocked && state.Plan.Connections[t.Connection].Target == source))
                return false;
        }

        return true;
    }

    private static bool HasToken(TokenState state, int connection) => state.Tokens.Contains(new(connection, false));

    private static Merge ModeOf(ActivityContext context, ActivityNode target)
    {
        if (target.Activity is FlowJoin)
            return Flowchart.JoinModeOf(context, target) == "WaitAny" ? Merge.Race : Merge.Merge;
        var properties = target.Json.Find("customProperties") as System.Text.Json.Nodes.JsonObject;
        return Enum.TryParse<Merge>(properties?.Text("mergeMode"), ignoreCase: true, out var mode) ? mode : Merge.Stream;
    }
}
