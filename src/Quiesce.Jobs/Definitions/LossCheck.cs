using System.Text.Json.Nodes;
using Quiesce.Contracts.Rest;

namespace Quiesce.Jobs.Definitions;

/// <summary>Refuses a save that no person meant: a designer that could not show a definition stores an empty one half a second later.</summary>
internal static class LossCheck
{
    /// <param name="knows">Whether an activity type of that version is known here, so that a designer shows it.</param>
    /// <exception cref="RefusedException">Conflict: every activity of several would be gone, or one that the designer could not show.</exception>
    public static void Run(JsonObject before, JsonObject after, string source, Func<string, int?, bool> knows)
    {
        var (was, now) = (ActivityTree.Of(before["root"] as JsonObject), ActivityTree.Of(after["root"] as JsonObject));
        // The root itself is the canvas.
        if (was.Count > 2 && now.Count <= 1)
            throw new RefusedException(ProblemCodes.Conflict,
                $"Not saved: {source} has {was.Count - 1} activities, and this save would remove every one of them, as a designer does that cannot show them. Load the workflow again. To start afresh, leave one activity, or delete the workflow.");
        var left = now.Select(entry => (entry.Json.Id(), entry.Json.Type())).ToHashSet();
        var hidden = was.Where(entry => !left.Contains((entry.Json.Id(), entry.Json.Type())) && !left.Contains((entry.Json.Id(), "Elsa.NotFoundActivity"))
            && !knows(entry.Json.Type(), entry.Json["version"] is JsonValue value && value.TryGetValue<int>(out var version) ? version : null)).Select(entry => $"'{entry.Json.Id()}' ({entry.Json.Type()})").ToList();
        if (hidden.Count > 0)
            throw new RefusedException(ProblemCodes.Conflict,
                $"Not saved: this save would remove {string.Join(", ", hidden.Take(5))}, whose type this server does not know, so that a designer may not have shown it. Load the workflow again. To remove it all the same, export the workflow, remove it there, and import it: quiesce workflow import FILE");
    }
}
