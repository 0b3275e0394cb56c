using System.Text.Json;
using Quiesce.Contracts.Rest;
using Quiesce.Jobs.Definitions;
using Quiesce.Jobs.Schedules;
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
public sealed class JobCatalog(Store store, DefinitionCatalog definitions, TimeProvider time) : IDisposable
{
    // Two jobs that are put after each other at the same moment would make a circle that neither check sees.
    private readonly SemaphoreSlim _saving = new(1, 1);

    /// <summary>Raised after a job was changed, with its name.</summary>
    public event Action<string>? Changed;

    /// <summary>Takes a job over, new or in the place of the one of the same name, with its scripts under their hashes. A session under way keeps the job as it was.</summary>
    /// <param name="expectedRevision">What the edit was based on, 0 for a job that is to be new; null takes over whatever there is.</param>
    /// <exception cref="InvalidJobException">The file has mistakes; the exception holds all of them.</exception>
    /// <exception cref="RefusedException">Somebody else has changed the job since that revision.</exception>
    public async Task<AppliedJob> ApplyAsync(ApplyJob apply, long? expectedRevision = null)
    {
        ArgumentNullException.ThrowIfNull(apply);
        await _saving.WaitAsync();
        try
        {
            var file = JobFile.Read(apply, id => definitions.IsPublished(id), await FollowsAsync(CancellationToken.None));
            if (file.Job is not { } job)
                throw new InvalidJobException(apply.FileName, file.Complaints);
            var row = await store.PutJobAsync(job.Name, JsonSerializer.Serialize(job, RestJson.Default.JobDocument), file.Scripts, expectedRevision)
                ?? throw new RefusedException(ProblemCodes.Conflict, expectedRevision == 0
                    ? $"There is a job '{job.Name}' already. Choose another name, or edit that one."
                    : $"The job '{job.Name}' is not saved: somebody else has changed or deleted it since revision {expectedRevision}. Load it again and make your change there.");
            Changed?.Invoke(job.Name);
            return new AppliedJob(job, row.Revision, file.Complaints);
        }
        finally
        {
            _saving.Release();
        }
    }

    /// <summary>What would be said of a job if it were applied now; nothing is written.</summary>
    public async Task<IReadOnlyList<Complaint>> CheckAsync(ApplyJob apply, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(apply);
        return JobFile.Read(apply, id => definitions.IsPublished(id), await FollowsAsync(ct)).Complaints;
    }

    /// <summary>All jobs by name, with what became of their last session and when they start next.</summary>
    public async Task<IReadOnlyList<JobSummary>> ListAsync(CancellationToken ct) => (await PageAsync(0, int.MaxValue, ct)).Items;

    /// <summary>A page of them, and how many there are in all: only those of the page are looked into.</summary>
    public async Task<(IReadOnlyList<JobSummary> Items, int Total)> PageAsync(int skip, int take, CancellationToken ct)
    {
        var rows = await store.JobsAsync(ct);
        var schedules = (await store.SchedulesAsync(ct)).ToDictionary(row => row.Job, StringComparer.Ordinal);
        var retries = (await store.PlannedStartsAsync(null, ct)).Where(row => row.Kind == SessionOrigins.Retry).ToDictionary(row => row.Job, row => row.DueAt, StringComparer.Ordinal);
        var list = new List<JobSummary>();
        foreach (var row in rows.Skip(skip).Take(take))
        {
            var job = Document(row);
            var last = (await store.SessionsAsync(row.Name, 0, 1, ct)) is [var latest, ..] ? latest : null;
            var result = Enum.TryParse<Result>(last?.Result, out var known) ? known : Result.None;
            var schedule = schedules.GetValueOrDefault(row.Name);
            // Just applied: what the scheduler is about to write down is worked out here.
            var next = schedule?.Revision == row.Revision ? schedule.NextAt : SchedulePreviews.Of(job, 1, time.GetUtcNow()).Starts.Cast<DateTimeOffset?>().FirstOrDefault();
            var retry = retries.TryGetValue(row.Name, out var due) ? due : (DateTimeOffset?)null;
            list.Add(new JobSummary(row.Name, job.Workflow, job.Machines.Count, Status(last, job), last?.Id, result, last?.EndedAt, row.Revision,
                retry is not null && !(next < retry) ? retry : next, retry is not null && !(next < retry), job.IsEnabled, ScheduleWords.Of(job.Schedule), schedule?.Note));
        }

        return (list, rows.Count);
    }

    /// <summary>A job as it was applied, with the hashes of its scripts.</summary>
    /// <exception cref="RefusedException">There is no such job.</exception>
    public async Task<JobDocument> GetAsync(string name, CancellationToken ct) => (await FindAsync(name, ct)).Job;

    /// <summary>The same with its revision.</summary>
    /// <exception cref="RefusedException">There is no such job.</exception>
    public async Task<(JobDocument Job, long Revision)> FindAsync(string name, CancellationToken ct) =>
        await store.JobAsync(name, ct) is { } row ? (Document(row), row.Revision) : throw Unknown(name);

    /// <summary>Lets a job start by itself again, or lets its schedule rest. Enabled again, it starts at its next time: what it missed is not made up for. Doing it twice is doing it once.</summary>
    /// <exception cref="RefusedException">There is no such job.</exception>
    public async Task SetEnabledAsync(string name, bool isEnabled, CancellationToken ct)
    {
        while (true)
        {
            var (job, revision) = await FindAsync(name, ct);
            if (job.IsEnabled == isEnabled) return;
            job = job with { IsEnabled = isEnabled };
            // Somebody may save it meanwhile: then once more, on what he saved.
            if (await store.PutJobAsync(name, JsonSerializer.Serialize(job, RestJson.Default.JobDocument), [], revision) is null) continue;
            Changed?.Invoke(name);
            return;
        }
    }

    /// <summary>Deletes a job. Its sessions and restore points stay.</summary>
    /// <exception cref="RefusedException">There is no such job, a session of it runs, or another job starts after it.</exception>
    public async Task DeleteAsync(string name, CancellationToken ct)
    {
        if (await store.RunningSessionAsync(name, ct) is { } running)
            throw new RefusedException(ProblemCodes.Conflict, $"The job '{name}' is not deleted because its session {running.Id} runs. Stop it first: quiesce job stop {name}");
        if (await SuccessorsAsync(name, ct) is [var follower, ..])
            throw new RefusedException(ProblemCodes.Conflict, $"The job '{name}' is not deleted because the job '{follower.Name}' starts after it and would never start again. Change or delete that one first.");
        if (!await store.DeleteJobAsync(name))
            throw Unknown(name);
        Changed?.Invoke(name);
    }

    /// <summary>The jobs that start after a job.</summary>
    public async Task<IReadOnlyList<JobDocument>> SuccessorsAsync(string name, CancellationToken ct) =>
        [.. (await store.JobsAsync(ct)).Select(Document).Where(job => JobChain.Predecessor(job) == name)];

    /// <summary>The script files that a job names, as they were taken over: name to content.</summary>
    /// <exception cref="RefusedException">There is no such job.</exception>
    public async Task<IReadOnlyDictionary<string, byte[]>> ScriptsAsync(string name, CancellationToken ct)
    {
        var job = await GetAsync(name, ct);
        var scripts = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var settings in job.Machines.Select(machine => machine.GuestProcessing).Prepend(job.GuestProcessing))
            foreach (var pair in new[] { settings?.Scripts?.Linux, settings?.Scripts?.Windows })
                foreach (var (file, hash) in new[] { (pair?.Pre, pair?.PreSha256), (pair?.Post, pair?.PostSha256) })
                    if (file is not null && hash is not null && await store.ScriptAsync(hash, ct) is { } script)
                        scripts[file] = script.Content;
        return scripts;
    }

    /// <summary>Every machine of every job, with the job's name; the same name in two jobs comes twice.</summary>
    public async Task<IReadOnlyList<(string Job, MachineEntry Machine)>> MachinesAsync(CancellationToken ct) =>
        [.. (await store.JobsAsync(ct)).SelectMany(row => Document(row).Machines.Select(machine => (row.Name, machine)))];

    public void Dispose() => _saving.Dispose();

    private async Task<IReadOnlyDictionary<string, string?>> FollowsAsync(CancellationToken ct) =>
        (await store.JobsAsync(ct)).ToDictionary(row => row.Name, row => JobChain.Predecessor(Document(row)), StringComparer.Ordinal);

    private static JobDocument Document(JobRow row) => JsonSerializer.Deserialize(row.Json, RestJson.Default.JobDocument)!;

    private static string Status(SessionRow? last, JobDocument job) => last switch
    {
        null or { EndedAt: not null } => job.IsEnabled ? "Inactive" : "Disabled",
        { IsCancelled: true } or { State: "Stopping" } => "Stopping",
        { State: "Starting" } => "Starting",
        _ => "Running",
    };

    private static RefusedException Unknown(string name) =>
        new(ProblemCodes.NotFound, $"There is no job '{name}'. `quiesce job list` shows those there are; `quiesce job apply FILE` adds one.");
}
