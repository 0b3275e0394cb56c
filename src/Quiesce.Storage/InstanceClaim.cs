using System.Data.Common;

namespace Quiesce.Storage;

/// <summary>Reading and claiming one instance, statement by statement: it happens before every burst that does not find its instance in memory.</summary>
internal static class InstanceClaim
{
    private const string SelectInstance = """
        SELECT id, definition_id, definition_version, definition_version_id, parent_id, session_id, correlation_id, status, sub_status, phase,
            state, revision, owner_id, epoch, created_at, updated_at, finished_at, name, incident_count, is_system
        FROM instances WHERE id = @id
        """;

    public const string SelectStimuli = """
        SELECT id, kind, bookmark_hash, bookmark_id, payload, created_at, due_at FROM stimuli
        WHERE instance_id = @instance_id AND consumed = 0 AND ready_at <= @now ORDER BY seq
        """;

    private const string Claim = $"""
        UPDATE instances SET owner_id = @me, epoch = epoch + 1
        WHERE id = @id AND finished_at IS NULL
            AND (owner_id IS NULL OR NOT EXISTS (SELECT 1 FROM owners o WHERE o.id = instances.owner_id AND {Store.IsLive}))
        """;

    /// <summary>For the writer: takes the instance when it is free, and reads it.</summary>
    public static ClaimedInstance? Take(PreparedConnection connection, string id, string ownerId, DateTimeOffset now) =>
        connection.Prepared(Claim).Run(ownerId, id, now) == 0 ? null : ReadMine(connection, id, ownerId, now);

    /// <summary>The instance with its due stimuli when this owner has it and it has not ended; else null.</summary>
    public static ClaimedInstance? ReadMine(PreparedConnection connection, string id, string ownerId, DateTimeOffset now) =>
        Read(connection, id) is { } instance && instance.OwnerId == ownerId && instance.FinishedAt is null
            ? new ClaimedInstance(instance, Stimuli(connection, SelectStimuli, id, now))
            : null;

    public static InstanceRow? Read(PreparedConnection connection, string id)
    {
        using var row = connection.Prepared(SelectInstance).Read(id);
        return !row.Read() ? null : new InstanceRow(
            row.GetString(0), row.GetString(1), row.GetInt32(2), row.GetString(3), Text(row, 4), Text(row, 5), Text(row, 6), row.GetString(7), row.GetString(8), row.GetString(9),
            (byte[])row.GetValue(10), row.GetInt64(11), Text(row, 12), row.GetInt64(13), Moment(row, 14), Moment(row, 15), row.IsDBNull(16) ? null : Moment(row, 16),
            Text(row, 17), row.GetInt32(18), row.GetInt64(19) != 0);
    }

    /// <summary>Stimuli of an instance; <paramref name="sql"/> selects the columns as <see cref="SelectStimuli"/> does.</summary>
    public static List<StimulusRow> Stimuli(PreparedConnection connection, string sql, string instanceId, DateTimeOffset now)
    {
        List<StimulusRow> stimuli = [];
        using var row = connection.Prepared(sql).Read(instanceId, now);
        while (row.Read())
        {
            stimuli.Add(new StimulusRow(
                row.GetString(0), instanceId, row.GetString(1), Text(row, 2), Text(row, 3), Text(row, 4), Moment(row, 5), row.IsDBNull(6) ? null : Moment(row, 6)));
        }

        return stimuli;
    }

    private static string? Text(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static DateTimeOffset Moment(DbDataReader row, int column) => StoredTime.FromMicroseconds(row.GetInt64(column));
}
