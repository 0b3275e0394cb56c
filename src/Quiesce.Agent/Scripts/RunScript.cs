using System.Text.Json;
using Quiesce.Agent.Orphans;
using Quiesce.Agent.Serving;
using Quiesce.Contracts;
using Quiesce.Contracts.Bus;

namespace Quiesce.Agent.Scripts;

/// <summary>Runs one script (R4.9 to R4.19). A script that ran and failed answers with both a failure and its outcome.</summary>
internal static class RunScript
{
    public static RunScriptReply Run(Runtime runtime, Operation operation, RunScriptRequest request)
    {
        if (request.Phase is not ("pre" or "post"))
            throw new OperationException(FailureCodes.Protocol, $"'{request.Phase}' is no phase of a script; it is pre or post.");
        if (request.TimeoutSeconds <= 0 || request.NoOutputTimeoutSeconds < 0)
            throw new OperationException(FailureCodes.Protocol, $"A script needs a timeout above 0 s; {request.TimeoutSeconds} s was asked for.");
        if (runtime.Freeze.MountPoints.Count > 0)
            throw new OperationException(FailureCodes.Freeze, $"{string.Join(", ", runtime.Freeze.MountPoints)} is frozen, and no script is started meanwhile: it could hang in its first write. Thaw first.");
        var content = ScriptUpload.Check(request.Script);
        operation.Cancelled.ThrowIfCancellationRequested();
        var isPre = request.Phase == "pre";
        if (isPre && request.Entrusted is { } entrusted)
            EntrustedScriptFile.Store(runtime.Deployment.Folder, entrusted);

        var path = ScriptUpload.Write(runtime.Deployment.Scripts, request.Script.Name, content);
        var before = runtime.State.Current;
        var startedAt = runtime.Clock.GetUtcNow();
        try
        {
            // Durable before the start: from here on a crash counts the script as started (R4.19).
            runtime.State.Change(state => state with
            {
                PreStarted = state.PreStarted || isPre,
                PostStarted = !isPre || (state.PostStarted && !isPre),
                Scripts = [.. state.Scripts, new RunningScript(operation.Id, request.Phase, path, 0, 0)],
            });
            operation.Progress($"Starting {request.Phase} script {request.Script.Name}");
            var outcome = ScriptProcess.Run(path, Self.ScriptEnvironment(request.Environment ?? new Dictionary<string, string>()), TimeSpan.FromSeconds(request.TimeoutSeconds),
                TimeSpan.FromSeconds(request.NoOutputTimeoutSeconds), pid => runtime.State.Note(state => state with
                {
                    Scripts = [.. state.Scripts.Where(script => script.OperationId != operation.Id), new RunningScript(operation.Id, request.Phase, path, pid, ProcessTable.StartTicks(pid))],
                }), operation.Cancelled);
            if (!isPre)
                EntrustedScriptFile.Discharge(runtime.Deployment.Folder);
            var reply = Reply(request.Phase, outcome, startedAt, runtime.Clock.GetUtcNow(), byOrphanRule: false);
            runtime.State.Note(state => state with
            {
                Scripts = [.. state.Scripts.Where(script => script.OperationId != operation.Id)],
                PreScript = isPre ? OrphanRule.Shortened(reply) : state.PreScript,
                PostScript = isPre ? state.PostScript : OrphanRule.Shortened(reply),
            });
            return WhyFailed(request, outcome) is { } failure ? throw new OperationException(failure, JsonSerializer.SerializeToElement(reply, ContractsJson.Default.RunScriptReply)) : reply;
        }
        catch (NotStartedException notStarted)
        {
            // Nothing ran, so nothing is owed.
            runtime.State.Note(state => state with { PreStarted = before.PreStarted, PostStarted = before.PostStarted, Scripts = [.. state.Scripts.Where(script => script.OperationId != operation.Id)] });
            if (isPre && !before.PreStarted)
                EntrustedScriptFile.Discharge(runtime.Deployment.Folder);
            var now = runtime.Clock.GetUtcNow();
            var reply = new RunScriptReply(request.Phase, false, null, false, 0, "", "", startedAt, now, Environment.MachineName, Environment.UserName, false);
            throw new OperationException(new Failure(FailureCodes.Script, $"The {request.Phase} script {request.Script.Name} was not started on {Environment.MachineName}: {ScriptUpload.WhyNot(notStarted.Error, request.Script.Name, path, content)}"),
                JsonSerializer.SerializeToElement(reply, ContractsJson.Default.RunScriptReply));
        }
        finally
        {
            File.Delete(path);
        }
    }

    public static RunScriptReply Reply(string phase, ScriptOutcome outcome, DateTimeOffset startedAt, DateTimeOffset endedAt, bool byOrphanRule) =>
        new(phase, true, outcome.ExitCode, outcome.TimedOut, outcome.Duration.TotalMilliseconds, outcome.StdOut.ToString(), outcome.StdErr.ToString(), startedAt, endedAt,
            Environment.MachineName, Environment.UserName, byOrphanRule);

    private static Failure? WhyFailed(RunScriptRequest request, ScriptOutcome outcome)
    {
        var what = $"The {request.Phase} script {request.Script.Name} on {Environment.MachineName}";
        if (outcome.Cancelled)
            return new Failure(FailureCodes.Cancelled, $"{what} was ended on request after {outcome.Duration.TotalSeconds:0.0} s.");
        if (outcome.WasSilent)
            return new Failure(FailureCodes.Script, $"{what} wrote nothing for {request.NoOutputTimeoutSeconds} s and was ended. Raise its no-output timeout or let it report.");
        if (outcome.TimedOut)
            return new Failure(FailureCodes.Script, $"{what} did not end within {request.TimeoutSeconds} s and was ended with everything it had started. Raise its timeout or look at its output.");
        if (outcome.ExitCode != 0)
            return new Failure(FailureCodes.Script, $"{what} ended with exit code {outcome.ExitCode}. Its output tells why.");
        return request.StderrIsFailure && !outcome.StdErr.IsEmpty
            ? new Failure(FailureCodes.Script, $"{what} wrote to stderr, which this job counts as a failure (stderrIsFailure).") : null;
    }
}
