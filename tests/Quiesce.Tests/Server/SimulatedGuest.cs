using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using MassTransit;
using Quiesce.Contracts;
using Quiesce.Contracts.Bus;

namespace Quiesce.Tests.Server;

/// <summary>Guests that only pretend: every operation is answered at once and well, unless a test says otherwise.</summary>
internal sealed class SimulatedGuest
{
    private readonly ConcurrentDictionary<string, Failure> _failures = new();
    private readonly ConcurrentDictionary<string, bool> _silent = new();

    /// <summary>Every request, repeats included.</summary>
    public ConcurrentQueue<OperationRequest> Requests { get; } = new();

    /// <summary>Folders that were restored into.</summary>
    public ConcurrentQueue<string> Restored { get; } = new();

    /// <summary>Answer a verb with a failure from now on.</summary>
    public void Fail(string verb, string code, string message) => _failures[verb] = new Failure(code, message);

    /// <summary>Do not answer a verb for now, and what came meanwhile never.</summary>
    public void Hold(string verb) => _silent[verb] = true;

    public void Release(string verb) => _silent.TryRemove(verb, out _);

    public IReadOnlyList<OperationRequest> Of(string verb) => [.. Requests.Where(request => request.Verb == verb)];

    /// <summary>The answer; null where there is none.</summary>
    public OperationReply? Answer(OperationRequest request)
    {
        Requests.Enqueue(request);
        if (_silent.ContainsKey(request.Verb))
            return null;
        return _failures.TryGetValue(request.Verb, out var failure)
            ? new OperationReply(1, request.OperationId, request.InstanceId, request.Verb, failure, null)
            : new OperationReply(1, request.OperationId, request.InstanceId, request.Verb, null, Body(request));
    }

    private JsonElement Body(OperationRequest request)
    {
        var now = DateTimeOffset.UtcNow;
        var body = JsonNode.Parse(request.Body.GetRawText())!;
        switch (request.Verb)
        {
            case Verbs.PrepareGuest:
                return Json(new PrepareGuestReply("0.1.0", "linux-x64", "guest", "root", "local", 1, []), ContractsJson.Default.PrepareGuestReply);
            case Verbs.RunScript:
                return Json(new RunScriptReply((string)body["phase"]!, true, 0, false, 1, "ok", "", now, now, "guest", "root", false), ContractsJson.Default.RunScriptReply);
            case Verbs.FreezeGuest:
                return Json(new FreezeGuestReply(["/data"], 1), ContractsJson.Default.FreezeGuestReply);
            case Verbs.ThawGuest:
                return Json(new ThawGuestReply(1, 2, false), ContractsJson.Default.ThawGuestReply);
            case Verbs.TakeSnapshot:
                var id = (string)body["restorePointId"]!;
                return Json(new TakeSnapshotReply(id, $"/points/{id}", "reflink", 4096, new SnapshotLegs(1, 0, 2, 0, 2), [], false), ContractsJson.Default.TakeSnapshotReply);
            case Verbs.DeleteSnapshot:
                return Json(new DeleteSnapshotReply(true), ContractsJson.Default.DeleteSnapshotReply);
            case Verbs.RestoreSnapshot:
                var target = (string)body["target"]!;
                Restored.Enqueue(target);
                return Json(new RestoreSnapshotReply(target, "copy", 4096, 5), ContractsJson.Default.RestoreSnapshotReply);
            case Verbs.TestMachine:
                return Json(new TestMachineReply("linux-x64", "guest", "root", [], 3), ContractsJson.Default.TestMachineReply);
            case Verbs.CancelOperation:
                return Json(new CancelOperationReply(false), ContractsJson.Default.CancelOperationReply);
            default:
                return Json(new ReleaseGuestReply(true, null), ContractsJson.Default.ReleaseGuestReply);
        }
    }

    private static JsonElement Json<T>(T value, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) => JsonSerializer.SerializeToElement(value, type);
}

/// <summary>The guest's end of the bus.</summary>
internal sealed class SimulatedGuestConsumer(SimulatedGuest guest, IBus bus) : IConsumer<OperationRequest>
{
    public async Task Consume(ConsumeContext<OperationRequest> context)
    {
        if (guest.Answer(context.Message) is { } reply)
            await bus.Publish(reply, context.CancellationToken);
    }
}
