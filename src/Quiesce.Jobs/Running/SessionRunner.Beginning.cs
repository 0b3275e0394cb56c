using System.Text.Json.Nodes;
using Quiesce.Contracts.Bus;
using Quiesce.Jobs.Triggers;

namespace Quiesce.Jobs;

// The first burst of sessions and tasks.
public sealed partial class SessionRunner
{
    private async Task BeginAsync(InstanceDraft draft, CancellationToken stopping)
    {
        if (draft.IsTask)
        {
            var machine = draft.Host!.Machine;
            draft.Log(SessionEvents.TaskStarted, null, new JsonObject
            {
                ["machine"] = machine.Machine.Name, ["connect"] = machine.Machine.Connect, ["path"] = machine.SourcePath, ["provider"] = machine.Snapshot.Provider,
                ["appMode"] = machine.GuestProcessing.Mode.ToString(), ["scriptMode"] = machine.ScriptMode.ToString(),
            }, first: true);
        }
        else if (draft.IsSession)
        {
            var host = draft.Host!;
            draft.Log(SessionEvents.SessionStarted, null, new JsonObject
            {
                ["job"] = host.Job.Name, ["workflow"] = host.Workflow?.DefinitionId ?? host.Job.Workflow, ["version"] = host.Workflow?.Version ?? 0,
                ["machines"] = new JsonArray([.. host.Job.Machines.Select(machine => JsonValue.Create(machine.Name))]),
            }, first: true);
            if (await _store.SessionAsync(host.SessionId, stopping).ConfigureAwait(false) is { } session)
                draft.OutboxAdded.Add(BusMessages.Row($"{session.Id}:started",
                    new SessionStarted(session.Id, session.Job, session.InitiatedBy, host.Job.Machines.Count, session.RetryNumber, session.OriginalSessionId, session.StartedAt), session.Id, draft.Now));
        }
    }
}
