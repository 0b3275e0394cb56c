using Dapper;

namespace Quiesce.Storage;

public sealed partial class Store
{
    /// <summary>The obligations of an instance, the latest first: the order in which they are discharged.</summary>
    public Task<IReadOnlyList<ObligationRow>> ObligationsAsync(string instanceId, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<ObligationRow>>(c => [.. c.Db.Query<ObligationRow>(
            "SELECT * FROM obligations WHERE instance_id = @instanceId ORDER BY sequence DESC", new { instanceId })], ct);

    /// <summary>The obligations of a session, the latest first.</summary>
    public Task<IReadOnlyList<ObligationRow>> SessionObligationsAsync(string sessionId, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<ObligationRow>>(c => [.. c.Db.Query<ObligationRow>(
            "SELECT * FROM obligations WHERE session_id = @sessionId ORDER BY created_at DESC, sequence DESC", new { sessionId })], ct);

    /// <summary>Leftovers whose next attempt is due, longest due first.</summary>
    public Task<IReadOnlyList<ObligationRow>> DueLeftoversAsync(int limit, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<ObligationRow>>(c => [.. c.Db.Query<ObligationRow>(
            "SELECT * FROM obligations WHERE state = 'Leftover' AND next_attempt_at <= @now ORDER BY next_attempt_at, sequence DESC LIMIT @limit", new { now = Now, limit })], ct);

    /// <summary>All leftovers, the oldest first.</summary>
    public Task<IReadOnlyList<ObligationRow>> LeftoversAsync(CancellationToken ct) =>
        ReadAsync<IReadOnlyList<ObligationRow>>(c => [.. c.Db.Query<ObligationRow>("SELECT * FROM obligations WHERE state = 'Leftover' ORDER BY created_at, sequence")], ct);

    /// <summary>Obligations of one kind, whoever takes care of them, the oldest first.</summary>
    public Task<IReadOnlyList<ObligationRow>> ObligationsOfKindAsync(string kind, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<ObligationRow>>(c => [.. c.Db.Query<ObligationRow>("SELECT * FROM obligations WHERE kind = @kind ORDER BY created_at, sequence", new { kind })], ct);

    /// <summary>Writes attempts, next attempt, last error, payload and state of obligations over.</summary>
    public Task UpdateObligationsAsync(IReadOnlyList<ObligationRow> rows) => WriteAsync(c => c.Db.Execute(BurstBooks.UpdateObligation, rows));

    /// <summary>Removes obligations that were met.</summary>
    public Task DischargeObligationsAsync(IReadOnlyList<string> ids) => ForEachAsync(BurstBooks.DeleteObligation, ids);
}
