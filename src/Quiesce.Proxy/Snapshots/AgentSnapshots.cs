using System.Text.Json;
using Quiesce.Contracts;
using Quiesce.Contracts.Bus;

namespace Quiesce.Proxy.Snapshots;

/// <summary>The providers that work on the guest itself: the runtime does it, next to the data.</summary>
internal sealed class AgentSnapshots(GuestSessions sessions) : ISnapshotProvider
{
    public async Task<Answer> CreateAsync(Operation operation, TakeSnapshotRequest request, CancellationToken stopping)
    {
        var session = sessions.For(operation.Request.Guest);
        if (await ForwardedVerb.AskAsync(session, operation, limit: null, stopping) is { } answer)
            return answer;
        var record = await OrphanAnswer.FindRecordAsync(session, stopping);
        if (record is null || !record.Operations.ContainsKey(operation.Request.OperationId))
            throw OrphanAnswer.Lost(session, operation, record);
        return await LookAsync(operation, request, record, stopping);
    }

    public Task<Answer> DeleteAsync(Operation operation, DeleteSnapshotRequest request, CancellationToken stopping) =>
        RuntimeForOne.AskAsync(sessions, operation, stopping);

    public Task<Answer> RestoreAsync(Operation operation, RestoreSnapshotRequest request, CancellationToken stopping) =>
        RuntimeForOne.AskAsync(sessions, operation, stopping);

    public Task<Answer> DescribeAsync(Operation operation, DescribeSnapshotRequest request, CancellationToken stopping) =>
        RuntimeForOne.AskAsync(sessions, operation, stopping);

    /// <summary>The runtime ended with the operation in hand: whether the point was made is seen by looking. Its legs nobody knows any more.</summary>
    private async Task<Answer> LookAsync(Operation operation, TakeSnapshotRequest request, OrphanRecord record, CancellationToken stopping)
    {
        var machine = operation.Request.Guest.Machine;
        var id = operation.Request.OperationId + "/describe";
        var body = JsonSerializer.SerializeToElement(new DescribeSnapshotRequest(request.RestorePointId, request.SourcePath, request.Provider, null), ContractsJson.Default.DescribeSnapshotRequest);
        var answer = await RuntimeForOne.WithOwnAsync(sessions, operation, id, own => ForwardedVerb.AskAsync(own, operation, id, Verbs.DescribeSnapshot, body, limit: null, stopping), stopping);
        var point = ForwardedVerb.Result(answer, ContractsJson.Default.DescribeSnapshotReply, machine);
        if (point is { Exists: true, Complete: true, Location: { } location })
            return Answer.Of(
                new TakeSnapshotReply(request.RestorePointId, location, point.Method ?? request.Provider.Name, point.Bytes, new SnapshotLegs(0, 0, 0, 0, 0), [], record.Thawed),
                ContractsJson.Default.TakeSnapshotReply);
        throw new GuestFailureException(
            FailureCodes.Snapshot,
            $"The runtime on {machine} ended on its own ({record.Reason}) before restore point {request.RestorePointId} was complete. Start the machine's task again.",
            mayHaveStarted: true,
            leftBehind: point.Exists ? point.Location ?? request.RestorePointId : null);
    }
}
