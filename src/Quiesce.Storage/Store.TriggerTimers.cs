using Dapper;

namespace Quiesce.Storage;

public sealed partial class Store
{
    /// <summary>Makes the timer triggers of a definition these: one with the same hash keeps its next moment, another begins with the one given, one that is missing goes.</summary>
    public Task SetTriggerTimersAsync(string definitionId, IReadOnlyList<TriggerTimerRow> timers) => WriteAsync(c =>
    {
        var changed = c.Db.Execute("DELETE FROM trigger_timers WHERE definition_id = @definitionId AND activity_id NOT IN @kept", new { definitionId, kept = timers.Select(timer => timer.ActivityId) });
        foreach (var timer in timers)
        {
            changed += c.Db.Execute(
                """
                INSERT INTO trigger_timers (definition_id, activity_id, hash, due_at) VALUES (@DefinitionId, @ActivityId, @Hash, @DueAt)
                ON CONFLICT (definition_id, activity_id) DO UPDATE SET hash = @Hash, due_at = @DueAt WHERE hash <> @Hash
                """, timer);
        }

        return changed;
    });

    /// <summary>All timer triggers, those that are due first in front.</summary>
    public Task<IReadOnlyList<TriggerTimerRow>> TriggerTimersAsync(CancellationToken ct) =>
        ReadAsync<IReadOnlyList<TriggerTimerRow>>(c => [.. c.Db.Query<TriggerTimerRow>("SELECT definition_id, activity_id, hash, due_at FROM trigger_timers ORDER BY due_at IS NULL, due_at")], ct);

    /// <summary>Moves a timer on from this moment to its next one and starts what it starts, in one transaction: no server starts it a second time.</summary>
    /// <returns>True when the timer stood at that moment.</returns>
    public Task<bool> FireTriggerTimerAsync(TriggerTimerRow timer, DateTimeOffset? next, NewInstance? start) => WriteAsync(c =>
    {
        if (c.Db.Execute("UPDATE trigger_timers SET due_at = @next WHERE definition_id = @DefinitionId AND activity_id = @ActivityId AND hash = @Hash AND due_at = @DueAt",
            new { timer.DefinitionId, timer.ActivityId, timer.Hash, timer.DueAt, next }) == 0)
            return false;
        if (start is not null)
            BurstCommit.Add(c, start);
        return true;
    });
}

/// <summary>When a timer trigger of a published definition starts its next instance.</summary>
/// <param name="Hash">Of its schedule.</param>
/// <param name="DueAt">Null: never again.</param>
[method: ExplicitConstructor]
public sealed record TriggerTimerRow(string DefinitionId, string ActivityId, string Hash, DateTimeOffset? DueAt);
