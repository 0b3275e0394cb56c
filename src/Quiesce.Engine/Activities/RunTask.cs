using System.Text.Json.Nodes;

namespace Quiesce.Engine.Activities;

/// <summary>Asks the host for a task and waits for its result.</summary>
public static class RunTask
{
    /// <summary>Hash of the bookmark that waits for the task.</summary>
    public static string HashOf(string taskId, string taskName) =>
        Bookmark.HashOf("Elsa.RunTask", new JsonObject { ["taskId"] = taskId, ["taskName"] = taskName });
}
