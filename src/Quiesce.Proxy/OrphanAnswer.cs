using Quiesce.Contracts;
using Quiesce.Contracts.Bus;
using Quiesce.Proxy.Channels;

namespace Quiesce.Proxy;

/// <summary>Answers for a runtime that is gone, from the record that the orphan rule left. What nobody can tell counts as started.</summary>
internal static class OrphanAnswer
{
    /// <summary>The deployment's record. While the orphan rule is still at work it is waited for, within bounds; where nobody follows it, it is followed now.</summary>
    public static async Task<OrphanRecord?> FindRecordAsync(GuestSession session, CancellationToken stopping)
    {
        var begun = session.Time.GetTimestamp();
        var undone = false;
        while (true)
        {
            // Looked at before the record is read: a rule that ends between the two has left its record.
            var remains = await session.Channel.RemainsAsync(session.Deployment, stopping);
            var records = await session.Channel.ReadOrphansAsync(stopping);
            if (records.FirstOrDefault(r => r.DeploymentId == session.Deployment.Id) is { } record)
                return record;
            if (remains == Remains.Folder && !undone)
            {
                // Runtime and guardian died together, so nobody has undone anything yet.
                undone = true;
                await session.Channel.UndoAsync(session.Deployment, stopping);
                continue;
            }
            if (remains == Remains.Nothing || session.Time.GetElapsedTime(begun) > session.Options.OrphanWait)
                return null;
            await Task.Delay(TimeSpan.FromMilliseconds(100), session.Time, stopping);
        }
    }

    /// <summary>Whether the record knows how a script went, under its own id or run by the orphan rule.</summary>
    public static Answer? Script(OrphanRecord record, string operationId, RunScriptRequest request)
    {
        // A post script that was under way when its runtime was killed has no outcome; the record may hold that of an earlier attempt.
        var reply = request.Phase == "post"
            ? record.Operations.GetValueOrDefault(operationId) == "killed" ? null : record.PostScript
            : record.Operations.ContainsKey(operationId) ? record.PreScript : null;
        return reply is null ? null : Answer.Of(reply, ContractsJson.Default.RunScriptReply);
    }

    /// <summary>The failure that remains.</summary>
    public static GuestFailureException Lost(GuestSession session, Operation operation, OrphanRecord? record)
    {
        var request = operation.Request;
        var machine = session.Guest.Machine;
        if (record is null)
            return new(FailureCodes.GuestLost, $"The runtime of deployment {session.Deployment.Id} on {machine} is gone and left no record, so whether {request.Verb} was done cannot be told. See whether the guest was restarted, and look there before the job is started again.", mayHaveStarted: operation.Sent);
        var known = record.Operations.TryGetValue(request.OperationId, out var state);
        return new(
            FailureCodes.GuestLost,
            $"The runtime on {machine} ended on its own ({record.Reason}){(record.Thawed ? ", thawed the guest" : "")} and {(known ? $"left {request.Verb} {state}" : $"never saw {request.Verb}")}. Start the machine's task again.",
            mayHaveStarted: known);
    }
}
