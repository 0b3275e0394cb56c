using Quiesce.Contracts.Rest;
using Quiesce.Storage;

namespace Quiesce.Jobs;

// Cancelling and deleting.
public sealed partial class Instances
{
    private const int Page = 500;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Cancels instances and those that they started, below those that have ended too. Durable when this returns; each ends in a burst of its own.
    /// How many of them had not ended; unknown ids are no error, and asking twice is asking once.</summary>
    public async Task<int> CancelAsync(IReadOnlyList<string> instanceIds, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(instanceIds);
        HashSet<string> seen = [.. instanceIds];
        Queue<string> parents = new(seen);
        while (parents.TryDequeue(out var parent))
            for (var page = 0; ; page++)
            {
                var (children, _) = await _store.ListInstancesAsync(new InstanceQuery { ParentId = parent, Page = page, PageSize = Page }, ct).ConfigureAwait(false);
                foreach (var child in children)
                    if (seen.Add(child.Id)) parents.Enqueue(child.Id);
                if (children.Count < Page) break;
            }

        List<string> open = [];
        foreach (var id in seen)
            if (await SummaryAsync(id, ct).ConfigureAwait(false) is { FinishedAt: null }) open.Add(id);
        var now = _time.GetUtcNow();
        await _store.AddStimuliAsync([.. open.Select(id => BurstStep.Cancel(id, "cancelled by user", now))]).ConfigureAwait(false);
        foreach (var id in open) _runner.Wake(id);
        return open.Count;
    }

    /// <summary>Cancels every instance that the query matches and that has not ended, with those that they started. How many had not ended.</summary>
    public async Task<int> CancelAllAsync(InstanceQuery query, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(query);
        List<string> ids = [];
        for (var page = 0; ; page++)
        {
            var (items, _) = await _store.ListInstancesAsync(query with { Page = page, PageSize = Page, Descending = false, OrderBy = InstanceOrder.Created, Statuses = ["Running"] }, ct).ConfigureAwait(false);
            ids.AddRange(items.Select(item => item.Id));
            if (items.Count < Page) return await CancelAsync(ids, ct).ConfigureAwait(false);
        }
    }

    /// <summary>Deletes instances with everything that belongs to them; one that has not ended is cancelled first, alone. How many were deleted; unknown ids are no error.</summary>
    /// <exception cref="RefusedException">One belongs to a session, whose history it is, or does not end.</exception>
    public async Task<int> DeleteAsync(IReadOnlyList<string> instanceIds, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(instanceIds);
        var deleted = 0;
        foreach (var id in instanceIds.Distinct(StringComparer.Ordinal))
        {
            if (await SummaryAsync(id, ct).ConfigureAwait(false) is not { } instance) continue;
            if (instance.SessionId is { } session)
                throw new RefusedException(ProblemCodes.Conflict, $"instance '{id}' belongs to session {session}, whose report needs it; delete the session once it has ended, and the instance goes with it");
            if (instance.FinishedAt is null) await EndAsync(id, ct).ConfigureAwait(false);
            if (await _store.DeleteInstanceAsync(id).ConfigureAwait(false)) deleted++;
            _executions.Forget(id);
        }

        return deleted;
    }

    private async Task EndAsync(string id, CancellationToken ct)
    {
        TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        void OnChanged(string instance)
        {
            if (instance == id) Volatile.Read(ref changed).TrySetResult();
        }

        Changed += OnChanged;
        try
        {
            using CancellationTokenSource patience = new(Patience, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
            await _store.AddStimuliAsync([BurstStep.Cancel(id, "deleted by user", _time.GetUtcNow())]).ConfigureAwait(false);
            _runner.Wake(id);
            while (await SummaryAsync(id, ct).ConfigureAwait(false) is { FinishedAt: null })
            {
                try
                {
                    await Volatile.Read(ref changed).Task.WaitAsync(either.Token).ConfigureAwait(false);
                }
                catch (OperationCanceledException) when (!ct.IsCancellationRequested)
                {
                    throw new RefusedException(ProblemCodes.Conflict, $"instance '{id}' is cancelled and has not ended yet; delete it again when the list shows it as finished");
                }

                // A sign between the look and this line only makes one more look.
                Volatile.Write(ref changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            }
        }
        finally
        {
            Changed -= OnChanged;
        }
    }
}
