using System.Data.Common;

namespace Quiesce.Storage;

/// <summary>The transaction of a burst, statement by statement. The first statement checks that the instance is still held; when it is not, nothing follows.</summary>
internal static class BurstCommit
{
    private const string InsertInstance = """
        INSERT INTO instances (id, tag, definition_id, definition_version, definition_version_id, parent_id, session_id, correlation_id, status, sub_status, phase,
            revision, owner_id, epoch, created_at, updated_at, finished_at, name, incident_count, is_system, state)
        VALUES (@id, @tag, @definition_id, @definition_version, @definition_version_id, @parent_id, @session_id, @correlation_id, @status, @sub_status, @phase,
            @revision, @owner_id, @epoch, @created_at, @updated_at, @finished_at, @name, @incident_count, @is_system, @state)
        ON CONFLICT (id) DO NOTHING
        """;

    private const string UpdateInstance = """
        UPDATE instances SET correlation_id = @correlation_id, status = @status, sub_status = @sub_status, phase = @phase, revision = revision + 1,
            updated_at = @updated_at, finished_at = @finished_at, name = @name, incident_count = @incident_count, is_system = @is_system, state = @state
        WHERE id = @id AND owner_id = @owner_id AND epoch = @epoch AND revision = @revision AND finished_at IS NULL
        """;

    private const string InsertStimulus = """
        INSERT INTO stimuli (instance_id, id, kind, bookmark_hash, bookmark_id, payload, created_at, due_at, ready_at)
        SELECT @instance_id, @id, @kind, @bookmark_hash, @bookmark_id, @payload, @created_at, @due_at, COALESCE(@due_at, 0)
        FROM instances WHERE id = @instance_id AND finished_at IS NULL
        ON CONFLICT (instance_id, id) DO NOTHING
        """;

    private const string ConsumeStimulus = "UPDATE stimuli SET consumed = 1, payload = NULL WHERE instance_id = @instance_id AND id = @id AND consumed = 0";

    private const string LetStimulusWait = "UPDATE stimuli SET waiting_revision = @revision WHERE instance_id = @instance_id AND id = @id";

    private const string InsertBookmark = """
        INSERT INTO bookmarks (instance_id, id, ordinal, name, hash, correlation_id, payload, created_at, due_at)
        VALUES (@instance_id, @id, @ordinal, @name, @hash, @correlation_id, @payload, @created_at, @due_at)
        """;

    private const string DeleteBookmark = "DELETE FROM bookmarks WHERE instance_id = @instance_id AND id = @id";

    private const string CancelTimers =
        "UPDATE stimuli SET consumed = 1, payload = NULL WHERE instance_id = @instance_id AND bookmark_id = @bookmark_id AND due_at IS NOT NULL AND consumed = 0";

    private const string InsertJournal = "INSERT INTO journal (instance_id, from_sequence, count, json) VALUES (@instance_id, @from_sequence, @count, @json)";

    private const string InsertExecutions = "INSERT INTO executions (instance_id, revision, json) VALUES (@instance_id, @revision, @json)";

    // The bookmarks are found in the transaction itself: one that is committed before this is never missed.
    private const string InsertBroadcast = """
        INSERT INTO stimuli (instance_id, id, kind, bookmark_hash, bookmark_id, payload, created_at, due_at, ready_at)
        SELECT b.instance_id, @id || ':' || b.id, @kind, NULL, b.id, @payload, @created_at, NULL, 0
        FROM bookmarks b
        WHERE b.hash = @hash AND (@correlation_id IS NULL OR b.correlation_id IS NULL OR b.correlation_id = @correlation_id) AND (@instance_id IS NULL OR b.instance_id = @instance_id)
        ORDER BY b.created_at, b.instance_id, b.ordinal
        ON CONFLICT (instance_id, id) DO NOTHING
        RETURNING instance_id
        """;

    private const string SelectStanding = """
        SELECT id FROM instances WHERE finished_at IS NULL AND definition_id = @definition_id AND (@correlation_id IS NULL OR correlation_id = @correlation_id) LIMIT 1
        """;

    private const string SelectStandingByCorrelation = "SELECT id FROM instances WHERE finished_at IS NULL AND correlation_id = @correlation_id LIMIT 1";

    private const string SelectStandingAtAll = "SELECT id FROM instances WHERE finished_at IS NULL LIMIT 1";

    private const string InsertOutbox = """
        INSERT INTO outbox (id, instance_id, kind, payload, attempts, created_at, awaits_reply)
        VALUES (@id, @instance_id, @kind, @payload, @attempts, @created_at, @awaits_reply)
        """;

    private const string DeleteOutbox = "DELETE FROM outbox WHERE id = @id";
    private const string SelectMachine = "SELECT machine_key, session_id, instance_id FROM machine_locks WHERE machine_key = @machine_key";
    private const string InsertMachine = "INSERT INTO machine_locks (machine_key, session_id, instance_id) VALUES (@machine_key, @session_id, @instance_id)";
    private const string DeleteMachine = "DELETE FROM machine_locks WHERE machine_key = @machine_key AND instance_id = @instance_id";

    public static CommitResult Run(PreparedConnection connection, Commit commit)
    {
        var instance = commit.Instance;
        var revision = instance.Revision + 1;
        if (commit.Create && commit.Guard is { } guard && Standing(connection, guard) is { } standing)
            return new CommitResult(CommitOutcome.Refused, 0, Standing: standing);
        if ((commit.Create ? Insert(connection, instance, revision, commit.Owner.Id, commit.Epoch) : Update(connection, commit)) == 0)
            return new CommitResult(CommitOutcome.Lost, 0);
        if (instance.FinishedAt is not null)
            RemoveWhatWaits(connection, instance.Id);
        else
            WriteStimuliAndBookmarks(connection, commit, revision);
        if (LockMachines(connection, commit) is { } holder)
            return connection.Undo(new CommitResult(CommitOutcome.MachineBusy, 0, holder));

        foreach (var id in commit.OutboxRemoved)
            connection.Prepared(DeleteOutbox).Run(id);
        foreach (var row in commit.OutboxAdded)
            connection.Prepared(InsertOutbox).Run(row.Id, row.InstanceId, row.Kind, row.Payload, row.Attempts, row.CreatedAt, row.AwaitsReply);
        if (commit.Journal is { Count: > 0 } journal)
            connection.Prepared(InsertJournal).Run(journal.InstanceId, journal.FromSequence, journal.Count, journal.Json);
        if (commit.Executions is { } executions)
            connection.Prepared(InsertExecutions).Run(instance.Id, revision, executions);
        foreach (var child in commit.Children)
            Add(connection, child);
        foreach (var stimulus in commit.StimuliAdded)
            Add(connection, stimulus);
        List<string>? told = null;
        foreach (var broadcast in commit.Broadcasts)
            Tell(connection, broadcast, told ??= []);
        BurstBooks.Run(connection, commit);
        return new CommitResult(CommitOutcome.Committed, revision, Told: told);
    }

    /// <summary>Adds an unowned instance and its start stimulus. False, and nothing added, when its guard does not hold; one that exists is left as it is.</summary>
    public static bool Add(PreparedConnection connection, NewInstance added)
    {
        if (added.Guard is { } guard && Standing(connection, guard) is not null)
            return false;
        var isNew = Insert(connection, added.Instance, added.Instance.Revision, null, 0) > 0;
        if (added.Start is { } start)
            Add(connection, start);
        return isNew;
    }

    /// <summary>Tells whoever waits, and notes whom.</summary>
    public static void Tell(PreparedConnection connection, Broadcast broadcast, List<string> told)
    {
        using var row = connection.Prepared(InsertBroadcast).Read(
            broadcast.Id, broadcast.Kind, broadcast.Payload, broadcast.CreatedAt, broadcast.Hash, broadcast.CorrelationId, broadcast.InstanceId);
        while (row.Read())
            told.Add(row.GetString(0));
    }

    /// <summary>Adds a stimulus. False for a repeat, and when its instance has ended or does not exist.</summary>
    public static bool Add(PreparedConnection connection, StimulusRow row) =>
        connection.Prepared(InsertStimulus).Run(row.InstanceId, row.Id, row.Kind, row.BookmarkHash, row.BookmarkId, row.Payload, row.CreatedAt, row.DueAt?.RoundedUp()) > 0;

    private static int Insert(PreparedConnection connection, InstanceRow row, long revision, string? ownerId, long epoch) =>
        connection.Prepared(InsertInstance).Run(
            row.Id, (long)InstanceTag.Of(row.Id), row.DefinitionId, row.DefinitionVersion, row.DefinitionVersionId, row.ParentId, row.SessionId, row.CorrelationId, row.Status, row.SubStatus, row.Phase,
            revision, ownerId, epoch, row.CreatedAt, row.UpdatedAt, row.FinishedAt, row.Name, row.IncidentCount, row.IsSystem, row.State);

    private static int Update(PreparedConnection connection, Commit commit)
    {
        var row = commit.Instance;
        return connection.Prepared(UpdateInstance).Run(
            row.CorrelationId, row.Status, row.SubStatus, row.Phase, row.UpdatedAt, row.FinishedAt, row.Name, row.IncidentCount, row.IsSystem, row.State,
            row.Id, commit.Owner.Id, commit.Epoch, row.Revision);
    }

    private static void WriteStimuliAndBookmarks(PreparedConnection connection, Commit commit, long revision)
    {
        var instanceId = commit.Instance.Id;
        foreach (var id in commit.ConsumedStimuli)
            connection.Prepared(ConsumeStimulus).Run(instanceId, id);
        foreach (var id in commit.WaitingStimuli)
            connection.Prepared(LetStimulusWait).Run(revision, instanceId, id);
        foreach (var id in commit.BookmarksRemoved)
        {
            connection.Prepared(DeleteBookmark).Run(instanceId, id);
            // A timer goes with the bookmark that it would have resumed; left alone it would wake an instance that does not wait for it.
            connection.Prepared(CancelTimers).Run(instanceId, id);
        }

        var ordinal = revision << 20;
        foreach (var row in commit.BookmarksAdded)
            connection.Prepared(InsertBookmark).Run(row.InstanceId, row.Id, ordinal++, row.Name, row.Hash, row.CorrelationId, row.Payload, row.CreatedAt, row.DueAt);
    }

    /// <summary>An ended instance waits for nothing any more. What it says with its last breath is added afterwards.</summary>
    private static void RemoveWhatWaits(PreparedConnection connection, string instanceId)
    {
        connection.Prepared("DELETE FROM stimuli WHERE instance_id = @id").Run(instanceId);
        connection.Prepared("DELETE FROM bookmarks WHERE instance_id = @id").Run(instanceId);
        connection.Prepared("DELETE FROM outbox WHERE instance_id = @id AND awaits_reply = 1").Run(instanceId);
        connection.Prepared("DELETE FROM machine_locks WHERE instance_id = @id").Run(instanceId);
    }

    private static MachineLock? LockMachines(PreparedConnection connection, Commit commit)
    {
        foreach (var key in commit.MachinesReleased)
            connection.Prepared(DeleteMachine).Run(key, commit.Instance.Id);
        foreach (var wanted in commit.MachinesLocked)
        {
            if (Holder(connection, wanted.MachineKey) is not { } holder)
                connection.Prepared(InsertMachine).Run(wanted.MachineKey, wanted.SessionId, wanted.InstanceId);
            else if (holder.InstanceId != wanted.InstanceId)
                return holder;
        }

        return null;
    }

    private static string? Standing(PreparedConnection connection, StartGuard guard)
    {
        using var row = guard.DefinitionId is { } definition
            ? connection.Prepared(SelectStanding).Read(definition, guard.CorrelationId)
            : guard.CorrelationId is { } correlation ? connection.Prepared(SelectStandingByCorrelation).Read(correlation) : connection.Prepared(SelectStandingAtAll).Read();
        return row.Read() ? row.GetString(0) : null;
    }

    private static MachineLock? Holder(PreparedConnection connection, string key)
    {
        using DbDataReader reader = connection.Prepared(SelectMachine).Read(key);
        return reader.Read() ? new MachineLock(reader.GetString(0), reader.GetString(1), reader.GetString(2)) : null;
    }
}
