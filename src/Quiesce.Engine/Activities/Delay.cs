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
        Inputs = [new("TimeSpan", "TimeSpan") { DisplayName = "Time span", DefaultValue = TimeSpan.FromMinutes(1), Description = "As d.hh:mm:ss." }],
    };

    public void Execute(ActivityContext context) => Wait(context, After(context, context.GetInput<TimeSpan>("TimeSpan")), "resumeAt");

    /// <summary>Waits for a moment; the bookmark's payload says it under that name.</summary>
    public static void Wait(ActivityContext context, DateTimeOffset dueAt, string member, JsonObject? payload = null)
    {
        payload ??= [];
        payload[member] = Values.ToText(dueAt);
        context.CreateBookmark(context.Node.TypeName, payload, dueAt: dueAt);
    }

    /// <summary>Now plus a span; spans beyond the calendar wait until its end, negative ones not at all.</summary>
    public static DateTimeOffset After(ActivityContext context, TimeSpan span)
    {
        var now = context.Now;
        if (span <= TimeSpan.Zero)
            return now;
        return span < DateTimeOffset.MaxValue - now ? now + span : DateTimeOffset.MaxValue;
    }
}
