using System.Globalization;
using System.Text.Json.Nodes;

namespace Quiesce.Engine.Activities;

/// <summary>Starts a workflow every interval; inside a workflow it waits for one.</summary>
public sealed class Timer : IActivity
{
    /// <summary>Name of its triggers and bookmarks.</summary>
    public const string TypeName = "Elsa.Timer";

    /// <inheritdoc/>
    public ActivityDescriptor Descriptor { get; } = new()
    {
        TypeName = TypeName,
        Category = "Scheduling",
        Description = "Starts the workflow every interval, or waits for one.",
        Kind = ActivityKind.Trigger,
        Inputs = [new("Interval", "TimeSpan") { DefaultValue = TimeSpan.FromMinutes(1), Description = "As d.hh:mm:ss." }],
    };

    /// <summary>Hash of the triggers with that interval.</summary>
    public static string HashOf(TimeSpan interval) => Bookmark.HashOf(TypeName, Payload(interval));

    /// <inheritdoc/>
    public IEnumerable<TriggerPayload> Triggers(ActivityContext context)
    {
        var interval = context.GetInput<TimeSpan>("Interval");
        return interval > TimeSpan.Zero
            ? [new(TypeName, Payload(interval), HashOf(interval))]
            : throw new ActivityFaultException($"the interval '{Values.ToText(interval)}' is not longer than nothing. Write it as d.hh:mm:ss, such as 00:05:00.");
    }

    /// <inheritdoc/>
    public void Execute(ActivityContext context)
    {
        if (context.IsTriggerOfWorkflow)
            context.Complete();
        else
            Delay.Wait(context, Delay.After(context, context.GetInput<TimeSpan>("Interval")), "resumeAt");
    }

    private static JsonObject Payload(TimeSpan interval) => new() { ["interval"] = Values.ToText(interval) };
}

/// <summary>Starts a workflow by a cron expression; inside a workflow it waits for the next time.</summary>
public sealed class Cron : IActivity
{
    /// <summary>Name of its triggers and bookmarks.</summary>
    public const string TypeName = "Elsa.Cron";

    /// <inheritdoc/>
    public ActivityDescriptor Descriptor { get; } = new()
    {
        TypeName = TypeName,
        Category = "Scheduling",
        Description = "Starts the workflow by a cron expression, or waits for its next time.",
        Kind = ActivityKind.Trigger,
        Inputs = [new("CronExpression", "String") { DisplayName = "Cron expression", Description = "Six fields, seconds first, in UTC: 0 30 2 * * * is every night at 2:30." }],
    };

    /// <summary>Hash of the triggers with that expression.</summary>
    public static string HashOf(string cronExpression) => Bookmark.HashOf(TypeName, Payload(cronExpression));

    /// <inheritdoc/>
    public IEnumerable<TriggerPayload> Triggers(ActivityContext context)
    {
        var cron = CronSchedule.Parse(context.GetInput<string>("CronExpression"));
        return [new(TypeName, Payload(cron.Text), HashOf(cron.Text))];
    }

    /// <inheritdoc/>
    public void Execute(ActivityContext context)
    {
        if (context.IsTriggerOfWorkflow)
        {
            context.Complete();
            return;
        }

        var text = context.GetInput<string>("CronExpression");
        var next = CronSchedule.TryParse(text) is { } cron ? cron.Next(context.Now) : Refuse(text);
        Delay.Wait(
            context,
            next ?? throw new ActivityFaultException($"the cron expression '{text}' never comes again. Correct it, or remove the activity."),
            "executeAt",
            new() { ["cronExpression"] = text });
    }

    private static DateTimeOffset? Refuse(string? text)
    {
        try
        {
            CronSchedule.Parse(text);
            return null;
        }
        catch (FormatException e)
        {
            throw new ActivityFaultException(e.Message, e);
        }
    }

    private static JsonObject Payload(string cronExpression) => new() { ["cronExpression"] = cronExpression };
}

/// <summary>Starts a workflow at a moment; inside a workflow it waits for it.</summary>
public sealed class StartAt : IActivity
{
    /// <summary>Name of its triggers and bookmarks.</summary>
    public const string TypeName = "Elsa.StartAt";

    /// <inheritdoc/>
    public ActivityDescriptor Descriptor { get; } = new()
    {
        TypeName = TypeName,
        DisplayName = "Start at",
        Category = "Scheduling",
        Description = "Starts the workflow at a moment, or waits for it.",
        Kind = ActivityKind.Trigger,
        Inputs = [new("DateTime", "DateTimeOffset") { DisplayName = "Date and time", Description = "With its offset, such as 2030-01-31T02:30:00Z." }],
    };

    /// <summary>Hash of the triggers with that moment.</summary>
    public static string HashOf(DateTimeOffset at) => Bookmark.HashOf(TypeName, Payload(at));

    /// <inheritdoc/>
    public IEnumerable<TriggerPayload> Triggers(ActivityContext context)
    {
        var at = context.GetInput("DateTime") is DateTimeOffset given && given != default
            ? given
            : throw new ActivityFaultException("there is no date to start at. Write it with its offset, such as 2030-01-31T02:30:00Z.");
        return [new(TypeName, Payload(at), HashOf(at))];
    }

    /// <inheritdoc/>
    public void Execute(ActivityContext context)
    {
        var at = context.GetInput<DateTimeOffset>("DateTime");
        if (context.IsTriggerOfWorkflow || at <= context.Now)
            context.Complete();
        else
            Delay.Wait(context, at, "executeAt");
    }

    private static JsonObject Payload(DateTimeOffset at) => new() { ["executeAt"] = at.ToString("O", CultureInfo.InvariantCulture) };
}
