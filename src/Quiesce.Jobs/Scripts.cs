using Quiesce.Contracts.Bus;
using Quiesce.Contracts.Rest;

namespace Quiesce.Jobs;

/// <summary>The scripts of a task as requests. They travel through instance state and outbox by hash only; their bytes are added when a request is sent.</summary>
internal static class Scripts
{
    /// <summary>The request of a phase, or null where the job has no script for it.</summary>
    public static RunScriptRequest? Request(SessionHost host, string phase, int attempt)
    {
        var machine = host.Machine;
        if (machine.Scripts is not { } pair || machine.GuestProcessing.Scripts is not { } settings || File(pair, phase) is not { } file) return null;
        var entrusted = phase == "pre" && File(pair, "post") is { } post
            ? new EntrustedScript(post, settings.TimeoutSeconds, Environment(host, "post", 1))
            : null;
        return new RunScriptRequest(phase, file, settings.TimeoutSeconds, settings.NoOutputTimeoutSeconds, settings.StderrIsFailure, Environment(host, phase, attempt), entrusted);
    }

    /// <summary>The longest a script's reply may take: its timeout, the time to kill it (R4.14), and the link's own attempts.</summary>
    public static TimeSpan Patience(SessionHost host) => TimeSpan.FromSeconds((host.Machine.GuestProcessing.Scripts?.TimeoutSeconds ?? 600) + 300);

    private static ScriptFile? File(ScriptPair pair, string phase) => phase == "pre"
        ? pair is { Pre: { } pre, PreSha256: { } preHash } ? new ScriptFile(pre, "", preHash) : null
        : pair is { Post: { } post, PostSha256: { } postHash } ? new ScriptFile(post, "", postHash) : null;

    // R4.21, as environment variables with a fixed prefix.
    private static Dictionary<string, string> Environment(SessionHost host, string phase, int attempt) => new(StringComparer.Ordinal)
    {
        ["QUIESCE_JOB_NAME"] = host.Job.Name,
        ["QUIESCE_SESSION_ID"] = host.SessionId,
        ["QUIESCE_MACHINE_NAME"] = host.Machine.Machine.Name,
        ["QUIESCE_MACHINE_ID"] = SessionHost.InstanceId(host.SessionId, host.MachineIndex ?? 0),
        ["QUIESCE_PHASE"] = phase,
        ["QUIESCE_ATTEMPT"] = attempt.ToString(),
        ["QUIESCE_RESTORE_POINT_ID"] = RestorePointIds.Of(host),
        ["QUIESCE_SOURCE_PATH"] = host.Machine.SourcePath,
    };
}

/// <summary>Restore point ids: one per task, so that creating it again after a crash makes no second one.</summary>
internal static class RestorePointIds
{
    public static string Of(SessionHost host) => $"rp-{host.SessionId}-{host.MachineIndex ?? 0}";
}
