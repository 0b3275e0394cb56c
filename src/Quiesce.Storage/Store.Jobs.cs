namespace Quiesce.Storage;

public sealed partial class Store
{
    /// <summary>Adds or replaces a job together with the scripts it names. With an expected revision only when that is still the job's (0: only when it is new); null when it is not.</summary>
    public Task<JobRow?> PutJobAsync(string name, string json, IReadOnlyList<ScriptRow> scripts, long? expectedRevision) => throw new NotImplementedException();

    /// <summary>A job by name; null when there is none.</summary>
    public Task<JobRow?> JobAsync(string name, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>All jobs by name.</summary>
    public Task<IReadOnlyList<JobRow>> JobsAsync(CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Deletes a job. Its sessions and restore points stay. False when there is none.</summary>
    public Task<bool> DeleteJobAsync(string name) => throw new NotImplementedException();
}
