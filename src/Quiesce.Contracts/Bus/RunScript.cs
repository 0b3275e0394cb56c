namespace Quiesce.Contracts.Bus;

/// <summary>A script as it travels: its bytes and the hash they must have.</summary>
/// <param name="Name">File name as the user wrote it; its extension tells how it is run.</param>
/// <param name="Content">The bytes, base64.</param>
/// <param name="Sha256">Lower-case hex; the guest refuses a copy that does not match (R4.11).</param>
public sealed record ScriptFile(string Name, string Content, string Sha256);

/// <summary>Runs a script in the guest, once per operation id.</summary>
/// <param name="Phase"><c>pre</c> or <c>post</c>.</param>
/// <param name="TimeoutSeconds">From process start; then TERM, 10 s, KILL (R4.14).</param>
/// <param name="NoOutputTimeoutSeconds">0 for none (R4.18).</param>
/// <param name="StderrIsFailure">R4.13.</param>
/// <param name="Environment">The run-time variables of R4.21, already prefixed with <c>QUIESCE_</c>.</param>
/// <param name="Entrusted">With a pre script: the post script that the orphan rule runs, handed over before the pre script is started.</param>
public sealed record RunScriptRequest(string Phase, ScriptFile Script, int TimeoutSeconds, int NoOutputTimeoutSeconds, bool StderrIsFailure, IReadOnlyDictionary<string, string> Environment, EntrustedScript? Entrusted);

/// <summary>The post script that a runtime holds for the orphan rule.</summary>
public sealed record EntrustedScript(ScriptFile Script, int TimeoutSeconds, IReadOnlyDictionary<string, string> Environment);

/// <summary>How a script ended (R4.17). Success is exit code 0, no timeout, and nothing else (R4.12).</summary>
/// <param name="Started">Whether a process was started; the post script is decided by this, not by success (R4.19).</param>
/// <param name="StdOut">The first and last 64 KiB.</param>
/// <param name="ByOrphanRule">True where the runtime ran it on its own after the grace time.</param>
public sealed record RunScriptReply(string Phase, bool Started, int? ExitCode, bool TimedOut, double DurationMs, string StdOut, string StdErr, DateTimeOffset StartedAt, DateTimeOffset EndedAt, string Host, string Account, bool ByOrphanRule)
{
    /// <summary>Exit code 0 and no timeout (R4.12).</summary>
    public bool Succeeded => Started && ExitCode == 0 && !TimedOut;
}
