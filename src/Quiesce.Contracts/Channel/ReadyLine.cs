using Quiesce.Contracts.Bus;

namespace Quiesce.Contracts.Channel;

/// <summary>The one line that <c>quiesce-agent serve</c> prints before it lets go of its starter. Starting a deployment id that already runs prints the same line for the running one (R2.6).</summary>
/// <param name="Ready">False where it could not start; then <paramref name="Failure"/> says why.</param>
/// <param name="Socket">Absolute path of the socket that it listens on.</param>
/// <param name="AlreadyRunning">True where an earlier start of this deployment id was found.</param>
public sealed record ReadyLine(bool Ready, string DeploymentId, int ProcessId, string? Socket, string RuntimeVersion, bool AlreadyRunning, Failure? Failure);

/// <summary>What <c>quiesce-agent probe</c> prints: whether this guest can hold a runtime in the folder asked about.</summary>
/// <param name="Folder">The folder asked about, the account's temporary folder where none was named.</param>
/// <param name="NoExec">True where programs may not be started from that folder.</param>
/// <param name="FreeBytes">What this account may still write there.</param>
/// <param name="CanFreeze">Whether this account may freeze file systems.</param>
public sealed record ProbeReport(string RuntimeVersion, string Platform, string Host, string Account, string Folder, bool NoExec, long FreeBytes, bool CanFreeze, IReadOnlyList<string> Problems);
