using System.ComponentModel;
using System.Text.Json;
using Quiesce.Contracts;
using Quiesce.Contracts.Bus;
using Quiesce.Proxy.Deploy;

namespace Quiesce.Proxy.Snapshots.Command;

/// <summary>The user's own create, delete and restore programs, run where the proxy is. The contract is in the README of this folder.</summary>
internal sealed class CommandSnapshots(GuestSessions sessions) : ISnapshotProvider
{
    public async Task<Answer> CreateAsync(Operation operation, TakeSnapshotRequest request, CancellationToken stopping)
    {
        var machine = operation.Request.Guest.Machine;
        if (operation.Request.Attempt > 1)
        {
            // The process that ran the program is gone, and a point made now would not be of the quiesced state. What it left is ended: the freeze first, then the program, so that the deletion deletes for good.
            await GuestFreeze.EndLeftAsync(sessions, operation, request);
            await LeftPrograms.EndAsync(request.RestorePointId, sessions.Time, stopping);
            throw new GuestFailureException(FailureCodes.Snapshot, $"The program that created restore point {request.RestorePointId} of {machine} was under way when its proxy ended, so how it went is unknown. Delete that point and start the machine's task again.", mayHaveStarted: true, leftBehind: request.RestorePointId);
        }

        var begun = sessions.Time.GetTimestamp();
        await using var freeze = await GuestFreeze.BeginAsync(sessions, operation, request, stopping);
        var prepared = sessions.Time.GetElapsedTime(begun).TotalMilliseconds - freeze.FreezeMs;
        var started = sessions.Time.GetTimestamp();
        var end = await RunAsync(operation, request.Provider, request.Provider.Create, "create", Variables(operation, request.RestorePointId, request.SourcePath, request.Provider.Target, null), stopping);
        var snapshotMs = sessions.Time.GetElapsedTime(started).TotalMilliseconds;
        await freeze.EndAsync();

        var (location, bytes) = Location(end.Output)
            ?? throw new GuestFailureException(FailureCodes.Snapshot, $"The create program for {machine} ended well and printed no location. It must print one as its last line; see the README of the command provider.", mayHaveStarted: true, leftBehind: request.RestorePointId);
        var legs = new SnapshotLegs(Math.Max(0, prepared), freeze.FreezeMs, snapshotMs, freeze.ThawMs, freeze.FileSystems.Count == 0 ? snapshotMs : freeze.FrozenMs);
        return Answer.Of(new TakeSnapshotReply(request.RestorePointId, location, "command", bytes, legs, freeze.FileSystems, freeze.ThawedByTimer), ContractsJson.Default.TakeSnapshotReply);
    }

    public async Task<Answer> DeleteAsync(Operation operation, DeleteSnapshotRequest request, CancellationToken stopping)
    {
        await LeftPrograms.EndAsync(request.RestorePointId, sessions.Time, stopping);
        await RunAsync(operation, request.Provider, request.Provider.Delete, "delete", Variables(operation, request.RestorePointId, request.SourcePath, request.Provider.Target, request.Location), stopping);
        return Answer.Of(new DeleteSnapshotReply(true), ContractsJson.Default.DeleteSnapshotReply);
    }

    public async Task<Answer> RestoreAsync(Operation operation, RestoreSnapshotRequest request, CancellationToken stopping)
    {
        var begun = sessions.Time.GetTimestamp();
        await RunAsync(operation, request.Provider, request.Provider.Restore, "restore", Variables(operation, request.RestorePointId, request.SourcePath, request.Target, request.Location), stopping);
        return Answer.Of(new RestoreSnapshotReply(request.Target, "command", null, sessions.Time.GetElapsedTime(begun).TotalMilliseconds), ContractsJson.Default.RestoreSnapshotReply);
    }

    // There is no program to ask: a point whose creation answered is there until it is deleted.
    public Task<Answer> DescribeAsync(Operation operation, DescribeSnapshotRequest request, CancellationToken stopping) =>
        Task.FromResult(Answer.Of(new DescribeSnapshotReply(request.Location is not null, request.Location is not null, request.Location, "command", null), ContractsJson.Default.DescribeSnapshotReply));

    private static Dictionary<string, string> Variables(Operation operation, string restorePoint, string source, string? target, string? location) => new()
    {
        [LeftPrograms.RestorePoint] = restorePoint,
        ["QUIESCE_SOURCE_PATH"] = source,
        ["QUIESCE_MACHINE"] = operation.Request.Guest.Machine,
        ["QUIESCE_TARGET"] = target ?? "",
        ["QUIESCE_LOCATION"] = location ?? "",
    };

    private async Task<UserProgramEnd> RunAsync(Operation operation, ProviderSettings settings, IReadOnlyList<string>? command, string what, Dictionary<string, string> variables, CancellationToken stopping)
    {
        var machine = operation.Request.Guest.Machine;
        if (command is not [{ Length: > 0 } program, ..])
            throw new GuestFailureException(FailureCodes.Snapshot, $"The command provider of {machine} has no {what} program. Name one in the job's \"snapshot\".");
        operation.Report("info", $"Running {program} to {what} restore point {variables[LeftPrograms.RestorePoint]}");
        UserProgramEnd end;
        try
        {
            variables[LeftPrograms.Action] = what;
            end = await UserProgram.RunAsync(command, variables, TimeSpan.FromSeconds(settings.TimeoutSeconds), sessions.Time, stopping);
        }
        catch (Win32Exception e)
        {
            throw new GuestFailureException(FailureCodes.Snapshot, $"The {what} program {program} for {machine} could not be started: {e.Message}.");
        }
        var halfMade = what == "create" ? variables[LeftPrograms.RestorePoint] : null;
        if (end.TimedOut)
            throw new GuestFailureException(FailureCodes.Snapshot, $"The {what} program {program} for {machine} did not end within {settings.TimeoutSeconds} s and was killed with all that it started. See what it waits for, or raise the provider's timeout.", mayHaveStarted: true, leftBehind: halfMade);
        if (end.ExitCode != 0)
            throw new GuestFailureException(FailureCodes.Snapshot, $"The {what} program {program} for {machine} failed with exit code {end.ExitCode}: {StartFailure.LastLine(end.Errors.Length == 0 ? end.Output : end.Errors)}.", mayHaveStarted: true, leftBehind: halfMade);
        return end;
    }

    /// <summary>The last line that is not empty: a location, or JSON with <c>location</c> and perhaps <c>bytes</c>.</summary>
    private static (string Location, long? Bytes)? Location(string output)
    {
        var last = output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).LastOrDefault();
        if (last is null || !last.StartsWith('{'))
            return last is null ? null : (last, null);
        try
        {
            using var document = JsonDocument.Parse(last);
            var bytes = document.RootElement.TryGetProperty("bytes", out var number) && number.ValueKind == JsonValueKind.Number && number.TryGetInt64(out var value) ? value : (long?)null;
            return document.RootElement.TryGetProperty("location", out var location) && location.ValueKind == JsonValueKind.String && location.GetString() is { Length: > 0 } text ? (text, bytes) : null;
        }
        catch (JsonException)
        {
            return (last, null);
        }
    }
}
