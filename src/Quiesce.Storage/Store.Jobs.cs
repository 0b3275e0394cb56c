using Dapper;

namespace Quiesce.Storage;

public sealed partial class Store
{
    /// <summary>Adds or replaces a job together with the scripts it names. With an expected revision only when that is still the job's (0: only when it is new); null when it is not.</summary>
    public Task<JobRow?> PutJobAsync(string name, string json, IReadOnlyList<ScriptRow> scripts, long? expectedRevision) =>
        WriteAsync(c =>
        {
            var present = c.Db.ExecuteScalar<long?>("SELECT revision FROM jobs WHERE name = @name", new { name }) ?? 0;
            if (expectedRevision is { } expected && expected != present)
                return null;
            foreach (var script in scripts)
                c.Db.Execute(InsertScript, script);
            var job = new JobRow(name, json, present + 1, StoredTime.FromMicroseconds(Now.ToMicroseconds()));
            c.Db.Execute(
                """
                INSERT INTO jobs (name, json, revision, updated_at) VALUES (@Name, @Json, @Revision, @UpdatedAt)
                ON CONFLICT (name) DO UPDATE SET json = @Json, revision = @Revision, updated_at = @UpdatedAt
                """, job);
            return job;
        });

    /// <summary>A job by name; null when there is none.</summary>
    public Task<JobRow?> JobAsync(string name, CancellationToken ct) =>
        ReadAsync(c => c.Db.QuerySingleOrDefault<JobRow>("SELECT * FROM jobs WHERE name = @name", new { name }), ct);

    /// <summary>All jobs by name.</summary>
    public Task<IReadOnlyList<JobRow>> JobsAsync(CancellationToken ct) =>
        ReadAsync<IReadOnlyList<JobRow>>(c => [.. c.Db.Query<JobRow>("SELECT * FROM jobs ORDER BY name")], ct);

    /// <summary>Deletes a job, and the starts that it had before it. Its sessions and restore points stay. False when there is none.</summary>
    public Task<bool> DeleteJobAsync(string name) =>
        WriteAsync(c =>
        {
            c.Db.Execute("DELETE FROM schedules WHERE job = @name", new { name });
            c.Db.Execute("DELETE FROM planned_starts WHERE job = @name", new { name });
            return c.Db.Execute("DELETE FROM jobs WHERE name = @name", new { name }) > 0;
        });
}
