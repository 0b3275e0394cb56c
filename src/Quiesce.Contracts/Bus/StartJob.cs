namespace Quiesce.Contracts.Bus;

/// <summary>Starts a session of a job by message. One that cannot be started (no such job, a session of it is running) is refused in the server's log and does not come back.</summary>
/// <param name="Job">Name of the job.</param>
/// <param name="IdempotencyKey">The same key starts one session only; null: the message's own id, so that a repeated delivery starts nothing twice.</param>
/// <param name="CorrelationId">Given back in the notices about the session, by workflows that listen for this message; null for none.</param>
public sealed record StartJob(string Job, string? IdempotencyKey = null, string? CorrelationId = null);
