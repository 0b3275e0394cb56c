using System.Text.Json.Nodes;

namespace Quiesce.Engine;

// Bookmarks of the executions that are open.
internal sealed partial class BurstRun
{
    // Executions with a bookmark, and all that were restored, by activity instance id.
    private readonly Dictionary<string, ActivityContext> open = new(StringComparer.Ordinal);

    // Bookmarks by node id, without those that a stock engine would not have.
    private Dictionary<string, int>? waitedAt;

    /// <param name="context">Whose bookmark it is.</param>
    /// <param name="name">What is waited for.</param>
    /// <param name="payload">What the bookmark says.</param>
    /// <param name="hashed">The part of it that identifies what is waited for.</param>
    /// <param name="activityInstanceId">Makes the hash unique to an execution; null leaves it out.</param>
    /// <param name="autoBurn">False keeps the bookmark after it was resumed.</param>
    /// <param name="dueAt">A timer.</param>
    /// <param name="tag">Given back on resume.</param>
    /// <param name="inProcess">See <see cref="Bookmark.InProcess"/>.</param>
    public Bookmark CreateBookmark(
        ActivityContext context,
        string name,
        JsonNode? payload,
        JsonNode? hashed,
        string? activityInstanceId,
        bool autoBurn,
        DateTimeOffset? dueAt,
        string? tag,
        bool inProcess)
    {
        var bookmark = new Bookmark
        {
            Id = Context.NewId(),
            Name = name,
            Hash = Bookmark.HashOf(name, hashed, activityInstanceId),
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
        Own(context, bookmark);
        open[context.ActivityInstanceId] = context;
        return bookmark;
    }

    public void RemoveBookmarks(ActivityContext context)
    {
        foreach (var bookmark in bookmarks)
            if (bookmark.ActivityInstanceId == context.ActivityInstanceId)
                Disown(context, bookmark);
        bookmarks.RemoveAll(b => b.ActivityInstanceId == context.ActivityInstanceId);
    }

    private void Own(ActivityContext context, Bookmark bookmark)
    {
        context.BookmarkCount++;
        if (bookmark.InProcess)
            context.IsInProcess = true;
        else
            (waitedAt ??= new(StringComparer.Ordinal))[bookmark.ActivityNodeId] = waitedAt.GetValueOrDefault(bookmark.ActivityNodeId) + 1;
    }

    private void Disown(ActivityContext context, Bookmark bookmark)
    {
        context.BookmarkCount--;
        if (!bookmark.InProcess)
            waitedAt![bookmark.ActivityNodeId]--;
        if (context.BookmarkCount == 0)
            context.IsInProcess = false;
    }
}
