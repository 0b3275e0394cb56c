using System.Text.Json;
using Quiesce.Contracts.Rest;
using Quiesce.Jobs.Definitions;
using Quiesce.Storage;

namespace Quiesce.Jobs.Documents;

/// <summary>A job that was taken over.</summary>
/// <param name="Warnings">What was taken over nevertheless.</param>
public sealed record AppliedJob(JobDocument Job, long Revision, IReadOnlyList<Complaint> Warnings);

/// <summary>A job file that is not taken over; nothing was written.</summary>
public sealed class InvalidJobException(string fileName, IReadOnlyList<Complaint> complaints)
    : Exception($"{fileName} is not applied: {complaints.Count(complaint => complaint.Level == "error")} complaint(s). Correct the file and apply it again.")
{
    /// <summary>Every complaint, warnings included, in the order of the document.</summary>
    public IReadOnlyList<Complaint> Complaints { get; } = complaints;
}

/// <summary>The jobs of this server.</summary>
public sealed class JobCatalog(Store store, DefinitionCatalog definitions)
{
    /// <summary>Takes a job over, new or in the place of the one of the same name, with its scripts under their hashes. A session under way keeps the job as it was.</summary>
    /// <exception cref="InvalidJobException">The file has mistakes; the exception holds all of them.</exception>
    public async Task<AppliedJob> ApplyAsync(ApplyJob apply)
    {
        ArgumentNullException.ThrowIfNull(apply);
        var file = JobFile.Read(apply, id => definitions.IsPublished(id));
        if (file.Job is not { } job)
            throw new InvalidJobException(apply.FileName, file.Complaints);
        // Without an expected revision there is nothing that could be refused: whoever applies last has his way.
        var row = (await store.PutJobAsync(job.Name, JsonSerializer.Serialize(job, RestJson.Default.JobDocument), file.Scripts, expectedRevision: null))!;
        return new AppliedJob(job, row.Revision, file.Complaints);
    }

    /// <summary>All jobs by name, with what became of their last session.</summary>
    public async Task<IReadOnlyList<JobSummary>> ListAsync(CancellationToken ct)
    {
        var list = new List<JobSummary>();
        foreach (var row in await store.JobsAsync(ct))
        {
            var job = Document(row);
            var last = (await store.SessionsAsync(row.Name, 0, 1, ct)) is [var latest, ..] ? latest : null;
            var result = Enum.TryParse<Result>(last?.Result, out var known) ? known : Result.None;
            list.Add(new JobSummary(row.Name, job.Workflow, job.Machines.Count, Status(last), last?.Id, result, last?.EndedAt, row.Revision));
        }

        return list;
    }

    /// <summary>A job as it was applied, with the hashes of its scripts.</summary>
    /// <exception cref="RefusedException">There is no such job.</exception>
    public async Task<JobDocument> GetAsync(string name, CancellationToken ct) => Document(await store.JobAsync(name, ct) ?? throw Unknown(name));

    /// <summary>Deletes a job. Its sessions and restore points stay.</summary>
    /// <exception cref="RefusedException">There is no such job, or a session of it runs.</exception>
    public async Task DeleteAsync(string name, CancellationToken ct)
    {
        if (await store.RunningSessionAsync(name, ct) is { } running)
            throw new RefusedException(ProblemCodes.Conflict, $"The job '{name}' is not deleted because its session {running.Id} runs. Stop it first: quiesce job stop {name}");
        if (!await store.DeleteJobAsync(name))
            throw Unknown(name);
    }

    /// <summary>Every machine of every job, with the job's name; the same name in two jobs comes twice.</summary>
    public async Task<IReadOnlyList<(string Job, MachineEntry Machine)>> MachinesAsync(CancellationToken ct) =>
        [.. (await store.JobsAsync(ct)).SelectMany(row => Document(row).Machines.Select(machine => (row.Name, machine)))];

    private static JobDocument Document(JobRow row) => JsonSerializer.Deserialize(row.Json, RestJson.Default.JobDocument)!;

    private static string Status(SessionRow? last) => last switch
    {
        null or { EndedAt: not null } => "Inactive",
        { IsCancelled: true } or { State: "Stopping" } => "Stopping",
        { State: "Starting" } => "Starting",
        _ => "Running",
    };

    private static RefusedException Unknown(string name) =>
        new(ProblemCodes.NotFound, $"There is no job '{name}'. `quiesce job list` shows those there are; `quiesce job apply FILE` adds one.");
}
