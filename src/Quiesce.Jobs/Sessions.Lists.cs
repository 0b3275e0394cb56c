using System.Collections.Concurrent;
using System.Text.Json;
using Quiesce.Contracts.Rest;
using Quiesce.Storage;

namespace Quiesce.Jobs;

/// <summary>One page of sessions, and how many match in all.</summary>
public sealed record SessionList(IReadOnlyList<SessionSummary> Items, int Total);

public sealed partial class Sessions
{
    private const int MostSummaries = 5_000;
    // An ended session does not change any more: a list is not read again for every change of the one that runs.
    private readonly ConcurrentDictionary<string, SessionSummary> _summaries = new(StringComparer.Ordinal);

    /// <summary>A page of sessions: those under way first, then the newest.</summary>
    /// <param name="page">From 0.</param>
    public async Task<SessionList> QueryAsync(SessionFilter filter, int page, int pageSize, CancellationToken cancellationToken)
    {
        var keys = await store.SessionKeysAsync(filter, page * pageSize, pageSize, cancellationToken).ConfigureAwait(false);
        List<SessionSummary> items = new(keys.Items.Count);
        foreach (var key in keys.Items)
            if (key.EndedAt is not null && _summaries.TryGetValue(key.Id, out var known))
                items.Add(known);
            else if (await store.SessionAsync(key.Id, cancellationToken).ConfigureAwait(false) is { } row)
                items.Add(await SummaryAsync(row, cancellationToken).ConfigureAwait(false));
        return new SessionList(items, keys.Total);
    }

    /// <summary>One session as lists show it.</summary>
    /// <exception cref="RefusedException">No such session.</exception>
    public async Task<SessionSummary> SummaryAsync(string sessionId, CancellationToken cancellationToken) =>
        _summaries.TryGetValue(sessionId, out var known) ? known : await SummaryAsync(await SessionAsync(sessionId, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

    /// <summary>The sessions of the same job right before and right after this one; null where there is none.</summary>
    public Task<(string? Previous, string? Next)> NeighboursAsync(string sessionId, CancellationToken cancellationToken) => store.SessionNeighboursAsync(sessionId, cancellationToken);

    private async Task<SessionSummary> SummaryAsync(SessionRow row, CancellationToken cancellationToken)
    {
        var tasks = await store.TasksAsync(row.Id, cancellationToken).ConfigureAwait(false);
        var machines = JsonSerializer.Deserialize(row.JobJson, RestJson.Default.JobDocument)?.Machines.Count ?? 0;
        int Count(Result result) => tasks.Count(task => task.Result == result.ToString());
        var summary = new SessionSummary(row.Id, row.Job, row.State, Enum.TryParse<Result>(row.Result, out var result) ? result : Result.None, row.Message, row.IsCancelled, row.InitiatedBy,
            row.StartedAt, row.EndedAt, machines, Count(Result.Success), Count(Result.Warning), Count(Result.Failed), row.RetryNumber, row.OriginalSessionId);
        if (row.EndedAt is null) return summary;
        if (_summaries.Count > MostSummaries) _summaries.Clear();
        return _summaries[row.Id] = summary;
    }
}
