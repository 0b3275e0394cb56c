namespace Quiesce.Engine.Activities;

/// <summary>
/// A graph of activities. Counter-based: every connection remembers how often it was visited and whether its last visit was followed, so that
/// joins know what can still arrive, dead paths included.
/// </summary>
internal sealed class Flowchart : IActivity
{
    private const string EnteredBackward = "backward";

    public ActivityDescriptor Descriptor { get; } = new()
    {
        TypeName = "Elsa.Flowchart",
        Category = "Workflows",
        Description = "A flowchart of activities.",
        ChildLists = ["activities"],
        IsContainer = true,
    };

    public object? Prepare(NodeDraft draft) => FlowchartPlan.Read(draft);

    public void Execute(ActivityContext context)
    {
        var plan = (FlowchartPlan)context.Node.Plan!;
        if (plan.Children.Length == 0)
        {
            context.Complete();
            return;
        }

        var state = new FlowchartState(plan, plan.StartFor(context.Run.IsStarting ? context.Run.TriggerActivityId : null));
        context.Scratch = state;
        Schedule(context, state, state.Start, null);
    }

    public void ChildCompleted(ActivityContext context, ChildCompletion child)
    {
        if (child.Node!.Descriptor.IsTerminal)
        {
            context.Complete();
            return;
        }

        var state = State(context);
        var index = child.Node.Position;
        state.Active[index]--;
        var scheduled = Propagate(context, state, index, child.Outcomes, completed: true, child.Tag == EnteredBackward);
        if (!scheduled)
            CompleteIfIdle(context);
    }

    public void ChildCancelled(ActivityContext context, ActivityContext child)
    {
        var state = State(context);
        var index = child.Node.Position;
        state.Active[index]--;
        CompleteIfIdle(context);
        if (context.Status == ActivityStatus.Running && !Propagate(context, state, index, [], completed: false, child.Tag == EnteredBackward))
            CompleteIfIdle(context);
    }

    /// <summary>Cancels what is still open of everything that leads to a join.</summary>
    public static void CancelAncestors(ActivityContext flowchart, ActivityNode join)
    {
        var state = State(flowchart);
        var ancestors = state.Paths.AncestorsOf(join.Position);
        var child = flowchart.FirstChild;
        while (child is not null)
        {
            var next = child.NextSibling;
            if (child.Node != join && ancestors[child.Node.Position])
                flowchart.Run.Cancel(child);
            child = next;
        }
    }

    private static FlowchartState State(ActivityContext context)
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
            state.Visits[from]++;
        var scheduled = false;
        Stack<(int Node, int Next)>? suspended = null;
        var (node, next) = (from, 0);
        var followable = completed;
        while (true)
        {
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
            state.ConnectionVisits[connection]++;
            state.Followed[connection] = followed;
            switch (Decide(context, state, connection, followed))
            {
                case Decision.Schedule:
                    scheduled = true;
                    break;
                case Decision.Skip:
                    (suspended ??= new()).Push((node, next));
                    (node, next) = (plan.Connections[connection].Target, 0);
                    state.Visits[node]++;
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
            if (!state.Paths.IsValidBackward(connection))
                throw new ActivityFaultException(
                    $"Invalid backward connection from '{plan.Children[plan.Connections[connection].Source].Id}' to '{plan.Children[target].Id}': a loop must lead back to an activity that every path to its source passes.");
            Schedule(context, state, target, EnteredBackward);
            return Decision.Schedule;
        }

        var mode = plan.Children[target].Activity is FlowJoin ? JoinModeOf(context, plan.Children[target]) : "WaitAllActive";
        var visits = state.Visits[target];
        var (least, most, mostFollowed, allFollowed) = state.Inbound(target);
        var allVisited = least > visits;
        var someFollowed = most > visits && mostFollowed;
        switch (mode)
        {
            case "WaitAll":
                if (!allVisited)
                    return Decision.Wait;
                if (!(most > visits && least == most && allFollowed))
                    return Decision.Skip;
                break;
            case "WaitAny":
                if (state.ConnectionVisits[connection] <= visits || state.Active[target] > 0)
                    return Decision.Wait;
                if (!someFollowed)
                    return allVisited ? Decision.Skip : Decision.Wait;
                Schedule(context, state, target, null);
                CancelAncestors(context, plan.Children[target]);
                return Decision.Schedule;
            default:
                if (!allVisited)
                    return Decision.Wait;
                if (!someFollowed)
                    return Decision.Skip;
                break;
        }

        Schedule(context, state, target, null);
        return Decision.Schedule;
    }

    private static string JoinModeOf(ActivityContext context, ActivityNode join)
    {
        var binding = join.Inputs[0];
        var mode = binding.Expression is null ? binding.Default : binding.Expression.Evaluate(context, binding.Type);
        return mode switch
        {
            "WaitAll" or "0" => "WaitAll",
            "WaitAllActive" or "1" => "WaitAllActive",
            _ => "WaitAny",
        };
    }

    private enum Decision
    {
        Wait,
        Schedule,
        Skip,
    }
}
