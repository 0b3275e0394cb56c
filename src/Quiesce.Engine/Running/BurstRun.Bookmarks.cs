using System.Text.Json.Nodes;

namespace Quiesce.Engine;

// Bookmarks of the executions that are open.
internal sealed partial class BurstRun
{
    // Executions with a bookmark, and all that were restored, by activity instance id.
    private readonly Dictionary<string, ActivityContext> open = new(StringComparer.Ordinal);

    public Bookmark CreateBookmark(
        ActivityContext context,
        string name,
        JsonNode? payload,
        bool includeActivityInstanceId,
        bool autoBurn,
        DateTimeOffset? dueAt,
        string? tag,
        bool inProcess)
    {
        var bookmark = new Bookmark
        {
            Id = Context.NewId(),
            Name = name,
            Hash = Bookmark.HashOf(name, payload, includeActivityInstanceId ? context.ActivityInstanceId : null),
            Payload = payload,
            ActivityId = context.Node.Id,
            ActivityNodeId = context.Node.NodeId,
            ActivityInstanceId = context.ActivityInstanceId,
            CreatedAt = Now,
            AutoBurn = autoBurn,
            DueAt = dueAt,
            Tag = tag,
            InProcess = inProcess,
        };
        bookmarks.Add(bookmark);
        context.BookmarkCount++;
        open[context.ActivityInstanceId] = context;
        return bookmark;
    }

    public void RemoveBookmarks(ActivityContext context)
    {
        bookmarks.RemoveAll(b => b.ActivityInstanceId == context.ActivityInstanceId);
        context.BookmarkCount = 0;
    }

    private bool IsInProcess(ActivityContext context) =>
        bookmarks.Exists(b => b.InProcess && b.ActivityInstanceId == context.ActivityInstanceId);
}
