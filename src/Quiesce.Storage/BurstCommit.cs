using System.Data.Common;

namespace Quiesce.Storage;

/// <summary>The transaction of a burst, statement by statement. The first statement checks that the instance is still held; when it is not, nothing follows.</summary>
internal static class BurstCommit
{
    private const string InsertInstance = """
        INSERT INTO instances (id, definition_id, definition_version, definition_version_id, parent_id, session_id, correlation_id, status, sub_status, phase,
            revision, owner_id, epoch, created_at, updated_at, finished_at, name, incident_count, state)
        VALUES (@id, @definition_id, @definition_version, @definition_version_id, @parent_id, @session_id, @correlation_id, @status, @sub_status, @phase,
            @revision, @owner_id, @epoch, @created_at, @updated_at, @finished_at, @name, @incident_count, @state)
        ON CONFLICT (id) DO NOTHING
        """;

    private const string UpdateInstance = """
        UPDATE instances SET correlation_id = @correlation_id, status = @status, sub_status = @sub_status, phase = @phase, revision = revision + 1,
            updated_at = @updated_at, finished_at = @finished_at, name = @name, incident_count = @incident_count, state = @state
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
        foreach (var child in commit.Children)
            Add(connection, child);
        foreach (var stimulus in commit.StimuliAdded)
            Add(connection, stimulus);
        BurstBooks.Run(connection, commit);
        return new CommitResult(CommitOutcome.Committed, revision);
    }

    /// <summary>Adds an unowned instance and its start stimulus; leaves one that exists as it is.</summary>
    public static void Add(PreparedConnection connection, NewInstance added)
    {
        Insert(connection, added.Instance, added.Instance.Revision, null, 0);
        if (added.Start is { } start)
            Add(connection, start);
    }

    /// <summary>Adds a stimulus. False for a repeat, and when its instance has ended or does not exist.</summary>
    public static bool Add(PreparedConnection connection, StimulusRow row) =>
        connection.Prepared(InsertStimulus).Run(row.InstanceId, row.Id, row.Kind, row.BookmarkHash, row.BookmarkId, row.Payload, row.CreatedAt, row.DueAt?.RoundedUp()) > 0;

    private static int Insert(PreparedConnection connection, InstanceRow row, long revision, string? ownerId, long epoch) =>
        connection.Prepared(InsertInstance).Run(
            row.Id, row.DefinitionId, row.DefinitionVersion, row.DefinitionVersionId, row.ParentId, row.SessionId, row.CorrelationId, row.Status, row.SubStatus, row.Phase,
            revision, ownerId, epoch, row.CreatedAt, row.UpdatedAt, row.FinishedAt, row.Name, row.IncidentCount, row.State);

    private static int Update(PreparedConnection connection, Commit commit)
    {
        var row = commit.Instance;
        return connection.Prepared(UpdateInstance).Run(
            row.CorrelationId, row.Status, row.SubStatus, row.Phase, row.UpdatedAt, row.FinishedAt, row.Name, row.IncidentCount, row.State,
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

    private static MachineLock? Holder(PreparedConnection connection, string key)
    {
        using DbDataReader reader = connection.Prepared(SelectMachine).Read(key);
        return reader.Read() ? new MachineLock(reader.GetString(0), reader.GetString(1), reader.GetString(2)) : null;
    }
}
