namespace Quiesce.Engine.Activities;

/// <summary>
/// Counter-based: every connection remembers how often it was visited and whether its last visit was followed, so that joins know what can still
/// arrive, dead paths included.
/// </summary>
internal static class FlowchartCounting
{
    private const string EnteredBackward = "backward";

    private enum Decision
    {
        Wait,
        Schedule,
        Skip,
    }

    public static void Begin(ActivityContext context, FlowchartState state)
    {
        context.Scratch = state;
        Schedule(context, state, state.Start, null);
    }

    public static void ChildCompleted(ActivityContext context, ChildCompletion child)
    {
        var state = State(context);
        var index = child.Node!.Position;
        state.Active[index]--;
        var scheduled = Propagate(context, state, index, child.Outcomes, completed: true, child.Tag == EnteredBackward);
        if (!scheduled)
            CompleteIfIdle(context);
    }

    public static void ChildCancelled(ActivityContext context, ActivityContext child)
    {
        var state = State(context);
        var index = child.Node.Position;
        state.Active[index]--;
        CompleteIfIdle(context);
        if (context.Status == ActivityStatus.Running && !Propagate(context, state, index, [], completed: false, child.Tag == EnteredBackward))
            CompleteIfIdle(context);
    }

    public static FlowchartState State(ActivityContext context)
    {
        if (context.Scratch is not FlowchartState state)
            context.Scratch = state = FlowchartState.Load((FlowchartPlan)context.Node.Plan!, context.State);
        return state;
    }

    private static void Schedule(ActivityContext context, FlowchartState state, int index, string? tag)
    {
        state.Active[index]++;
        context.Schedule(state.Plan.Children[index], tag);
    }

    private static void CompleteIfIdle(ActivityContext context)
    {
        // Faulted children stay open, so a flowchart with a fault in it never completes.
        if (context.OpenChildren == 0)
            context.Complete();
    }

    // Depth first along the connections, with a stack of its own: a dead path may be as long as the document.
    private static bool Propagate(ActivityContext context, FlowchartState state, int from, IReadOnlyList<string> outcomes, bool completed, bool enteredBackward)
    {
        var plan = state.Plan;
        var paths = state.Paths;
        if (!paths.IsReachable(from))
            throw new ActivityFaultException($"Activity '{plan.Children[from].Id}' is not connected with the start of the flowchart. Draw the connection.");
        if (!enteredBackward)
            state.Visit(from);
        var scheduled = false;
        Stack<(int Node, int Next)>? suspended = null;
        var (node, next) = (from, 0);
        var followable = completed;
        var steps = 0;
        while (true)
        {
            // A dead path may be as long as the drawing, and a loop may send it on its way again and again.
            if (++steps % 1_000 == 0)
                context.Run.CountStep();
            if (next == plan.Outbound[node].Length)
            {
                if (suspended is null || !suspended.TryPop(out var frame))
                    return scheduled;
                (node, next) = frame;
                followable = node == from && completed && suspended.Count == 0;
                continue;
            }

            var connection = plan.Outbound[node][next++];
            var followed = followable && plan.Connections[connection].IsFollowedBy(outcomes);
            state.VisitConnection(connection, followed);
            switch (Decide(context, state, connection, followed))
            {
                case Decision.Schedule:
                    scheduled = true;
                    break;
                case Decision.Skip:
                    (suspended ??= new()).Push((node, next));
                    (node, next) = (plan.Connections[connection].Target, 0);
                    state.Visit(node);
                    followable = false;
                    break;
            }
        }
    }

    private static Decision Decide(ActivityContext context, FlowchartState state, int connection, bool followed)
    {
        var plan = state.Plan;
        var target = plan.Connections[connection].Target;
        if (!state.Paths.IsForward[connection])
        {
            if (!followed)
                return Decision.Wait;
            if (!state.Paths.IsValidBackward(connection, context.Run))
                throw new ActivityFaultException(
                    $"Invalid backward connection from '{plan.Children[plan.Connections[connection].Source].Id}' to '{plan.Children[target].Id}': a loop must lead back to an activity that every path to its source passes.");
            Schedule(context, state, target, EnteredBackward);
            return Decision.Schedule;
        }

        var mode = plan.Children[target].Activity is FlowJoin ? Flowchart.JoinModeOf(context, plan.Children[target]) : "WaitAllActive";
        var visits = state.Visits[target];
        var allVisited = state.IsVisitedByAll(target);
        // Most arrivals at a target that many connections lead to change nothing yet; only those that may are looked at closely.
        if (mode == "WaitAny" ? state.ConnectionVisits[connection] <= visits || state.Active[target] > 0 : !allVisited)
            return Decision.Wait;
        if (state.Paths.ForwardInbound[target].Length >= 1_000)
            context.Run.CountWork(state.Paths.ForwardInbound[target].Length);
        var (least, most, mostFollowed, allFollowed) = state.Inbound(target);
        var someFollowed = most > visits && mostFollowed;
        switch (mode)
        {
            case "WaitAll":
                if (!(most > visits && least == most && allFollowed))
                    return Decision.Skip;
                break;
            case "WaitAny":
                if (!someFollowed)
                    return allVisited ? Decision.Skip : Decision.Wait;
                Schedule(context, state, target, null);
                Flowchart.CancelAncestors(context, plan.Children[target]);
                return Decision.Schedule;
            default:
                if (!someFollowed)
                    return Decision.Skip;
                break;
        }

        Schedule(context, state, target, null);
        return Decision.Schedule;
    }
}
