using System.Text.Json.Nodes;

namespace Quiesce.Engine.Activities;

/// <summary>Waits for a while.</summary>
internal sealed class Delay : IActivity
{
    public ActivityDescriptor Descriptor { get; } = new()
    {
        TypeName = "Elsa.Delay",
        Category = "Scheduling",
        Description = "Waits for a while.",
        Inputs = [new("TimeSpan", "TimeSpan") { DefaultValue = TimeSpan.FromMinutes(1) }],
    };

    public void Execute(ActivityContext context) => Wait(context, Timers.After(context, context.GetInput<TimeSpan>("TimeSpan")), "resumeAt");

    internal static void Wait(ActivityContext context, DateTimeOffset dueAt, string member) =>
        context.CreateBookmark(context.Node.TypeName, new JsonObject { [member] = Values.ToText(dueAt) }, dueAt: dueAt);
}

/// <summary>Starts a workflow every interval; inside a workflow it waits for one.</summary>
internal sealed class Timer : IActivity
{
    public ActivityDescriptor Descriptor { get; } = new()
    {
        TypeName = "Elsa.Timer",
        Category = "Scheduling",
        Description = "Starts the workflow every interval, or waits for one.",
        Kind = ActivityKind.Trigger,
        Inputs = [new("Interval", "TimeSpan") { DefaultValue = TimeSpan.FromMinutes(1) }],
    };

    public void Execute(ActivityContext context)
    {
        if (context.IsTriggerOfWorkflow)
            context.Complete();
        else
            Delay.Wait(context, Timers.After(context, context.GetInput<TimeSpan>("Interval")), "resumeAt");
    }
}

/// <summary>Waits for a moment.</summary>
internal sealed class StartAt : IActivity
{
    public ActivityDescriptor Descriptor { get; } = new()
    {
        TypeName = "Elsa.StartAt",
        DisplayName = "Start at",
        Category = "Scheduling",
        Description = "Starts the workflow at a moment, or waits for it.",
        Kind = ActivityKind.Trigger,
        Inputs = [new("DateTime", "DateTimeOffset")],
    };

    public void Execute(ActivityContext context)
    {
        var at = context.GetInput<DateTimeOffset>("DateTime");
        if (context.IsTriggerOfWorkflow || at <= context.Now)
            context.Complete();
        else
            Delay.Wait(context, at, "executeAt");
    }
}

/// <summary>Moments that stay inside the calendar.</summary>
internal static class Timers
{
    /// <summary>Now plus a span; spans beyond the calendar wait until its end, negative ones not at all.</summary>
    public static DateTimeOffset After(ActivityContext context, TimeSpan span)
    {
        var now = context.Now;
        if (span <= TimeSpan.Zero)
            return now;
        return span < DateTimeOffset.MaxValue - now ? now + span : DateTimeOffset.MaxValue;
    }
}
