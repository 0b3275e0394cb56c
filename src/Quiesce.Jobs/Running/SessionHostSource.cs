using System.Collections.Concurrent;
using System.Text.Json;
using Quiesce.Contracts.Rest;
using Quiesce.Engine;
using Quiesce.Storage;

namespace Quiesce.Jobs;

/// <summary>Finds the session of an instance. The job is pinned at the start of the session, so it is read once.</summary>
internal sealed class SessionHostSource(Store store, DefinitionLookup definitions)
{
    private readonly ConcurrentDictionary<string, SessionHost> _sessions = new(StringComparer.Ordinal);

    public async ValueTask<SessionHost?> OfAsync(InstanceRow instance, CancellationToken cancellationToken)
    {
        if (instance.SessionId is not { } sessionId) return null;
        if (!_sessions.TryGetValue(sessionId, out var host))
        {
            if (await store.SessionAsync(sessionId, cancellationToken).ConfigureAwait(false) is not { } session) return null;
            host = Make(session);
            _sessions[sessionId] = host;
        }

        return SessionHost.IndexOf(instance.Id) is { } index && instance.Id != sessionId ? host with { MachineIndex = index } : host;
    }

    /// <summary>The session ended: nobody asks any more.</summary>
    public void Forget(string sessionId) => _sessions.TryRemove(sessionId, out _);

    private SessionHost Make(SessionRow session)
    {
        var job = JsonSerializer.Deserialize(session.JobJson, RestJson.Default.JobDocument)!;
        var graph = definitions(new DefinitionReference { DefinitionId = session.WorkflowDefinitionId, Version = VersionSelector.Specific(session.WorkflowVersion) });
        var workflow = graph is null ? null : new PinnedWorkflow(session.WorkflowDefinitionId, session.WorkflowVersion, graph.Definition.Id);
        var gate = workflow is null ? $"the machine workflow '{session.WorkflowDefinitionId}' version {session.WorkflowVersion} is not there any more; import it again and start the job anew"
            : job.Machines.Count == 0 ? "the job has no machines" : null;
        return new SessionHost(session.Id, job, workflow, gate, null);
    }
}
