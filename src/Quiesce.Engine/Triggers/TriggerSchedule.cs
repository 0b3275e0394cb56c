using System.Globalization;
using System.Text.Json.Nodes;

namespace Quiesce.Engine;

/// <summary>When a trigger starts its workflow by itself.</summary>
public abstract record TriggerSchedule
{
    /// <summary>The first moment strictly after the given one; null when there is none.</summary>
    /// <param name="after">For a timer: when it last fired, or when its definition was published.</param>
    public abstract DateTimeOffset? Next(DateTimeOffset after);

    /// <summary>The schedule of a stored trigger; null when it is not about time or says nothing sensible.</summary>
    public static TriggerSchedule? Of(string name, JsonObject? payload)
    {
        switch (name)
        {
            case Activities.Timer.TypeName when TimeSpan.TryParse(payload?.Text("interval"), CultureInfo.InvariantCulture, out var interval) && interval > TimeSpan.Zero:
                return new EverySchedule(interval);
            case Activities.StartAt.TypeName when DateTimeOffset.TryParse(payload?.Text("executeAt"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at):
                return new OnceSchedule(at);
            case Activities.Cron.TypeName when CronSchedule.TryParse(payload?.Text("cronExpression")) is { } cron:
                return new CronTrigger(cron);
            default:
                return null;
        }
    }
}

/// <summary>Every interval, the first time one interval after it was published. At least a second apart.</summary>
public sealed record EverySchedule(TimeSpan Interval) : TriggerSchedule
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public override DateTimeOffset? Next(DateTimeOffset after)
    {
        var interval = Interval < Shortest ? Shortest : Interval;
        return interval < DateTimeOffset.MaxValue - after ? after + interval : null;
    }
}

/// <summary>Once.</summary>
public sealed record OnceSchedule(DateTimeOffset At) : TriggerSchedule
{
    /// <inheritdoc/>
    public override DateTimeOffset? Next(DateTimeOffset after) => At > after ? At : null;
}

/// <summary>By a cron expression.</summary>
public sealed record CronTrigger(CronSchedule Cron) : TriggerSchedule
{
    /// <inheritdoc/>
    public override DateTimeOffset? Next(DateTimeOffset after) => Cron.Next(after);
}
