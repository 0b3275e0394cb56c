using Quiesce.Contracts.Rest;

namespace Quiesce.Jobs;

public sealed partial class Sessions
{
    /// <summary>Runs the failed machines of a session again, in a session of their own with the job and the workflow version that the first one had (R5.7, R5.9). Durable when this returns.</summary>
    /// <param name="machines">Some of those that failed; null for all of them.</param>
    /// <param name="by">Who asks.</param>
    /// <exception cref="RefusedException">No such session, none of its machines failed, one that is named did not, or a session of the job is running.</exception>
    public Task<StartedSession> RetryAsync(string sessionId, IReadOnlyList<string>? machines, string by, CancellationToken cancellationToken) => throw new NotImplementedException();
}
