using System.Text.Json;
using Quiesce.Contracts.Rest;
using Quiesce.Storage;

namespace Quiesce.Jobs.Schedules;

/// <summary>A session with all its retries: one run of a job (§5.1).</summary>
/// <param name="Failed">The machines whose last result in it is a failure, in the order of the job (R5.5).</param>
internal sealed record SessionFamily(SessionRow Original, SessionRow Last, IReadOnlyList<string> Failed)
{
    /// <summary>Reads the family of a session.</summary>
    public static async Task<SessionFamily> ReadAsync(Store store, SessionRow member, CancellationToken cancellationToken)
    {
        var sessions = await store.SessionWithRetriesAsync(member.OriginalSessionId ?? member.Id, cancellationToken).ConfigureAwait(false);
        // The original may have been deleted: then the oldest that is left stands for it.
        if (sessions.Count == 0) sessions = [member];
        var original = sessions[0];
        var machines = MachinesOf(original);
        var well = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var session in sessions)
        {
            // A machine that was not started has no task: it failed too.
            foreach (var machine in MachinesOf(session)) well[machine] = false;
            foreach (var task in await store.TasksAsync(session.Id, cancellationToken).ConfigureAwait(false)) well[task.Machine] = task.Result is nameof(Result.Success) or nameof(Result.Warning);
        }

        return new SessionFamily(original, sessions[^1], [.. machines.Where(machine => !well.GetValueOrDefault(machine))]);
    }

    private static IEnumerable<string> MachinesOf(SessionRow session) => JsonSerializer.Deserialize(session.JobJson, RestJson.Default.JobDocument)!.Machines.Select(machine => machine.Name);
}
