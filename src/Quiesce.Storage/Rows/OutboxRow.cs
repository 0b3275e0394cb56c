using Dapper;

namespace Quiesce.Storage;

/// <summary>Something an instance wants done. It is published after the commit that wrote it.</summary>
/// <param name="Id">The operation id: workers do an operation once per id.</param>
/// <param name="Payload">JSON.</param>
/// <param name="Attempts">How often it was, or may have been, sent before: 0 for a new row. <see cref="Store.CountOutboxAttemptsAsync"/> raises it durably before a row is sent again.</param>
/// <param name="AwaitsReply">True for an operation: the row stays until the commit that consumes its reply. False for an event: deleted once it is published.</param>
[method: ExplicitConstructor]
public sealed record OutboxRow(string Id, string InstanceId, string Kind, string Payload, int Attempts, DateTimeOffset CreatedAt, bool AwaitsReply);
