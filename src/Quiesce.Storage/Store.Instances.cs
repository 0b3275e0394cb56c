using Dapper;

namespace Quiesce.Storage;

public sealed partial class Store
{
    private const string InstanceColumns = """
        i.id, i.definition_id, i.definition_version, i.definition_version_id, i.parent_id, i.session_id, i.correlation_id, i.status, i.sub_status, i.phase,
        i.created_at, i.updated_at, i.finished_at, i.name, i.incident_count, i.is_system
        """;

    /// <summary>Writes everything of a burst in one transaction, or nothing. Not cancellable: what was decided is written. Acknowledged means synced to disk.</summary>
    /// <exception cref="StorageException">The database could not write. Nothing was written; the same commit may be given again.</exception>
    public Task<CommitResult> CommitAsync(Commit commit) => WriteAsync(c => BurstCommit.Run(c, commit));

    /// <summary>Adds unowned instances with their start stimuli. An id that exists already is left as it is.</summary>
    public Task AddInstancesAsync(IReadOnlyList<NewInstance> instances) => WriteAsync(c =>
    {
        foreach (var instance in instances)
            BurstCommit.Add(c, instance);
        return instances.Count;
    });

    /// <summary>An instance with its state document, whoever holds it; null when it does not exist.</summary>
    public Task<InstanceRow?> InstanceAsync(string instanceId, CancellationToken ct) =>
        ReadAsync(c => InstanceClaim.Read(c, instanceId), ct);

    /// <summary>A page of instances, newest first, without state documents.</summary>
    public Task<IReadOnlyList<InstanceSummary>> InstancesAsync(InstanceFilter filter, int skip, int take, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<InstanceSummary>>(c =>
        {
            var parameters = new DynamicParameters(filter);
            parameters.Add("skip", skip);
            parameters.Add("take", take);
            return [.. c.Db.Query<InstanceSummary>($"SELECT {InstanceColumns} FROM instances i{Where(filter)} ORDER BY i.seq DESC LIMIT @take OFFSET @skip", parameters)];
        }, ct);

    /// <summary>How many instances the filter matches.</summary>
    public Task<int> CountInstancesAsync(InstanceFilter filter, CancellationToken ct) =>
        ReadAsync(c => c.Db.ExecuteScalar<int>($"SELECT COUNT(*) FROM instances i{Where(filter)}", filter), ct);

    /// <summary>Deletes an ended instance with everything that belongs to it. False when it has not ended or does not exist.</summary>
    public Task<bool> DeleteInstanceAsync(string instanceId) =>
        WriteAsync(c => DeleteInstances(c, "SELECT id FROM instances WHERE id = @instanceId AND finished_at IS NOT NULL", new { instanceId }) > 0);

    /// <summary>Deletes instances without a session that ended before the moment, with their journals, and what outbox rows older than that ended instances still have;
    /// also starts remembered for idempotency that have run out. Sessions stay until <see cref="DeleteSessionAsync"/>. Returns how many instances were deleted.</summary>
    public async Task<int> PurgeAsync(DateTimeOffset olderThan)
    {
        const int AtOnce = 500; // so that nobody's burst waits behind a year of history
        var total = 0;
        int deleted;
        do
        {
            deleted = await WriteAsync(c => DeleteInstances(
                c,
                "SELECT id FROM instances WHERE finished_at < @olderThan AND session_id IS NULL ORDER BY seq LIMIT @AtOnce",
                new { olderThan, AtOnce })).ConfigureAwait(false);
            total += deleted;
        }
        while (deleted == AtOnce);

        await WriteAsync(c =>
            c.Db.Execute("DELETE FROM dedup WHERE expires_at <= @now; DELETE FROM taken WHERE expires_at <= @now", new { now = Now })
            + c.Db.Execute(
                "DELETE FROM outbox WHERE created_at < @olderThan AND NOT EXISTS (SELECT 1 FROM instances i WHERE i.id = outbox.instance_id AND i.finished_at IS NULL)",
                new { olderThan })).ConfigureAwait(false);
        return total;
    }

    /// <summary>Deletes the ended instances that the query names, with everything that belongs to them, save obligations: what is owed to a guest stays owed.</summary>
    private static int DeleteInstances(PreparedConnection c, string idsQuery, object parameters)
    {
        var ids = c.Db.Query<string>(idsQuery, parameters).AsList();
        foreach (var id in ids)
        {
            c.Prepared("DELETE FROM journal WHERE instance_id = @id").Run(id);
            c.Prepared("DELETE FROM executions WHERE instance_id = @id").Run(id);
            c.Prepared("DELETE FROM stimuli WHERE instance_id = @id").Run(id);
            c.Prepared("DELETE FROM bookmarks WHERE instance_id = @id").Run(id);
            c.Prepared("DELETE FROM outbox WHERE instance_id = @id").Run(id);
            c.Prepared("DELETE FROM instances WHERE id = @id").Run(id);
        }

        return ids.Count;
    }

    private static string Where(InstanceFilter filter)
    {
        List<string> terms = [];
        if (filter.DefinitionId is not null)
            terms.Add("i.definition_id = @DefinitionId");
        if (filter.DefinitionVersionId is not null)
            terms.Add("i.definition_version_id = @DefinitionVersionId");
        if (filter.ParentId is not null)
            terms.Add("i.parent_id = @ParentId");
        if (filter.SessionId is not null)
            terms.Add("i.session_id = @SessionId");
        if (filter.CorrelationId is not null)
            terms.Add("i.correlation_id = @CorrelationId");
        if (filter.Status is not null)
            terms.Add("i.status = @Status");
        if (filter.SubStatus is not null)
            terms.Add("i.sub_status = @SubStatus");
        return terms.Count == 0 ? "" : " WHERE " + string.Join(" AND ", terms);
    }
}
