namespace Quiesce.Engine.Activities;

/// <summary>
/// A graph of activities. Two ways of deciding what runs next: by counters (<see cref="FlowchartCounting"/>), the default, or by tokens
/// (<see cref="FlowchartTokens"/>) where the instance or the host asks for it. An execution stays with the one it began with.
/// </summary>
internal sealed class Flowchart : IActivity
{
    /// <summary>The instance property that chooses the way.</summary>
    public const string ModeProperty = "Flowchart:ExecutionMode";

    public ActivityDescriptor Descriptor { get; } = new()
    {
        TypeName = "Elsa.Flowchart",
        Category = "Flow",
        Description = "Activities, and connections that lead from one to the next.",
        ChildLists = ["activities"],
        IsContainer = true,
        IsBrowsable = false,
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

        var start = plan.StartFor(context.Run.IsStarting ? context.Run.TriggerActivityId : null);
        if (UsesTokens(context))
            FlowchartTokens.Begin(context, new(plan, start));
        else
            FlowchartCounting.Begin(context, new(plan, start));
    }

    public void ChildCompleted(ActivityContext context, ChildCompletion child)
    {
        if (child.Node!.Descriptor.IsTerminal)
            context.Complete();
        else if (TokenState.Of(context) is { } tokens)
            FlowchartTokens.ChildCompleted(context, tokens, child);
        else
            FlowchartCounting.ChildCompleted(context, child);
    }

    public void ChildCancelled(ActivityContext context, ActivityContext child)
    {
        if (TokenState.Of(context) is { } tokens)
            FlowchartTokens.ChildCancelled(context, tokens, child);
        else
            FlowchartCounting.ChildCancelled(context, child);
    }

    /// <summary>Cancels what is still open of everything that leads to a join.</summary>
    public static void CancelAncestors(ActivityContext flowchart, ActivityNode join)
    {
        // Mostly the join is the only one there is, and then there is nothing to find out.
        if (flowchart.FirstChild is null || (flowchart.FirstChild.Node == join && flowchart.FirstChild.NextSibling is null))
            return;
        var paths = TokenState.Of(flowchart)?.Paths ?? FlowchartCounting.State(flowchart).Paths;
        var ancestors = paths.AncestorsOf(join.Position, flowchart.Run);
        var child = flowchart.FirstChild;
        while (child is not null)
        {
            var next = child.NextSibling;
            if (child.Node != join && ancestors[child.Node.Position])
                flowchart.Run.Cancel(child);
            child = next;
        }
    }

    /// <summary>How a join waits: WaitAll, WaitAllActive or WaitAny.</summary>
    public static string JoinModeOf(ActivityContext context, ActivityNode join)
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

    private static bool UsesTokens(ActivityContext context) =>
        (context.InstanceProperties.TryGetValue(ModeProperty, out var given) ? Json.AsText(given) : null) switch
        {
            "TokenBased" => true,
            "CounterBased" => false,
            _ => context.Run.Context.FlowchartMode == FlowchartMode.TokenBased,
        };
}
