using System.Text.Json.Nodes;
using Quiesce.Engine;

namespace Quiesce.Jobs.Definitions;

/// <summary>Tells which activities must not stand between a freeze and its thaw, because nobody knows when they end.</summary>
internal static class Waiting
{
    /// <summary>Operations on a guest: each is bounded by a limit of its own.</summary>
    private static readonly HashSet<string> Bounded =
    [
        "Quiesce.SelectProxy", "Quiesce.PrepareGuest", "Quiesce.RunScript", "Quiesce.TakeSnapshot", "Quiesce.DeleteSnapshot", "Quiesce.DescribeSnapshot", "Quiesce.RestoreSnapshot",
        "Quiesce.ReleaseGuest", "Quiesce.CancelOperation", FreezeCheck.Freeze, FreezeCheck.Thaw,
    ];

    /// <summary>What the activity waits for, in words; null where it ends by itself.</summary>
    public static string? For(JsonObject activity, ActivityRegistry registry)
    {
        var type = activity.Type();
        if (Bounded.Contains(type))
            return null;
        var known = registry.Find(type);
        return type switch
        {
            "Elsa.Delay" or "Elsa.Timer" or "Elsa.Cron" or "Elsa.StartAt" => "waits for a time",
            "Elsa.Event" => "waits for an event",
            "Elsa.RunTask" or "Elsa.ReadLine" => "waits for somebody outside",
            "Elsa.HttpEndpoint" => "waits for a request",
            "Elsa.DispatchWorkflow" or "Elsa.ExecuteWorkflow" => WaitsForChild(activity, false) ? "waits for another workflow" : null,
            "Elsa.BulkDispatchWorkflows" => WaitsForChild(activity, true) ? "waits for other workflows" : null,
            _ when known is null => "may wait for anything, being of a type that is not known here",
            _ when known.Descriptor.Kind == ActivityKind.Trigger => "waits for something outside",
            _ when type.StartsWith("Quiesce.", StringComparison.Ordinal) => "may take longer than any freeze lasts",
            _ => null,
        };
    }

    private static bool WaitsForChild(JsonObject activity, bool byDefault)
    {
        if (activity["waitForCompletion"] is null)
            return byDefault;
        return ActivityJson.IsTrue(activity.Literal("waitForCompletion", out var computed)) || computed;
    }
}
