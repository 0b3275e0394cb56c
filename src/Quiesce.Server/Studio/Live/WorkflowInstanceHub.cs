using Microsoft.AspNetCore.SignalR;

namespace Quiesce.Server.Studio.Live;

/// <summary>The hub that Studio's instance viewer opens, about four times for each page.</summary>
internal sealed class WorkflowInstanceHub(Watchers watchers, LiveUpdates updates) : Hub
{
    /// <summary>From now on this connection is told what happens to the instance.</summary>
    public async Task ObserveInstanceAsync(string instanceId)
    {
        // First the group, then the book: whoever is in the book is reached.
        await Groups.AddToGroupAsync(Context.ConnectionId, instanceId, Context.ConnectionAborted);
        watchers.Add(Context.ConnectionId, instanceId);
        // What happened between the page's look and this moment it would not hear of.
        updates.Note(instanceId);
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        watchers.Remove(Context.ConnectionId);
        return base.OnDisconnectedAsync(exception);
    }
}
