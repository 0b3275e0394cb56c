using System.Text.Json.Nodes;

namespace Quiesce.Engine.Activities;

/// <summary>Waits for an event of a name.</summary>
public static class Event
{
    /// <summary>The input member that carries an event's payload.</summary>
    public const string PayloadKey = "__EventPayload";

    /// <summary>Hash of the bookmarks that wait for the event.</summary>
    public static string HashOf(string eventName) => Bookmark.HashOf("Elsa.Event", new JsonObject { ["eventName"] = eventName });
}
