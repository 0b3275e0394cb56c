using System.Text.Json;
using Quiesce.Contracts;
using Quiesce.Contracts.Bus;

namespace Quiesce.Proxy.Snapshots.Command;

/// <summary>The guest held frozen around a user's own snapshot program: whatever becomes of the program, it is thawed, and its own timer thaws it if we cannot.</summary>
internal sealed class GuestFreeze : IAsyncDisposable
{
    private readonly GuestSession? session;
    private readonly Operation operation;
    private bool ended;

    private GuestFreeze(GuestSession? session, Operation operation) => (this.session, this.operation) = (session, operation);

    public IReadOnlyList<string> FileSystems { get; private set; } = [];

    public double FreezeMs { get; private set; }

    public double ThawMs { get; private set; }

    public double FrozenMs { get; private set; }

    /// <summary>The freeze did not hold until the thaw, or nobody can say that it did (R4.30).</summary>
    public bool ThawedByTimer { get; private set; }

    /// <summary>Freezes as the request says: <c>never</c> touches no guest, <c>auto</c> goes on without where the guest's file system cannot be frozen.</summary>
    public static async Task<GuestFreeze> BeginAsync(GuestSessions sessions, Operation operation, TakeSnapshotRequest request, CancellationToken stopping)
    {
        if (request.Freeze == "never")
            return new GuestFreeze(null, operation);

        var session = sessions.For(operation.Request.Guest);
        var freeze = new GuestFreeze(session, operation);
        var body = JsonSerializer.SerializeToElement(new FreezeGuestRequest([request.SourcePath], request.ThawAfterSeconds), ContractsJson.Default.FreezeGuestRequest);
        try
        {
            var limit = TimeSpan.FromSeconds(request.ThawAfterSeconds) + session.Options.ReplyAllowance;
            var answer = await ForwardedVerb.AskAsync(session, operation, operation.Request.OperationId + "/freeze", Verbs.FreezeGuest, body, limit, stopping)
                ?? throw OrphanAnswer.Lost(session, operation, await OrphanAnswer.FindRecordAsync(session, stopping));
            var reply = ForwardedVerb.Result(answer, ContractsJson.Default.FreezeGuestReply, session.Guest.Machine);
            (freeze.FileSystems, freeze.FreezeMs) = (reply.FileSystems, reply.FreezeMs);
            return freeze;
        }
        catch (GuestFailureException e) when (request.Freeze == "auto" && e.Failure.Code == FailureCodes.Freeze)
        {
            operation.Report("info", $"Going on without a freeze: {e.Failure.Message}");
            await freeze.EndAsync();
            return new GuestFreeze(null, operation);
        }
        catch
        {
            await freeze.EndAsync();
            throw;
        }
    }

    /// <summary>Ends the freeze of an earlier sending, whose proxy died before it could.</summary>
    public static async Task EndLeftAsync(GuestSessions sessions, Operation operation, TakeSnapshotRequest request)
    {
        await using var left = new GuestFreeze(request.Freeze == "never" ? null : sessions.For(operation.Request.Guest), operation);
    }

    /// <summary>Thaws and takes the measures. Never throws: a guest that cannot be asked has thawed by its own timer.</summary>
    public async Task EndAsync()
    {
        if (ended || session is null)
            return;
        ended = true;
        var body = JsonSerializer.SerializeToElement(new ThawGuestRequest(), ContractsJson.Default.ThawGuestRequest);
        try
        {
            // Not bound to the operation's cancellation: a cancelled snapshot is thawed too.
            var answer = await ForwardedVerb.AskAsync(session, operation, operation.Request.OperationId + "/thaw", Verbs.ThawGuest, body, session.Options.ReplyAllowance, CancellationToken.None);
            if (answer is not null)
            {
                var reply = ForwardedVerb.Result(answer, ContractsJson.Default.ThawGuestReply, session.Guest.Machine);
                (ThawMs, FrozenMs, ThawedByTimer) = (reply.ThawMs, reply.FrozenMs, reply.ThawedByTimer);
                return;
            }
            operation.Report("warning", $"The runtime on {session.Guest.Machine} is gone; what it held frozen its orphan rule has thawed.");
        }
        catch (GuestFailureException e)
        {
            operation.Report("warning", $"{session.Guest.Machine} could not be told to thaw, so its own timer does: {e.Message}");
        }
        ThawedByTimer = FileSystems.Count > 0;
    }

    public async ValueTask DisposeAsync() => await EndAsync();
}
