using Dapper;

namespace Quiesce.Storage;

/// <summary>When a job starts by itself next.</summary>
/// <param name="Revision">Of the job that the row was made from; a job of a newer one wants a new row.</param>
/// <param name="Schedule">The schedule as JSON: while it stays the same, so does <paramref name="NextAt"/>.</param>
/// <param name="Note">What became of the last start that was due and not made, or why there is none.</param>
[method: ExplicitConstructor]
public sealed record ScheduleRow(string Job, long Revision, string Schedule, DateTimeOffset? NextAt, string? Note);

/// <summary>A start that follows the end of a session.</summary>
/// <param name="Kind"><see cref="SessionOrigins.Retry"/> or <see cref="SessionOrigins.Chain"/>.</param>
/// <param name="SessionId">The session that it follows.</param>
[method: ExplicitConstructor]
public sealed record PlannedStartRow(string Id, string Job, string Kind, string SessionId, DateTimeOffset DueAt);

/// <summary>The row that a start uses up, in the transaction that starts the session: the start is neither lost nor made twice.</summary>
public abstract record StartClaim
{
    /// <summary>A slot of the job's schedule, and the one after it.</summary>
    public sealed record Slot(DateTimeOffset At, DateTimeOffset? Next) : StartClaim;

    /// <summary>A planned start.</summary>
    public sealed record Planned(string Id) : StartClaim;
}
