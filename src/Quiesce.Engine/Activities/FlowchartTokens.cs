using System.Text.Json.Nodes;

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
        foreach (var inbound in state.Plan.Inbound[index])
            state.Take(inbound);
        var followed = Array.FindAll(state.Plan.Outbound[index], c => state.Plan.Connections[c].IsFollowedBy(child.Outcomes));
        foreach (var connection in followed)
            state.Add(connection);
        DropDeadBlocks(context, state);
        foreach (var connection in followed)
            Arrive(context, state, connection);
        Settle(context, state);
    }

    public static void ChildCancelled(ActivityContext context, TokenState state, ActivityContext child)
    {
        var index = child.Node.Position;
        state.Active[index]--;
        foreach (var connection in state.Plan.Inbound[index].Concat(state.Plan.Outbound[index]))
        {
            state.Take(connection);
            state.Block(connection, false);
        }

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
        var mode = ModeOf(context, state.Plan.Children[target]);
        switch (mode)
        {
            case Merge.Merge when forward.Length > 1 && !Array.TrueForAll(forward, state.Has):
            case Merge.Converge when !Array.TrueForAll(state.Plan.Inbound[target], state.Has):
                break;
            case Merge.Race or Merge.Cascade:
                if (mode == Merge.Race)
                    Flowchart.CancelAncestors(context, state.Plan.Children[target]);
                FollowFirst(context, state, connection, target);
                break;
            case Merge.Stream when !state.IsFree(target):
                if (!state.Held.Contains(target))
                    state.Held.Add(target);
                break;
            default:
                Schedule(context, state, target);
                break;
        }
    }

    // The first to arrive is followed, and the others are blocked; one that is blocked ends here, token and all, so that nothing of it stays behind.
    private static void FollowFirst(ActivityContext context, TokenState state, int connection, int target)
    {
        if (state.IsBlocked(connection))
        {
            state.Block(connection, false);
            state.Take(connection, 1);
            return;
        }

        Schedule(context, state, target);
        foreach (var other in state.Paths.ForwardInbound[target])
            if (state.Plan.Connections[other].Source != state.Plan.Connections[connection].Source)
                state.Block(other, true);
    }

    // Whoever a block was meant for will not come any more: in the next round of a loop it would stop somebody who is not late at all.
    private static void DropDeadBlocks(ActivityContext context, TokenState state)
    {
        if (state.BlockedCount == 0)
            return;
        context.Run.CountWork(state.Plan.Children.Length + state.Plan.Connections.Length);
        // Everything that somebody who is under way can still reach without going round a loop.
        var reached = new bool[state.Plan.Children.Length];
        var stack = new Stack<int>();
        for (var i = 0; i < reached.Length; i++)
            if (state.Active[i] > 0)
                Reach(i);
        for (var c = 0; c < state.Plan.Connections.Length; c++)
            if (state.Has(c) && state.Paths.IsForward[c])
                Reach(state.Plan.Connections[c].Target);
        while (stack.TryPop(out var node))
            foreach (var c in state.Plan.Outbound[node])
                if (state.Paths.IsForward[c])
                    Reach(state.Plan.Connections[c].Target);
        for (var c = 0; c < state.Plan.Connections.Length; c++)
            if (state.IsBlocked(c) && !reached[state.Plan.Connections[c].Source] && !state.Has(c))
                state.Block(c, false);

        void Reach(int child)
        {
            if (reached[child])
                return;
            reached[child] = true;
            stack.Push(child);
        }
    }

    // A target that waited for a neighbour which then went another way is free now; without this it would wait for ever.
    private static void Settle(ActivityContext context, TokenState state)
    {
        if (context.Status != ActivityStatus.Running)
            return;
        if (state.Held.Count >= 1_000)
            context.Run.CountWork(state.Held.Count);
        for (var i = 0; i < state.Held.Count; i++)
        {
            var target = state.Held[i];
            if (state.Active[target] == 0 && state.IsAwaited(target) && !state.IsFree(target))
                continue;
            state.Held.RemoveAt(i--);
            if (state.Active[target] == 0 && state.IsAwaited(target))
                Schedule(context, state, target);
        }

        // Faulted children stay open, so a flowchart with a fault in it never completes.
        if (context.OpenChildren == 0 && state.Count == 0)
            context.Complete();
    }

    private static Merge ModeOf(ActivityContext context, ActivityNode target)
    {
        if (target.Activity is FlowJoin)
            return Flowchart.JoinModeOf(context, target) == "WaitAny" ? Merge.Race : Merge.Merge;
        return Enum.TryParse<Merge>((target.Json.Find("customProperties") as JsonObject)?.Text("mergeMode"), ignoreCase: true, out var mode) ? mode : Merge.Stream;
    }
}
