using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Quiesce.Contracts;
using Quiesce.Contracts.Bus;
using Quiesce.Jobs;
using Quiesce.Storage;

namespace Quiesce.Tests.Jobs;

/// <summary>The edge as a table of answers: every operation is done once per id and its reply stored, as real guests do. What happened to each machine is counted.</summary>
public sealed class SimulatedGuests
{
    private readonly ConcurrentDictionary<string, Lazy<OperationReply>> _done = new(StringComparer.Ordinal);

    /// <summary>Every operation carried out, in order: verb and phase.</summary>
    public ConcurrentQueue<(string Machine, string Step, string OperationId)> Carried { get; } = new();

    /// <summary>Answers instead of the default, by verb and phase (<c>RunScript:pre</c>).</summary>
    public ConcurrentDictionary<string, Func<OperationRequest, (Failure? Failure, JsonNode? Body)>> Answers { get; } = new(StringComparer.Ordinal);

    /// <summary>The steps that a machine saw.</summary>
    public IReadOnlyList<string> Steps(string machine) => [.. Carried.Where(one => one.Machine == machine).Select(one => one.Step)];

    /// <summary>Carries a request out, once per operation id.</summary>
    public OperationReply Carry(OperationRequest request) => _done.GetOrAdd(request.OperationId, _ => new Lazy<OperationReply>(() => Once(request))).Value;

    private OperationReply Once(OperationRequest request)
    {
        var phase = request.Verb == Verbs.RunScript ? request.Body.GetProperty("phase").GetString() : null;
        var step = phase is null ? request.Verb : $"{request.Verb}:{phase}";
        Carried.Enqueue((request.Guest.Machine, step, request.OperationId));
        var (failure, body) = Answers.TryGetValue(step, out var answer) ? answer(request) : (null, Default(request, phase));
        return new OperationReply(1, request.OperationId, request.InstanceId, request.Verb, failure, body is null ? null : JsonSerializer.SerializeToElement(body));
    }

    /// <summary>What a healthy guest answers.</summary>
    public static JsonNode Default(OperationRequest request, string? phase) => request.Verb switch
    {
        Verbs.PrepareGuest => Node(new PrepareGuestReply("1.0", "linux-x64", "guest", "root", "local", 1.5, []), ContractsJson.Default.PrepareGuestReply),
        Verbs.RunScript => Script(phase!, 0),
        Verbs.TakeSnapshot => Node(new TakeSnapshotReply(request.Body.GetProperty("restorePointId").GetString()!, "/points/" + request.Body.GetProperty("restorePointId").GetString(), "reflink", 10,
            new SnapshotLegs(1, 0, 2, 0, 2), [], false), ContractsJson.Default.TakeSnapshotReply),
        Verbs.DeleteSnapshot => Node(new DeleteSnapshotReply(true), ContractsJson.Default.DeleteSnapshotReply),
        Verbs.ReleaseGuest => Node(new ReleaseGuestReply(true, null), ContractsJson.Default.ReleaseGuestReply),
        Verbs.CancelOperation => Node(new CancelOperationReply(true), ContractsJson.Default.CancelOperationReply),
        _ => new JsonObject(),
    };

    /// <summary>A script that ran and ended.</summary>
    public static JsonNode Script(string phase, int exitCode) =>
        Node(new RunScriptReply(phase, true, exitCode, false, 12, "", "", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddMilliseconds(12), "guest", "root", false), ContractsJson.Default.RunScriptReply);

    private static JsonNode Node<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.SerializeToNode(value, type)!;
}

/// <summary>Carries what the runner sends to the simulated guests and puts the replies back as stimuli, as pump and consumer do over the bus.</summary>
public sealed class SimulatedLink(Store store, SessionRunner runner, SimulatedGuests guests)
{
    /// <summary>Held operations are neither carried out nor answered until the test lets them go.</summary>
    public ConcurrentDictionary<string, TaskCompletionSource> Held { get; } = new(StringComparer.Ordinal);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var row in runner.Outgoing.ReadAllAsync(cancellationToken)) _ = DeliverAsync(row, 1, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The test is over.
        }
    }

    public async Task DeliverAsync(OutboxRow row, int attempt, CancellationToken cancellationToken)
    {
        if (row.Kind != Requests.OperationKind) return;
        var request = await Requests.MessageAsync(row, store, attempt, cancellationToken);
        foreach (var (key, gate) in Held)
            if (row.Id.Contains(key, StringComparison.Ordinal)) await gate.Task.WaitAsync(cancellationToken);
        await AnswerAsync(guests.Carry(request));
    }

    public async Task AnswerAsync(OperationReply reply)
    {
        await store.AddStimuliAsync([Replies.Stimulus(reply, DateTimeOffset.UtcNow)]);
        runner.Wake(reply.InstanceId);
    }
}
