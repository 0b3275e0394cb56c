using System.Text.Json.Nodes;
using Quiesce.Contracts.Rest;
using Quiesce.Jobs;

namespace Quiesce.Server.Studio;

/// <summary>
/// Refuses the save by which Studio would empty a canvas that it could not draw: a descriptor was missing for one activity, so that it showed nothing, and what
/// is on the canvas (nothing, or only what was dragged in since) is what it saves.
/// </summary>
internal static class CanvasGuard
{
    /// <param name="isUnknown">Whether this server itself has no activity of that type and version.</param>
    /// <exception cref="RefusedException">A canvas with an activity that is unknown here lost everything that was on it.</exception>
    public static void Check(JsonObject before, JsonObject after, Func<string, int, bool> isUnknown)
    {
        if (before["root"] is not JsonObject old || after["root"] is not JsonObject now)
            return;
        var canvases = ActivityTree.Of(now).GroupBy(Id).ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
        foreach (var canvas in ActivityTree.Of(old))
        {
            var had = ActivityTree.Children(canvas).ToList();
            if (had.Find(activity => isUnknown(activity.Text("type") ?? "", ActivityTree.Version(activity))) is not { } unknown)
                continue;
            // A root counts as the same canvas whatever its id.
            var has = ReferenceEquals(canvas, old) ? now : canvases.GetValueOrDefault(Id(canvas));
            if (has is null)
                continue;
            var kept = ActivityTree.Children(has).Select(Id).ToHashSet(StringComparer.Ordinal);
            if (!had.Exists(activity => kept.Contains(Id(activity))))
                throw new RefusedException(ProblemCodes.Conflict,
                    $"Not saved: all {had.Count} activities of '{Id(canvas)}' would be gone, and '{Id(unknown)}' among them is of the type {unknown.Text("type")}, which is unknown here. "
                    + "Probably the designer could not draw them. Reload the page; to remove them on purpose, remove them one after the other and keep one.");
        }
    }

    private static string Id(JsonObject activity) => activity.Text("id") ?? activity.Text("nodeId") ?? "";
}
