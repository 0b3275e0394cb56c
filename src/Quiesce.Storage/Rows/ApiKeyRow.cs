using Dapper;

namespace Quiesce.Storage;

/// <summary>A key for the REST API. Only its hash is stored.</summary>
/// <param name="Name">Who it stands for in sessions and in the audit; no two keys have the same.</param>
/// <param name="CreatedBy">The key that made it; null where the server did.</param>
[method: ExplicitConstructor]
public sealed record ApiKeyRow(string Id, string Name, string Role, string Hash, DateTimeOffset CreatedAt, DateTimeOffset? LastUsed, string? CreatedBy = null);

/// <summary>Something that was done, or refused.</summary>
/// <param name="Seq">Order of what was done; given by the store.</param>
/// <param name="By">Name of the key.</param>
/// <param name="Action">What was asked for, as the API names it.</param>
/// <param name="Subject">To what: <c>job/nightly-db</c>.</param>
/// <param name="Outcome"><c>done</c>, or the code of the refusal.</param>
[method: ExplicitConstructor]
public sealed record AuditRow(long Seq, DateTimeOffset At, string By, string Role, string Action, string? Subject, string Outcome, string? Detail, string? Address);

/// <summary>What was answered to a request that carried an Idempotency-Key.</summary>
[method: ExplicitConstructor]
public sealed record AnswerRow(string Key, string RequestHash, int Status, string? ContentType, string Body, DateTimeOffset ExpiresAt);
