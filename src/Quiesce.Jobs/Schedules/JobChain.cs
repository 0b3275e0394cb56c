using Quiesce.Contracts.Rest;

namespace Quiesce.Jobs.Schedules;

/// <summary>Which job starts after which (R5.17–R5.20).</summary>
public static class JobChain
{
    /// <summary>The job that a job follows; null where it follows none.</summary>
    public static string? Predecessor(JobDocument job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return job.Schedule is { Kind: ScheduleKind.AfterJob, AfterJob: { } name } ? name : null;
    }

    /// <summary>The way round from a job back to itself if it followed <paramref name="predecessor"/>, such as <c>a → b → a</c>; null where there is none (R5.20).</summary>
    /// <param name="follows">Each job that there is, with the one it follows or null.</param>
    public static string? Cycle(string job, string predecessor, IReadOnlyDictionary<string, string?> follows)
    {
        ArgumentNullException.ThrowIfNull(follows);
        List<string> way = [job];
        for (string? at = predecessor; at is not null && way.Count <= follows.Count + 2; at = follows.GetValueOrDefault(at))
        {
            way.Add(at);
            if (at == job) return string.Join(" after ", way);
        }

        return null;
    }
}
