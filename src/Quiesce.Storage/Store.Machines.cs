namespace Quiesce.Storage;

public sealed partial class Store
{
    /// <summary>Adds or replaces a machine. What its last test said is kept.</summary>
    public Task PutMachineAsync(string name, string json) => throw new NotImplementedException();

    /// <summary>Notes what a test of the machine said. False when there is no such machine.</summary>
    public Task<bool> SetMachineTestAsync(string name, string result, DateTimeOffset at) => throw new NotImplementedException();

    /// <summary>A machine by name; null when there is none.</summary>
    public Task<MachineRow?> MachineAsync(string name, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>All machines by name.</summary>
    public Task<IReadOnlyList<MachineRow>> MachinesAsync(CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Removes a machine. False when there is none.</summary>
    public Task<bool> DeleteMachineAsync(string name) => throw new NotImplementedException();

    /// <summary>Who works on a machine now; null when nobody does.</summary>
    public Task<MachineLock?> MachineLockAsync(string machineKey, CancellationToken ct) => throw new NotImplementedException();
}
