using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Quiesce.Agent.Freezing;
using Quiesce.Agent.Scripts;
using Quiesce.Agent.Snapshots;
using Quiesce.Contracts;
using Quiesce.Contracts.Bus;
using Quiesce.Contracts.Channel;

namespace Quiesce.Agent.Serving;

/// <summary>From a verb to the file that carries it out, and from however that ends to the one stored reply.</summary>
internal static class Dispatch
{
    /// <summary>The verbs that a runtime serves.</summary>
    public static readonly string[] Known =
    [
        Verbs.RunScript, Verbs.FreezeGuest, Verbs.ThawGuest, Verbs.TakeSnapshot, Verbs.DeleteSnapshot, Verbs.RestoreSnapshot, Verbs.DescribeSnapshot, Verbs.ReleaseGuest, Verbs.CancelOperation,
    ];

    public static void CarryOut(Runtime runtime, Operation operation, JsonElement? body)
    {
        // Before anything is done: after a crash this operation counts as started.
        Note(runtime, operation, "running");
        var reply = new ChannelMessage { Type = "reply", Id = operation.Id, Verb = operation.Verb };
        try
        {
            reply = reply with { Body = Run(runtime, operation, body ?? default) };
        }
        catch (OperationException failed)
        {
            reply = reply with { Failure = failed.Failure, Body = failed.Body };
        }
        catch (OperationCanceledException)
        {
            reply = reply with { Failure = new Failure(FailureCodes.Cancelled, $"{operation.Verb} was ended on request.") };
        }
        catch (Exception wrong)
        {
            // Whatever a body made us stumble over, the runtime goes on: it may hold a freeze or a post script that somebody depends on.
            runtime.Log.Write($"{operation.Verb} {operation.Id}: {wrong}");
            var code = wrong is JsonException or NullReferenceException or ArgumentException or FormatException ? FailureCodes.Protocol : CodeOf(operation.Verb);
            reply = reply with { Failure = new Failure(code, $"{operation.Verb} failed on {Environment.MachineName}: {wrong.Message}") };
        }
        Note(runtime, operation, "finished");
        operation.End(reply);
        runtime.Tell(reply);
        if (operation.Verb == Verbs.ReleaseGuest)
            runtime.Released();
    }

    private static JsonElement Run(Runtime runtime, Operation operation, JsonElement body)
    {
        var json = ContractsJson.Default;
        return operation.Verb switch
        {
            Verbs.RunScript => Write(RunScript.Run(runtime, operation, Read(body, json.RunScriptRequest)), json.RunScriptReply),
            Verbs.FreezeGuest => Write(FreezeGuest.Run(runtime, operation, Read(body, json.FreezeGuestRequest)), json.FreezeGuestReply),
            Verbs.ThawGuest => Write(ThawGuest.Run(runtime), json.ThawGuestReply),
            Verbs.TakeSnapshot => Write(TakeSnapshot.Run(runtime, operation, Read(body, json.TakeSnapshotRequest)), json.TakeSnapshotReply),
            Verbs.DeleteSnapshot => Write(DeleteSnapshot.Run(runtime, Read(body, json.DeleteSnapshotRequest)), json.DeleteSnapshotReply),
            Verbs.RestoreSnapshot => Write(RestoreSnapshot.Run(runtime, operation, Read(body, json.RestoreSnapshotRequest)), json.RestoreSnapshotReply),
            Verbs.DescribeSnapshot => Write(DescribeSnapshot.Run(Read(body, json.DescribeSnapshotRequest)), json.DescribeSnapshotReply),
            Verbs.CancelOperation => Write(CancelOperation.Run(runtime, Read(body, json.CancelOperationRequest)), json.CancelOperationReply),
            _ => Write(ReleaseGuest.Run(runtime), json.ReleaseGuestReply),
        };
    }

    private static T Read<T>(JsonElement body, JsonTypeInfo<T> type) where T : class =>
        body.ValueKind == JsonValueKind.Object ? body.Deserialize(type)! : throw new JsonException($"The body of {typeof(T).Name} is missing or is no object.");

    private static JsonElement Write<T>(T reply, JsonTypeInfo<T> type) => JsonSerializer.SerializeToElement(reply, type);

    private static string CodeOf(string verb) => verb switch
    {
        Verbs.RunScript => FailureCodes.Script,
        Verbs.FreezeGuest or Verbs.ThawGuest => FailureCodes.Freeze,
        Verbs.ReleaseGuest => FailureCodes.Leftover,
        Verbs.CancelOperation => FailureCodes.Protocol,
        _ => FailureCodes.Snapshot,
    };

    private static void Note(Runtime runtime, Operation operation, string status)
    {
        if (operation.Verb is Verbs.DescribeSnapshot or Verbs.CancelOperation or Verbs.ReleaseGuest)
            return;
        runtime.State.Note(state => state with { Operations = new(state.Operations) { [operation.Id] = status } });
    }
}
