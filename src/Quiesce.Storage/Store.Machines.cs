using Dapper;

namespace Quiesce.Storage;

public sealed partial class Store
{
    /// <summary>Adds or replaces a machine. What its last test said is kept.</summary>
    public Task PutMachineAsync(string name, string json) =>
        WriteAsync(c => c.Db.Execute("INSERT INTO machines (name, json) VALUES (@name, @json) ON CONFLICT (name) DO UPDATE SET json = @json", new { name, json }));

    /// <summary>Notes what a test of the machine said. False when there is no such machine.</summary>
    public Task<bool> SetMachineTestAsync(string name, string result, DateTimeOffset at) =>
        WriteAsync(c => c.Db.Execute("UPDATE machines SET last_test_result = @result, last_test_at = @at WHERE name = @name", new { name, result, at }) > 0);

    /// <summary>A machine by name; null when there is none.</summary>
    public Task<MachineRow?> MachineAsync(string name, CancellationToken ct) =>
        ReadAsync(c => c.Db.QuerySingleOrDefault<MachineRow>("SELECT * FROM machines WHERE name = @name", new { name }), ct);

    /// <summary>All machines by name.</summary>
    public Task<IReadOnlyList<MachineRow>> MachinesAsync(CancellationToken ct) =>
        ReadAsync<IReadOnlyList<MachineRow>>(c => [.. c.Db.Query<MachineRow>("SELECT * FROM machines ORDER BY name")], ct);

    /// <summary>Removes a machine. False when there is none.</summary>
    public Task<bool> DeleteMachineAsync(string name) => WriteAsync(c => c.Db.Execute("DELETE FROM machines WHERE name = @name", new { name }) > 0);

    /// <summary>Who works on a machine now; null when nobody does.</summary>
    public Task<MachineLock?> MachineLockAsync(string machineKey, CancellationToken ct) =>
        ReadAsync(c => c.Db.QuerySingleOrDefault<MachineLock>("SELECT * FROM machine_locks WHERE machine_key = @machineKey", new { machineKey }), ct);
}
