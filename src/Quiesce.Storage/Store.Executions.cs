using Dapper;

namespace Quiesce.Storage;

public sealed partial class Store
{
    private const string SelectExecutions = "SELECT revision, json FROM executions WHERE instance_id = @instance_id AND revision > @revision ORDER BY revision";

    /// <summary>The executions of activities that the commits of an instance behind this revision touched, oldest first.</summary>
    public Task<IReadOnlyList<ExecutionSegment>> ExecutionsAsync(string instanceId, long afterRevision, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<ExecutionSegment>>(c =>
        {
            List<ExecutionSegment> segments = [];
            using var row = c.Prepared(SelectExecutions).Read(instanceId, afterRevision);
            while (row.Read())
                segments.Add(new ExecutionSegment(row.GetInt64(0), (byte[])row.GetValue(1)));
            return segments;
        }, ct);

    /// <summary>The rows of these commits of an instance.</summary>
    public Task<IReadOnlyList<ExecutionSegment>> ExecutionsAsync(string instanceId, IReadOnlyCollection<long> revisions, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<ExecutionSegment>>(c =>
            [.. revisions.Chunk(500).SelectMany(some => c.Db.Query<ExecutionSegment>("SELECT revision, json FROM executions WHERE instance_id = @instanceId AND revision IN @some", new { instanceId, some }))], ct);

    /// <summary>Ids of the instances with this tag (see <see cref="InstanceTag"/>): one, seldom more.</summary>
    public Task<IReadOnlyList<string>> InstancesByTagAsync(uint tag, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<string>>(c => [.. c.Db.Query<string>("SELECT id FROM instances WHERE tag = @tag AND tag <> 0", new { tag = (long)tag })], ct);
}

/// <summary>The executions of activities that one commit touched.</summary>
/// <param name="Revision">Of the commit.</param>
/// <param name="Json">An array, UTF-8.</param>
[method: ExplicitConstructor]
public sealed record ExecutionSegment(long Revision, byte[] Json);
