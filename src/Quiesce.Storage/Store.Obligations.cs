namespace Quiesce.Storage;

public sealed partial class Store
{
    /// <summary>The obligations of an instance, the latest first: the order in which they are discharged.</summary>
    public Task<IReadOnlyList<ObligationRow>> ObligationsAsync(string instanceId, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>The obligations of a session, the latest first.</summary>
    public Task<IReadOnlyList<ObligationRow>> SessionObligationsAsync(string sessionId, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Leftovers whose next attempt is due, longest due first.</summary>
    public Task<IReadOnlyList<ObligationRow>> DueLeftoversAsync(int limit, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>All leftovers, the oldest first.</summary>
    public Task<IReadOnlyList<ObligationRow>> LeftoversAsync(CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Writes attempts, next attempt, last error, payload and state of obligations over.</summary>
    public Task UpdateObligationsAsync(IReadOnlyList<ObligationRow> rows) => throw new NotImplementedException();

    /// <summary>Removes obligations that were met.</summary>
    public Task DischargeObligationsAsync(IReadOnlyList<string> ids) => throw new NotImplementedException();
}
