using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Quiesce.Contracts.Bus;
using Quiesce.Proxy.Snapshots;

namespace Quiesce.Proxy;

/// <summary>
/// Carries operations to guests and brings their replies back. Each is done once per operation id; the table of replies is in memory, and after a crash of
/// this process it is the runtime's own journal in the guest, or the record that it left, that answers a repeat.
/// </summary>
public sealed class GuestOperations : IAsyncDisposable
{
    private const int MostRemembered = 4096;

    // By how much a cancel may be ahead of what it cancels.
    private static readonly TimeSpan Overtaking = TimeSpan.FromSeconds(2);

    // Doing these again is always right, so one that failed is tried again when it is repeated.
    private static readonly string[] Harmless = [Verbs.PrepareGuest, Verbs.ThawGuest, Verbs.ReleaseGuest, Verbs.DeleteSnapshot, Verbs.DescribeSnapshot, Verbs.TestMachine, Verbs.CancelOperation];


    private readonly ConcurrentDictionary<string, Entry> operations = new();
    private readonly CancellationTokenSource closing = new();
    private readonly SemaphoreSlim places;
    private int waiting;
    private readonly GuestSessions sessions;
    private readonly SnapshotProviders providers;
    private readonly Action<string>? checkpoint;
    private readonly TimeProvider time;
    private readonly ILogger<GuestOperations> log;

    /// <summary>Makes the table; nothing is connected before the first operation.</summary>
    public GuestOperations(ProxyOptions options, TimeProvider time, ILogger<GuestOperations> log)
    {
        ArgumentNullException.ThrowIfNull(options);
        (this.time, this.log, checkpoint) = (time, log, options.Checkpoint);
        places = new SemaphoreSlim(Math.Max(1, options.MaxConcurrentTasks));
        sessions = new GuestSessions(options, time, log);
        providers = new SnapshotProviders(sessions);
    }

    /// <summary>
    /// Does the operation, or joins or repeats what an earlier call with the same id did. A guest's trouble is never thrown: it is a failure with a code of
    /// <see cref="FailureCodes"/>. A failure is forgotten, so that a repeat tries again, where it surely did nothing and may pass, or where doing the same again is always right.
    /// </summary>
    /// <param name="progress">Called from any thread, for signs of life of this operation.</param>
    /// <param name="stopping">Ends the waiting, not the operation: that ends with <see cref="DisposeAsync"/>, and in the guest not even then.</param>
    /// <exception cref="OperationCanceledException">The waiting was ended, or this process stops. Whoever asks again later gets the reply.</exception>
    public async Task<OperationReply> HandleAsync(OperationRequest request, Action<OperationProgress> progress, CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(request);
        var entry = operations.GetOrAdd(request.OperationId, _ => new Entry(this, request, progress));
        var reply = await entry.Reply.Value.WaitAsync(stopping);
        if (entry.Repeatable)
            operations.TryRemove(KeyValuePair.Create(request.OperationId, entry));
        else if (operations.Count > MostRemembered)
            Forget();
        return reply;
    }

    /// <summary>Operations that are not answered yet, those that wait for a place included.</summary>
    public int InHand => operations.Values.Count(entry => entry.Reply is { IsValueCreated: false } or { Value.IsCompleted: false });

    /// <summary>Operations that wait for a place.</summary>
    public int Waiting => Volatile.Read(ref waiting);

    /// <summary>Closes every link without a goodbye: runtimes go on with what they have in hand, and whoever comes next finds them.</summary>
    public async ValueTask DisposeAsync()
    {
        if (closing.IsCancellationRequested)
            return;
        await closing.CancelAsync();
        await sessions.DisposeAsync();
    }

    private async Task<OperationReply> WorkAsync(Entry entry)
    {
        // The caller's thread is not the operation's.
        await Task.Yield();
        var operation = entry.Operation;
        var request = operation.Request;
        checkpoint?.Invoke($"before operation {request.OperationId}");
        var answer = await AnswerAsync(operation);
        checkpoint?.Invoke($"after operation {request.OperationId}");
        entry.EndedAt = time.GetUtcNow();
        operation.Cancel.Dispose();
        if (answer.Failure is { } failure)
        {
            log.LogWarning("{Verb} {OperationId} for {Machine} failed: {Code} {Message}", request.Verb, request.OperationId, request.Guest.Machine, failure.Code, failure.Message);
            entry.Repeatable = failure is { Retryable: true, MayHaveStarted: false } || Harmless.Contains(request.Verb);
        }
        return new OperationReply(1, request.OperationId, request.InstanceId, request.Verb, answer.Failure, answer.Body);
    }

    private async Task<Answer> AnswerAsync(Operation operation)
    {
        var request = operation.Request;
        var stopping = operation.Cancel.Token;
        // Once a machine's application is held, nothing of that machine waits behind another machine's work; and a cancel is for what holds a place.
        var needsPlace = request.Verb switch
        {
            Verbs.FreezeGuest or Verbs.ThawGuest or Verbs.TakeSnapshot or Verbs.ReleaseGuest or Verbs.CancelOperation => false,
            Verbs.RunScript => request.Body.ValueKind == JsonValueKind.Object && request.Body.TryGetProperty("phase", out var phase) && phase.ValueKind == JsonValueKind.String && phase.ValueEquals("pre"),
            _ => true,
        };
        var held = false;
        try
        {
            if (needsPlace)
            {
                Interlocked.Increment(ref waiting);
                try
                {
                    await places.WaitAsync(stopping);
                    held = true;
                }
                finally
                {
                    Interlocked.Decrement(ref waiting);
                }
            }
            return await CarryOutAsync(operation, stopping);
        }
        catch (GuestFailureException e)
        {
            return new Answer(null, e.Failure);
        }
        catch (OperationCanceledException) when (!closing.IsCancellationRequested)
        {
            return new Answer(null, new Failure(FailureCodes.Cancelled, $"{request.Verb} for {request.Guest.Machine} was ended on request.", MayHaveStarted: operation.Sent));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            if (closing.IsCancellationRequested)
                throw new OperationCanceledException("The proxy stops.", e, closing.Token);
            // A fault of ours must reach whoever waits as a reply: a session that hears nothing waits for ever.
            log.LogError(e, "{Verb} {OperationId} for {Machine} hit a fault of the proxy", request.Verb, request.OperationId, request.Guest.Machine);
            return new Answer(null, new Failure(FailureCodes.Protocol, $"The proxy failed at {request.Verb} for {request.Guest.Machine}: {e.Message} This is a fault of Quiesce; its log has the details.", MayHaveStarted: operation.Sent));
        }
        finally
        {
            if (held)
                places.Release();
        }
    }

    private Task<Answer> CarryOutAsync(Operation operation, CancellationToken stopping) => operation.Request.Verb switch
    {
        Verbs.PrepareGuest => PrepareGuest.HandleAsync(sessions, operation, stopping),
        Verbs.RunScript => RunScript.HandleAsync(sessions, operation, stopping),
        Verbs.FreezeGuest => FreezeGuest.HandleAsync(sessions, operation, stopping),
        Verbs.ThawGuest => ThawGuest.HandleAsync(sessions, operation, stopping),
        Verbs.TakeSnapshot => TakeSnapshot.HandleAsync(providers, operation, stopping),
        Verbs.DeleteSnapshot => DeleteSnapshot.HandleAsync(providers, operation, stopping),
        Verbs.RestoreSnapshot => RestoreSnapshot.HandleAsync(providers, operation, stopping),
        Verbs.DescribeSnapshot => DescribeSnapshot.HandleAsync(providers, operation, stopping),
        Verbs.ReleaseGuest => ReleaseGuest.HandleAsync(sessions, operation, stopping),
        Verbs.TestMachine => TestMachine.HandleAsync(sessions, operation, stopping),
        Verbs.CancelOperation => CancelAsync(operation, stopping),
        _ => throw new GuestFailureException(FailureCodes.Protocol, $"This proxy does not know the verb '{operation.Request.Verb}'. It knows {string.Join(", ", Verbs.All)}."),
    };

    private async Task<Answer> CancelAsync(Operation operation, CancellationToken stopping)
    {
        var target = operation.Body(Contracts.ContractsJson.Default.CancelOperationRequest).TargetOperationId;
        var begun = time.GetTimestamp();
        for (var turn = 1; ; turn++)
        {
            var known = operations.TryGetValue(target, out var entry);
            if (known && entry!.EndedAt is not null)
                return CancelOperation.Found(false);
            var found = await CancelOperation.EndAsync(sessions, operation, turn, known ? entry!.Operation : null, stopping);
            // What is under way here may not have reached the runtime yet; and after a crash of the server an operation and its cancel are sent again together, and the cancel may come first.
            if (found || (operation.Request.Attempt == 1 && !known) || time.GetElapsedTime(begun) > Overtaking)
                return CancelOperation.Found(found);
            await Task.Delay(TimeSpan.FromMilliseconds(100), time, stopping);
        }
    }

    /// <summary>Keeps the younger half of the replies; a repeat of an older one is answered by the runtime's own journal.</summary>
    private void Forget()
    {
        foreach (var (id, entry) in operations.Where(o => o.Value.EndedAt is not null).OrderBy(o => o.Value.EndedAt).Take(MostRemembered / 2).ToList())
            operations.TryRemove(KeyValuePair.Create(id, entry));
    }

    private sealed class Entry
    {
        public Entry(GuestOperations owner, OperationRequest request, Action<OperationProgress> progress)
        {
            Operation = new Operation(request, progress, owner.time, CancellationTokenSource.CreateLinkedTokenSource(owner.closing.Token));
            Reply = new Lazy<Task<OperationReply>>(() => owner.WorkAsync(this));
        }

        public Operation Operation { get; }

        public Lazy<Task<OperationReply>> Reply { get; }

        public DateTimeOffset? EndedAt { get; set; }

        /// <summary>It failed and a repeat is to try again.</summary>
        public bool Repeatable { get; set; }
    }
}
