namespace Quiesce.Engine.Activities;

/// <summary>Runs the body for each item, one after the other.</summary>
internal sealed class ForEach : IActivity, IBreakable
{
    public ActivityDescriptor Descriptor { get; } = new()
    {
        TypeName = "Elsa.ForEach",
        DisplayName = "For each",
        Category = "Looping",
        Description = "Runs the body for each item.",
        Inputs = [new("Items", "List<Object>") { UiHint = UiHints.MultiLine, DefaultSyntax = "JavaScript" }],
        Outputs = [new("CurrentValue", "Object")],
        Ports = [new("Body", PortKind.Embedded)],
    };

    public void Execute(ActivityContext context) => Next(context, 0);

    public void ChildCompleted(ActivityContext context, ChildCompletion child)
    {
        if (BreakSignal.IsBreaking(context) || child.Node is null)
            context.Complete();
        else
            Next(context, (context.State["CurrentIndex"]?.GetValue<int>() ?? 0) + 1);
    }

    public bool ReceiveBreak(ActivityContext context) => true;

    private static void Next(ActivityContext context, int index)
    {
        // No expression at all means nothing to do; an expression that yields nothing is a mistake.
        var items = context.GetInput("Items");
        if (items is null && !context.IsInputGiven("Items"))
        {
            context.Complete();
            return;
        }

        var list = (IReadOnlyList<object?>?)items ?? throw new ActivityFaultException("Elsa.ForEach got no list: 'Items' is null. Give it a list, or an empty one.");
        if (index >= list.Count)
        {
            context.Complete();
            return;
        }

        context.State["CurrentIndex"] = index;
        context.SetOutput("CurrentValue", list[index]);
        context.Schedule(context.Node.Child("Body"), null, new("CurrentIndex", index), new("CurrentValue", list[index]));
    }
}

/// <summary>Runs the body for all items side by side.</summary>
internal sealed class ParallelForEach : IActivity
{
    public ActivityDescriptor Descriptor { get; } = new()
    {
        TypeName = "Elsa.ParallelForEach",
        DisplayName = "For each (parallel)",
        Category = "Looping",
        Description = "Runs the body for all items side by side.",
        Inputs = [new("Items", "Object") { UiHint = UiHints.MultiLine, DefaultSyntax = "JavaScript" }],
        Ports = [new("Body", PortKind.Embedded)],
    };

    public void Execute(ActivityContext context)
    {
        var items = Values.Items(context.GetInput("Items")) ?? [];
        if (context.Node.Child("Body") is { } body)
            for (var i = 0; i < items.Count; i++)
                context.Schedule(body, null, new("CurrentIndex", i), new("CurrentValue", items[i]));
        if (context.OpenChildren == 0)
            context.Complete();
    }

    public void ChildCompleted(ActivityContext context, ChildCompletion child)
    {
        if (context.OpenChildren == 0)
            context.Complete();
    }
}

/// <summary>Counts.</summary>
internal sealed class For : IActivity, IBreakable
{
    public ActivityDescriptor Descriptor { get; } = new()
    {
        TypeName = "Elsa.For",
        Category = "Looping",
        Description = "Runs the body for each number of a range.",
        Inputs =
        [
            new("Start", "Int32") { DefaultValue = 0 },
            new("End", "Int32") { DefaultValue = 0 },
            new("Step", "Int32") { DefaultValue = 1 },
            new("OuterBoundInclusive", "Boolean") { DefaultValue = true, UiHint = UiHints.Checkbox },
        ],
        Outputs = [new("CurrentValue", "Object")],
        Ports = [new("Body", PortKind.Embedded)],
    };

    public void Execute(ActivityContext context) => Next(context);

    public void ChildCompleted(ActivityContext context, ChildCompletion child)
    {
        if (BreakSignal.IsBreaking(context))
            context.Complete();
        else
            Next(context);
    }

    public bool ReceiveBreak(ActivityContext context) => true;

    private static void Next(ActivityContext context)
    {
        var body = context.Node.Child("Body");
        while (true)
        {
            var step = Number(context, "Step");
            var end = Number(context, "End");
            var value = context.State["CurrentValue"]?.GetValue<long>() + step ?? Number(context, "Start");
            var inclusive = context.EvaluateInput("OuterBoundInclusive") is true;
            var goesOn = step >= 0 ? (inclusive ? value <= end : value < end) : inclusive ? value >= end : value > end;
            if (!goesOn)
            {
                context.Complete();
                return;
            }

            context.State["CurrentValue"] = value;
            context.SetOutput("CurrentValue", (int)value);
            if (body is not null)
            {
                context.Schedule(body, null, new DynamicVariable("CurrentValue", (int)value));
                return;
            }

            context.Run.CountStep();
        }
    }

    private static long Number(ActivityContext context, string input) => context.EvaluateInput(input) is int number ? number : 0;
}

/// <summary>Runs the body while the condition holds.</summary>
internal sealed class While : IActivity, IBreakable
{
    public ActivityDescriptor Descriptor { get; } = new()
    {
        TypeName = "Elsa.While",
        Category = "Looping",
        Description = "Runs the body while a condition holds.",
        Inputs = [new("Condition", "Boolean") { DefaultValue = false, AutoEvaluate = false, UiHint = UiHints.Checkbox, DefaultSyntax = "JavaScript" }],
        Ports = [new("Body", PortKind.Embedded)],
    };

    public void Execute(ActivityContext context) => Next(context);

    public void ChildCompleted(ActivityContext context, ChildCompletion child)
    {
        if (BreakSignal.IsBreaking(context))
            context.Complete();
        else
            Next(context);
    }

    public bool ReceiveBreak(ActivityContext context) => true;

    private static void Next(ActivityContext context)
    {
        var body = context.Node.Child("Body");
        while (context.EvaluateInput("Condition") is true)
        {
            if (body is not null)
            {
                context.Schedule(body);
                return;
            }

            context.Run.CountStep();
        }

        context.Complete();
    }
}

/// <summary>Leaves the innermost loop.</summary>
internal sealed class Break : IActivity
{
    public ActivityDescriptor Descriptor { get; } = new() { TypeName = "Elsa.Break", Category = "Looping", Description = "Leaves the innermost loop.", IsTerminal = true };

    public void Execute(ActivityContext context)
    {
        BreakSignal.Send(context);
        context.Complete();
    }
}
